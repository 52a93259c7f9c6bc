import { isDeepStrictEqual } from 'node:util';
import type { Bucket, MetricsConfiguration, S3Service } from '../../s3';
import type { Place } from '../../contracts';
import type { AccessControl, PolicyDocument } from '../../iam';
import { alreadyExists, type Properties, type ResourceProvider } from '../provider';
import { lifecycleOf } from './s3-lifecycle';
import { setNotifications, setOwnNotifications } from './s3-notifications';

interface BucketEncryption {
  readonly ServerSideEncryptionConfiguration?: readonly {
    readonly ServerSideEncryptionByDefault?: { readonly SSEAlgorithm: string; readonly KMSMasterKeyID?: string };
  }[];
}

export function s3Providers(s3: S3Service, place: Place, access: AccessControl): ResourceProvider[] {
  const bucketOf = (properties: Properties, property: string): Bucket => {
    const name = properties.requiredText(property);
    const bucket = s3.bucket(name);
    if (!bucket) throw new Error(`'${property}' names '${name}', which is no bucket of this simulation`);
    return bucket;
  };
  const setPolicy = (properties: Properties): void => {
    access.setResourcePolicy(bucketOf(properties, 'Bucket').arn, properties.object<PolicyDocument>('PolicyDocument')!);
  };
  const notify = (properties: Properties): void => {
    setNotifications(bucketOf(properties, 'BucketName'), properties.object('NotificationConfiguration'));
  };
  const silence = (properties: Properties): void => s3.bucket(properties.requiredText('BucketName'))?.setNotifications([]);
  return [
    {
      type: 'AWS::S3::Bucket',
      modelled: [
        'BucketName', 'VersioningConfiguration', 'BucketEncryption', 'MetricsConfigurations', 'Tags', 'ObjectLockEnabled', 'ObjectLockConfiguration',
        'LifecycleConfiguration', 'NotificationConfiguration',
      ],
      withoutEffect: [
        'AccessControl', 'LoggingConfiguration', 'OwnershipControls', 'PublicAccessBlockConfiguration',
      ],
      replaces: ['BucketName', 'ObjectLockEnabled'],
      namedBy: 'BucketName',
      create({ type, properties, physicalName }) {
        const name = properties.text('BucketName') ?? physicalName(63).toLowerCase();
        if (s3.bucket(name)) throw alreadyExists(type, name);
        const bucket = s3.createBucket({
          name,
          versioned: isVersioned(properties),
          tags: properties.tags(),
        });
        bucket.kmsMasterKeyId = customerKeyOf(properties.object<BucketEncryption>('BucketEncryption'));
        try {
          configure(bucket, properties);
          setOwnNotifications(bucket, properties);
        } catch (error) {
          s3.deleteBucket(name);
          throw error;
        }
        const domain = `${bucket.name}.s3.${place.region}.amazonaws.com`;
        return {
          ref: bucket.name,
          attributes: { Arn: bucket.arn, DomainName: `${bucket.name}.s3.amazonaws.com`, RegionalDomainName: domain },
        };
      },
      update({ ref, properties, previous }) {
        const bucket = s3.bucket(ref)!;
        if (bucket.versioned && !isVersioned(properties)) throw new Error('\'VersioningConfiguration\' cannot be suspended in the simulator');
        bucket.versioned = isVersioned(properties);
        configure(bucket, properties);
        // a custom resource may have set others
        const changed = !isDeepStrictEqual(properties.object('NotificationConfiguration'), previous.object('NotificationConfiguration'));
        if (changed) setOwnNotifications(bucket, properties);
        bucket.tags.clear();
        for (const [key, value] of Object.entries(properties.tags())) bucket.tags.set(key, value);
      },
      delete({ ref }) {
        s3.deleteBucket(ref);
      },
    },
    {
      type: 'AWS::S3::BucketPolicy',
      modelled: ['Bucket', 'PolicyDocument'],
      replaces: ['Bucket'],
      create({ properties, logicalId }) {
        setPolicy(properties);
        return { ref: logicalId };
      },
      update: ({ properties }) => setPolicy(properties),
      delete({ properties }) {
        const bucket = s3.bucket(properties.requiredText('Bucket'));
        if (bucket) access.removeResourcePolicy(bucket.arn);
      },
    },
    {
      // What bucket.addEventNotification() makes: its function runs on AWS only, its effect is the bucket's configuration.
      type: 'Custom::S3BucketNotifications',
      modelled: ['BucketName', 'NotificationConfiguration', 'Managed'],
      withoutEffect: ['ServiceToken', 'SkipDestinationValidation'],
      create({ properties, logicalId }) {
        notify(properties);
        return { ref: logicalId };
      },
      update({ properties, previous }) {
        if (previous.text('BucketName') !== properties.text('BucketName')) silence(previous);
        notify(properties);
      },
      delete: ({ properties }) => silence(properties),
    },
    {
      // What the bucket property autoDeleteObjects makes: the bucket is emptied before it is deleted.
      type: 'Custom::S3AutoDeleteObjects',
      modelled: ['BucketName'],
      withoutEffect: ['ServiceToken'],
      create: ({ properties }) => ({ ref: bucketOf(properties, 'BucketName').name }),
      update: ({ properties }) => ({ ref: bucketOf(properties, 'BucketName').name }),
      // Only while the bucket has the tag: an update that takes the property from it must not empty it.
      delete({ properties }) {
        const bucket = s3.bucket(properties.requiredText('BucketName'));
        if (bucket?.tags.get('aws-cdk:auto-delete-objects') === 'true') bucket.clear();
      },
    },
  ];
}

