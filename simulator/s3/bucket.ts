import { createHash } from 'node:crypto';
import { ServiceError } from '../contracts';
import { ARCHIVED, Lifecycle, type LifecycleTarget } from './lifecycle';
import { compareKeys, listKeys, type Listing, type ListOptions } from './listing';
import { MultipartUploads } from './multipart-uploads';
import { Notifications, type NotificationConfiguration, type ObjectEventName, type S3Context } from './notifications';
import { Requests } from './requests';
import { validatePut } from './put-validation';
import type { CopyOptions, DeleteResult, PutOptions, StorageClass, StoredObject } from './stored-object';

/** A bucket. What is put is what every later call sees. */
export class Bucket implements LifecycleTarget {
  readonly arn: string;
  /** The customer key that encrypts what is put. */
  kmsMasterKeyId: string | undefined;
  readonly tags: Map<string, string>;
  readonly requests: Requests;
  readonly uploads: MultipartUploads;
  /** The versions of each key, the newest last; a bucket that isn't versioned keeps one. */
  private readonly versionsByKey = new Map<string, StoredObject[]>();
  private sortedKeys: string[] | undefined;
  readonly lifecycle: Lifecycle;
  private readonly notifications: Notifications;
  private sequence = 0;
  /** Milliseconds for which Object Lock keeps a new version; nobody may bypass it here. */
  retention: number | undefined;

  constructor(
    readonly name: string, public versioned: boolean, tags: Readonly<Record<string, string>>, private readonly context: S3Context,
  ) {
    this.arn = `arn:${context.place.partition}:s3:::${name}`;
    this.tags = new Map(Object.entries(tags));
    this.notifications = new Notifications(context, this);
    this.uploads = new MultipartUploads(context.clock, context.random);
    this.lifecycle = new Lifecycle(context.clock, this);
    this.requests = new Requests(context.clock, context.events, this.arn);
  }

