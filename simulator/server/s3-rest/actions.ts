import { decode, type S3Request } from './request';

/** What a request asks S3 for, as policies name it. */
export interface S3Permission {
  readonly action: string;
  readonly resource: string;
}

/** What is read of a bucket, by the parameter that asks for it. */
const read = [
  ['versions', 's3:ListBucketVersions'], ['location', 's3:GetBucketLocation'], ['encryption', 's3:GetEncryptionConfiguration'],
] as const;

/**
 * What conditions can ask of a request that lists; where it does not say it, the key is absent.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
 */
export function conditionKeysOf({ key, parameters }: S3Request): Record<string, string> {
  const asked = key === '' ? ['prefix', 'delimiter', 'max-keys'].filter((name) => parameters.has(name)) : [];
  return Object.fromEntries(asked.map((name) => [`s3:${name}`, parameters.get(name)!]));
}

/** The permissions that a request needs. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
export function permissionsFor({ head, bucket, key, parameters, place }: S3Request): S3Permission[] {
  const arn = (path: string): string => `arn:${place.partition}:s3:::${path}`;
  if (bucket === '') return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  if (key === '') {
    if (parameters.has('delete')) return [{ action: 's3:DeleteObject', resource: arn(`${bucket}/*`) }];
    const actions: Readonly<Record<string, string>> = {
      GET: read.find(([parameter]) => parameters.has(parameter))?.[1] ?? 's3:ListBucket',
      HEAD: 's3:ListBucket', PUT: 's3:CreateBucket', DELETE: 's3:DeleteBucket',
    };
    return head.method in actions ? [{ action: actions[head.method], resource: arn(bucket) }] : [];
  }
  const version = parameters.has('versionId') ? 'Version' : '';
  const actions: Readonly<Record<string, string>> = {
    GET: `s3:GetObject${version}`, HEAD: `s3:GetObject${version}`, PUT: 's3:PutObject', POST: 's3:PutObject',
    DELETE: parameters.has('uploadId') ? 's3:AbortMultipartUpload' : `s3:DeleteObject${version}`,
  };
  const permissions = head.method in actions ? [{ action: actions[head.method], resource: arn(`${bucket}/${key}`) }] : [];
  const copied = head.headers['x-amz-copy-source'];
  if (typeof copied === 'string') {
    const [path, query = ''] = decode(copied).replace(/^\//, '').split('?');
    permissions.push({ action: query.startsWith('versionId=') ? 's3:GetObjectVersion' : 's3:GetObject', resource: arn(path) });
  }
  return permissions;
}
