import type { S3Service } from '../../s3';
import type { Reply } from '../protocol';
import { invalidArgument, reply, type S3Request, xmlReply } from './request';
import { documentXml, parseXml, textOf } from './xml';

/** Operations on buckets themselves. */
export class BucketOperations {
  // Buckets do not know when they were created, but the AWS CLI cannot list one without a date.
  private readonly since = new Date();

  constructor(private readonly storage: S3Service) {}

  listBuckets({ place }: S3Request): Reply {
    const names = this.storage.buckets().map(({ name }) => name).sort();
    return xmlReply(documentXml('ListAllMyBucketsResult', {
      Buckets: { Bucket: names.map((Name) => ({ Name, CreationDate: this.since, BucketRegion: place.region })) },
      Owner: { ID: place.account, DisplayName: place.account },
    }));
  }

  create({ bucket, body, place }: S3Request): Reply {
    if (body.length > 0) {
      const constraint = textOf(parseXml(body, 'CreateBucketConfiguration'), 'LocationConstraint');
      if (constraint !== undefined && constraint !== place.region) {
        throw invalidArgument('LocationConstraint', `must be the simulation's region, ${place.region}`, constraint);
      }
    }
    this.storage.createBucket({ name: bucket });
    return reply(200, { Location: `/${bucket}` });
  }

  head({ bucket, place }: S3Request): Reply {
    this.storage.existingBucket(bucket);
    return reply(200, { 'x-amz-bucket-region': place.region, 'Content-Type': 'application/xml' });
  }

  delete({ bucket }: S3Request): Reply {
    this.storage.deleteBucket(bucket);
    return reply(204);
  }

  location({ bucket, place }: S3Request): Reply {
    this.storage.existingBucket(bucket);
    // The oldest region has no name here.
    return xmlReply(documentXml('LocationConstraint', place.region === 'us-east-1' ? '' : place.region));
  }

  versioning({ bucket }: S3Request): Reply {
    const { versioned } = this.storage.existingBucket(bucket);
    return xmlReply(documentXml('VersioningConfiguration', { Status: versioned ? 'Enabled' : undefined }));
  }

  /** S3 encrypts every bucket: with its own keys, where the bucket has no other. */
  encryption({ bucket }: S3Request): Reply {
    const { kmsMasterKeyId } = this.storage.existingBucket(bucket);
    const byDefault = kmsMasterKeyId === undefined ? { SSEAlgorithm: 'AES256' } : { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsMasterKeyId };
    return xmlReply(documentXml('ServerSideEncryptionConfiguration', { Rule: [{ ApplyServerSideEncryptionByDefault: byDefault }] }));
  }
}