/** What can be changed in place. */
function configure(bucket: Bucket, properties: Properties): void {
  bucket.requests.configurations = metricsConfigurationsOf(properties);
  bucket.retention = retentionOf(properties);
  bucket.lifecycle.configure(lifecycleOf(properties));
}

const isVersioned = (properties: Properties): boolean => (
  properties.object<{ Status?: string }>('VersioningConfiguration')?.Status === 'Enabled' || properties.boolean('ObjectLockEnabled') === true
);

interface ObjectLock {
  readonly Rule?: { readonly DefaultRetention?: { readonly Mode: string; readonly Days?: number | string; readonly Years?: number | string } };
}

const DAY = 24 * 3600 * 1000;

/** How long Object Lock keeps a new version, in milliseconds. */
function retentionOf(properties: Properties): number | undefined {
  const retention = properties.object<ObjectLock>('ObjectLockConfiguration')?.Rule?.DefaultRetention;
  if (!retention) return undefined;
  if (!isVersioned(properties)) throw new Error('\'ObjectLockConfiguration\' needs \'ObjectLockEnabled\'');
  return (Number(retention.Days ?? 0) + 365 * Number(retention.Years ?? 0)) * DAY;
}

function customerKeyOf({ ServerSideEncryptionConfiguration: [rule] = [] }: BucketEncryption = {}): string | undefined {
  const { SSEAlgorithm, KMSMasterKeyID } = rule?.ServerSideEncryptionByDefault ?? {};
  return SSEAlgorithm === 'aws:kms' || SSEAlgorithm === 'aws:kms:dsse' ? KMSMasterKeyID : undefined;
}

/** Objects have no tags and no access points here: a filter by one is refused. */
function metricsConfigurationsOf(properties: Properties): MetricsConfiguration[] {
  const configurations = properties.list<Record<string, string> & { readonly Id: string; readonly Prefix?: string }>('MetricsConfigurations') ?? [];
  return configurations.map(({ Id: id, Prefix: prefix = '', ...others }) => {
    const [other] = Object.keys(others);
    if (other !== undefined) throw new Error(`'${other}' of 'MetricsConfigurations' is not modelled`);
    return { id, prefix };
  });
}
