import type { ServiceEvent } from '../contracts';
import type { Random } from '../random';
import type { ObjectEventName } from './notifications';
import type { StoredObject } from './stored-object';

interface Kind {
  readonly detailType: 'Object Created' | 'Object Deleted' | 'Object Storage Class Changed';
  /** The API call that was the reason for it, or the lifecycle. */
  readonly reason?: string;
  readonly deletion?: 'Permanently Deleted' | 'Delete Marker Created';
}

const lifecycle = 'Lifecycle Expiration';
const kinds: Readonly<Record<ObjectEventName, Kind>> = {
  'ObjectCreated:Put': { detailType: 'Object Created', reason: 'PutObject' },
  'ObjectCreated:Post': { detailType: 'Object Created', reason: 'POST Object' },
  'ObjectCreated:Copy': { detailType: 'Object Created', reason: 'CopyObject' },
  'ObjectCreated:CompleteMultipartUpload': { detailType: 'Object Created', reason: 'CompleteMultipartUpload' },
  'ObjectRemoved:Delete': { detailType: 'Object Deleted', reason: 'DeleteObject', deletion: 'Permanently Deleted' },
  'ObjectRemoved:DeleteMarkerCreated': { detailType: 'Object Deleted', reason: 'DeleteObject', deletion: 'Delete Marker Created' },
  'LifecycleExpiration:Delete': { detailType: 'Object Deleted', reason: lifecycle, deletion: 'Permanently Deleted' },
  'LifecycleExpiration:DeleteMarkerCreated': { detailType: 'Object Deleted', reason: lifecycle, deletion: 'Delete Marker Created' },
  LifecycleTransition: { detailType: 'Object Storage Class Changed' },
};

/**
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function objectEvent(
  name: ObjectEventName, object: StoredObject, bucket: { readonly name: string; readonly arn: string }, account: string, random: Random,
): ServiceEvent {
  const { detailType, reason, deletion } = kinds[name];
  const ofLifecycle = name.startsWith('Lifecycle');
  return {
    detailType,
    resources: [bucket.arn],
    detail: {
      version: '0',
      bucket: { name: bucket.name },
      object: {
        key: object.key,
        ...deletion === undefined && { size: object.body.length },
        etag: object.eTag,
        ...object.versionId !== undefined && { 'version-id': object.versionId },
        ...detailType !== 'Object Storage Class Changed' && { sequencer: object.sequencer },
      },
      'request-id': random.hex(16).toUpperCase(),
      requester: ofLifecycle ? 's3.amazonaws.com' : account,
      ...!ofLifecycle && { 'source-ip-address': '127.0.0.1' },
      ...reason !== undefined && { reason },
      ...deletion !== undefined && { 'deletion-type': deletion },
      ...detailType === 'Object Storage Class Changed' && { 'destination-storage-class': object.storageClass },
    },
  };
}