  /**
   * Stores an object.
   *
   * @param eventName what the notifications call it
   * @throws ServiceError `PreconditionFailed` (412), `BadDigest`, `InvalidDigest`, `KeyTooLongError`, `MetadataTooLarge`
   */
  put(key: string, body: Buffer, options: PutOptions = {}, eventName: ObjectEventName = 'ObjectCreated:Put'): StoredObject {
    validatePut(key, body, options);
    this.checkPreconditions(key, options);
    const object = this.store({
      key,
      // A copy: the caller may go on writing in its buffer.
      body: Buffer.from(body),
      eTag: createHash('md5').update(body).digest('hex'),
      contentType: options.contentType ?? 'binary/octet-stream',
      contentEncoding: options.contentEncoding,
      metadata: Object.fromEntries(Object.entries(options.metadata ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
      deleteMarker: false,
    });
    this.emit('put', key, body.length);
    this.notifications.announce(eventName, object, body.length);
    return object;
  }

  /** The object, or undefined where there is none, or a delete marker hides it. */
  get(key: string, versionId?: string): StoredObject | undefined {
    const object = this.find(key, versionId);
    if (object && !object.deleteMarker) this.emit('get', key, object.body.length);
    return object?.deleteMarker ? undefined : object;
  }

  /** As `get`, but nothing is read: no event says so. */
  head(key: string, versionId?: string): StoredObject | undefined {
    const object = this.find(key, versionId);
    return object?.deleteMarker ? undefined : object;
  }

  /** @throws ServiceError as `headExisting`, and `InvalidObjectState` (403) for what is archived and nobody restored */
  getExisting(key: string, versionId?: string): StoredObject {
    this.readable(key, versionId);
    return this.get(key, versionId)!;
  }

  /** As `getExisting`, but nothing is read: no event says so. @throws as `getExisting` */
  readable(key: string, versionId?: string): StoredObject {
    const object = this.headExisting(key, versionId);
    if (ARCHIVED.includes(object.storageClass)) {
      throw new ServiceError('InvalidObjectState', `The operation is not valid for the object's storage class, ${object.storageClass}: ${key}`, 403);
    }
    return object;
  }

  /** @throws ServiceError `NoSuchKey` or `NoSuchVersion` (404), `MethodNotAllowed` (405) for the version of a delete marker */
  headExisting(key: string, versionId?: string): StoredObject {
    const object = this.find(key, versionId);
    if (versionId !== undefined && !object) {
      throw new ServiceError('NoSuchVersion', `The specified version does not exist: ${versionId} of ${key}`, 404);
    }
    if (versionId !== undefined && object!.deleteMarker) {
      throw new ServiceError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
    }
    if (!object || object.deleteMarker) throw new ServiceError('NoSuchKey', `The specified key does not exist: ${key}`, 404);
    return object;
  }

  list(options: ListOptions = {}): Listing {
    return listKeys(this.keys(), (key) => this.head(key), options);
  }

  /** The objects that are there now, in the order of their keys. */
  objects(): StoredObject[] {
    return this.keys().flatMap((key) => this.head(key) ?? []);
  }

  /** All versions and delete markers, in the order of their keys, the newest of a key first. */
  versions(prefix = ''): StoredObject[] {
    return this.keys().filter((key) => key.startsWith(prefix)).flatMap((key) => [...this.versionsByKey.get(key)!].reverse());
  }

  /** Deletes every version of every object. @throws ServiceError `AccessDenied` (403) for the first that Object Lock keeps */
  clear(): void {
    for (const version of this.versions()) this.remove(version);
  }

  /** What is kept, versions and the parts of unfinished uploads included: bytes by storage class, and the number of objects and parts. */
  storage(): { readonly bytes: ReadonlyMap<string, number>; readonly objects: number } {
    const bytes = new Map<string, number>();
    let objects = 0;
    const count = (storageClass: string, { length }: Buffer): void => {
      bytes.set(storageClass, (bytes.get(storageClass) ?? 0) + length);
      objects++;
    };
    for (const { body, storageClass, deleteMarker } of this.versions()) if (!deleteMarker) count(storageClass, body);
    for (const { parts } of this.uploads.all()) for (const { body } of parts.values()) count('STANDARD', body);
    return { bytes, objects };
  }

  get empty(): boolean {
    return this.versionsByKey.size === 0;
  }

  /**
   * Deletes an object; one that doesn't exist is no error. With versions, a delete marker hides the object, and only a
   * `versionId` really deletes.
   *
   * @throws ServiceError `AccessDenied` (403) for a version that Object Lock keeps
   */
  delete(key: string, versionId?: string): DeleteResult {
    if (versionId !== undefined) return this.deleteVersion(key, versionId);
    if (this.versioned) {
      const marker = this.hide(key);
      this.emit('deleted', key, 0);
      this.notifications.announce('ObjectRemoved:DeleteMarkerCreated', marker, 0);
      return { versionId: marker.versionId, deleteMarker: true };
    }
    const object = this.find(key);
    if (object) this.remove(object);
    return { deleteMarker: false };
  }

  histories(): StoredObject[][] {
    return this.keys().map((key) => [...this.versionsByKey.get(key)!].reverse());
  }

  expire(object: StoredObject): void {
    if (!this.versioned) {
      this.deleteExpired(object);
      return;
    }
    const marker = this.hide(object.key);
    this.emit('expired', object.key, 0);
    this.notifications.announce('LifecycleExpiration:DeleteMarkerCreated', marker, 0);
  }

  deleteExpired(version: StoredObject): void {
    this.drop(version);
    this.emit('expired', version.key, version.body.length);
    this.notifications.announce('LifecycleExpiration:Delete', { ...version, sequencer: this.nextSequencer() }, version.body.length);
  }

  transition(version: StoredObject, storageClass: StorageClass): void {
    const moved = { ...version, storageClass };
    this.versionsByKey.set(version.key, this.versionsByKey.get(version.key)!.map((each) => (each === version ? moved : each)));
    this.emit('transitioned', version.key, version.body.length);
    this.notifications.announce('LifecycleTransition', { ...moved, sequencer: this.nextSequencer() }, version.body.length);
  }

  /** @throws ServiceError `NoSuchKey` (404) without the source, and as `put` */
  copy(sourceKey: string, key: string, options: CopyOptions = {}): StoredObject {
    const source = (options.from ?? this).get(sourceKey, options.versionId);
    if (!source) throw new ServiceError('NoSuchKey', `The specified key does not exist: ${sourceKey}`, 404);
    const { contentType, contentEncoding, metadata } = options.replace ?? source;
    return this.put(key, source.body, { contentType, contentEncoding, metadata }, 'ObjectCreated:Copy');
  }

  /**
   * Replaces the notifications, and tests each destination at once.
   *
   * @param eventBridge whether EventBridge is told, too
   * @throws ServiceError `InvalidArgument` for what S3 would refuse, `NotImplemented` for events that the simulator has not
   */
  setNotifications(configurations: readonly NotificationConfiguration[], eventBridge = false): void {
    this.notifications.configure(configurations, eventBridge);
  }

  get notificationConfigurations(): readonly NotificationConfiguration[] {
    return this.notifications.all;
  }

  private hide(key: string): StoredObject {
    return this.store({ key, body: Buffer.alloc(0), eTag: createHash('md5').digest('hex'), contentType: '', metadata: {}, deleteMarker: true });
  }

  private deleteVersion(key: string, versionId: string): DeleteResult {
    const object = this.find(key, versionId);
    if (object) this.remove(object);
    return { versionId, deleteMarker: object?.deleteMarker ?? false };
  }

  private remove(object: StoredObject): void {
    const { key, retainUntil = 0 } = object;
    if (retainUntil > this.context.clock.now()) {
      throw new ServiceError('AccessDenied', 'Access Denied because object protected by object lock: the version '
        + `${object.versionId} of ${key} is kept until ${new Date(retainUntil).toISOString()}`, 403);
    }
    this.drop(object);
    this.emit('deleted', key, object.body.length);
    this.notifications.announce('ObjectRemoved:Delete', { ...object, sequencer: this.nextSequencer() }, object.body.length);
  }

  private drop(object: StoredObject): void {
    const { key } = object;
    const remaining = this.versionsByKey.get(key)!.filter((version) => version !== object);
    if (remaining.length > 0) {
      this.versionsByKey.set(key, remaining);
    } else {
      this.versionsByKey.delete(key);
      this.sortedKeys = undefined;
    }
  }

  private store(content: Omit<StoredObject, 'versionId' | 'storageClass' | 'lastModified' | 'retainUntil' | 'sequencer'>): StoredObject {
    const { clock, random } = this.context;
    const object: StoredObject = {
      ...content,
      versionId: this.versioned ? random.hex(32) : undefined,
      storageClass: 'STANDARD',
      lastModified: clock.now(),
      retainUntil: content.deleteMarker || this.retention === undefined ? undefined : clock.now() + this.retention,
      sequencer: this.nextSequencer(),
    };
    const versions = this.versionsByKey.get(content.key);
    if (!versions) this.sortedKeys = undefined;
    if (versions && this.versioned) versions.push(object);
    else this.versionsByKey.set(content.key, [object]);
    return object;
  }

  private find(key: string, versionId?: string): StoredObject | undefined {
    const versions = this.versionsByKey.get(key);
    return versionId === undefined ? versions?.at(-1) : versions?.find((version) => version.versionId === versionId);
  }

  private checkPreconditions(key: string, { ifNoneMatch, ifMatch }: PutOptions): void {
    if (ifNoneMatch === undefined && ifMatch === undefined) return;
    const present = this.head(key);
    if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
      throw new ServiceError('NotImplemented', `'If-None-Match' must be '*' for a put, got '${ifNoneMatch}'`, 501);
    }
    if (ifMatch !== undefined && !present) throw new ServiceError('NoSuchKey', `The specified key does not exist: ${key}`, 404);
    if ((ifNoneMatch && present) || (ifMatch !== undefined && ifMatch.replace(/"/g, '') !== present!.eTag)) {
      throw new ServiceError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
    }
  }

  private keys(): readonly string[] {
    return this.sortedKeys ??= [...this.versionsByKey.keys()].sort(compareKeys);
  }

  private nextSequencer(): string {
    const counter = (++this.sequence).toString(16).padStart(8, '0');
    return `${this.context.clock.now().toString(16).padStart(12, '0')}${counter}`.toUpperCase();
  }

  private emit(action: 'put' | 'get' | 'deleted' | 'expired' | 'transitioned', key: string, bytes: number): void {
    const { clock, events } = this.context;
    events.emit({ service: 's3', action, at: clock.now(), resource: this.arn, key, bytes });
  }
}
