import { ServiceError, type Place } from '../../contracts';
import type { S3Service } from '../../s3';
import { asServiceError } from '../errors';
import type { Head, Protocol, Reply, Surroundings } from '../protocol';
import { BucketOperations } from './buckets';
import { NOT_MODIFIED } from './conditions';
import { ListOperations } from './listings';
import { metered } from './meter';
import { MultipartOperations } from './multipart';
import { ObjectOperations } from './objects';
import { addressOf, header, notImplemented, reply, type S3Operation, type S3Request } from './request';
import { errorDocumentXml } from './xml';
import { conditionKeysOf, permissionsFor } from './actions';

/** Parameters that turn a request into an operation which is not modelled. */
const unmodelled = [
  'accelerate', 'acl', 'analytics', 'attributes', 'cors', 'intelligent-tiering', 'inventory', 'legal-hold',
  'lifecycle', 'logging', 'metadataConfiguration', 'metadataTable', 'metrics', 'notification', 'object-lock', 'ownershipControls',
  'policy', 'policyStatus', 'publicAccessBlock', 'renameObject', 'replication', 'requestPayment', 'restore', 'retention',
  'select', 'session', 'tagging', 'torrent', 'website',
];

/** What S3 calls errors that other services have as well. */
const ownNames: Readonly<Record<string, string>> = { RequestEntityTooLarge: 'EntityTooLarge', InternalFailure: 'InternalError' };

/** The REST API of Amazon S3, version 2006-03-01, with the bucket in the path or in a host name under `.localhost`. */
export class S3Rest implements Protocol {
  /** Bytes of one request; longer objects are uploaded in parts. S3 takes up to 5 GiB, which does not fit in memory. */
  readonly bodyLimit = 64 * 1024 * 1024;

  private readonly buckets: BucketOperations;
  private readonly lists: ListOperations;
  private readonly objects: ObjectOperations;
  private readonly multipart: MultipartOperations;

  constructor(private readonly storage: S3Service, private readonly surroundings: Surroundings, private readonly place: Place) {
    this.buckets = new BucketOperations(storage);
    this.lists = new ListOperations(storage);
    this.objects = new ObjectOperations(storage);
    this.multipart = new MultipartOperations(storage, this.objects);
  }

  handle(head: Head, body: Buffer): Promise<Reply> {
    const request: S3Request = { head, body, place: this.place, ...addressOf(head), parameters: new URLSearchParams(head.query) };
    return metered(request, this.storage, () => this.answer(request), (error) => this.refuse(head, asServiceError(error)));
  }

  refuse(head: Head, error: ServiceError): Reply {
    const headers = { ...identity(head), 'Content-Type': 'application/xml' };
    if (error.status === NOT_MODIFIED || head.method === 'HEAD') return reply(error.status, headers);
    return reply(error.status, headers, errorDocumentXml({
      Code: ownNames[error.code] ?? error.code,
      Message: error.message,
      Resource: head.path,
      RequestId: head.requestId,
      HostId: head.requestId,
    }));
  }

  private async answer(request: S3Request): Promise<Reply> {
    const caller = { ...this.surroundings.callerOf(request.head.accessKeyId), request: conditionKeysOf(request) };
    const operation = this.operationFor(request);
    const permissions = permissionsFor(request);
    for (const { action, resource } of permissions) this.surroundings.authorizeS3?.(action, resource, caller);
    const proceed = async (): Promise<Reply> => operation(request);
    const call = { service: 's3', operation: permissions[0]?.action.slice('s3:'.length) ?? '', resourceName: request.bucket || undefined } as const;
    const answer = await (this.surroundings.intercept?.(call, proceed) ?? proceed());
    return { ...answer, headers: { ...identity(request.head), ...answer.headers } };
  }

  private operationFor(request: S3Request): S3Operation {
    const { bucket, head: { method, path }, parameters } = request;
    if (!path.startsWith('/')) throw new ServiceError('InvalidURI', `The address must begin with a slash, got ${path}`);
    for (const name of unmodelled) if (parameters.has(name)) throw notImplemented(`${method} with the parameter ${name}`);
    const operation = bucket === '' ? this.onService(method) : this.onBucketOrObject(request);
    if (operation === undefined) {
      throw new ServiceError('MethodNotAllowed', `${method} is not allowed on ${path}, or not modelled by the simulator`, 405);
    }
    return operation;
  }

  private onService(method: string): S3Operation | undefined {
    return method === 'GET' ? (request) => this.buckets.listBuckets(request) : undefined;
  }

  private onBucketOrObject(request: S3Request): S3Operation | undefined {
    const owner = header(request, 'x-amz-expected-bucket-owner') ?? this.place.account;
    if (owner !== this.place.account) {
      throw new ServiceError('AccessDenied', `'x-amz-expected-bucket-owner' must be ${this.place.account}, got ${owner}`, 403);
    }
    return request.key === '' ? this.onBucket(request.head.method, request.parameters) : this.onObject(request);
  }

  private onBucket(method: string, parameters: URLSearchParams): S3Operation | undefined {
    switch (method) {
      case 'PUT':
        for (const name of ['versioning', 'encryption']) if (parameters.has(name)) throw notImplemented(`PUT with the parameter ${name}`);
        return (request) => this.buckets.create(request);
      case 'HEAD': return (request) => this.buckets.head(request);
      case 'DELETE':
        if (parameters.has('encryption')) throw notImplemented('DELETE with the parameter encryption');
        return (request) => this.buckets.delete(request);
      case 'POST': return parameters.has('delete') ? (request) => this.objects.deleteMany(request) : undefined;
      case 'GET':
        if (parameters.has('uploads')) throw notImplemented('ListMultipartUploads');
        if (parameters.has('location')) return (request) => this.buckets.location(request);
        if (parameters.has('versioning')) return (request) => this.buckets.versioning(request);
        if (parameters.has('encryption')) return (request) => this.buckets.encryption(request);
        if (parameters.has('versions')) return (request) => this.lists.listVersions(request);
        if (parameters.get('list-type') === '2') return (request) => this.lists.list(request);
        return (request) => this.lists.listVersionOne(request);
      default: return undefined;
    }
  }

  private onObject({ head: { method, headers }, parameters }: S3Request): S3Operation | undefined {
    const part = parameters.has('uploadId');
    const copies = headers['x-amz-copy-source'] !== undefined;
    switch (method) {
      case 'PUT':
        if (part) return (request) => (copies ? this.multipart.copyPart(request) : this.multipart.uploadPart(request));
        return (request) => (copies ? this.objects.copy(request) : this.objects.put(request));
      case 'GET': return (request) => (part ? this.multipart.listParts(request) : this.objects.get(request));
      case 'HEAD': return (request) => this.objects.head(request);
      case 'DELETE': return (request) => (part ? this.multipart.abort(request) : this.objects.delete(request));
      case 'POST':
        if (parameters.has('uploads')) return (request) => this.multipart.create(request);
        return part ? (request) => this.multipart.complete(request) : undefined;
      default: return undefined;
    }
  }
}

function identity({ requestId }: Head): Record<string, string> {
  return { 'x-amz-request-id': requestId, 'x-amzn-RequestId': requestId, 'x-amz-id-2': requestId };
}
