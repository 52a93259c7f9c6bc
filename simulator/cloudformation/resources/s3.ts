import type { NotificationConfiguration, S3Service } from '../../s3';
import type { Place } from '../../contracts';
import type { AccessControl, PolicyDocument } from '../../iam';
import type { ResourceProvider } from '../provider';

/** As in the API of S3: what the CDK's custom resource is given. */
interface ApiNotifications {
  readonly QueueConfigurations?: ApiNotification[];
  readonly TopicConfigurations?: ApiNotification[];
  readonly LambdaFunctionConfigurations?: ApiNotification[];
  readonly EventBridgeConfiguration?: object;
}

interface ApiNotification {
  readonly Id?: string;
  readonly Events: string[];
  readonly Filter?: { readonly Key?: { readonly FilterRules?: { Name: string; Value: string }[] } };
  readonly QueueArn?: string;
  readonly TopicArn?: string;
  readonly LambdaFunctionArn?: string;
}

export function s3Providers(s3: S3Service, place: Place, access: AccessControl): ResourceProvider[] {
  return [
    {
      type: 'AWS::S3::Bucket',
      modelled: ['BucketName', 'VersioningConfiguration', 'Tags'],
      withoutEffect: [
        'AccessControl', 'BucketEncryption', 'LifecycleConfiguration', 'LoggingConfiguration', 'OwnershipControls',
        'PublicAccessBlockConfiguration', 'ObjectLockEnabled', 'ObjectLockConfiguration',
      ],
      create({ properties, physicalName }) {
        const { Status } = properties.object<{ Status?: string }>('VersioningConfiguration') ?? {};
        const bucket = s3.createBucket({
          name: properties.text('BucketName') ?? physicalName(63).toLowerCase(),
          versioned: Status === 'Enabled',
          tags: properties.tags(),
        });
        const domain = `${bucket.name}.s3.${place.region}.amazonaws.com`;
        return {
          ref: bucket.name,
          attributes: { Arn: bucket.arn, DomainName: `${bucket.name}.s3.amazonaws.com`, RegionalDomainName: domain },
        };
      },
    },
    {
      type: 'AWS::S3::BucketPolicy',
      modelled: ['Bucket', 'PolicyDocument'],
      create({ properties, logicalId }) {
        const name = properties.requiredText('Bucket');
        const bucket = s3.bucket(name);
        if (!bucket) throw new Error(`'Bucket' names '${name}', which is no bucket of this simulation`);
        access.setResourcePolicy(bucket.arn, properties.object<PolicyDocument>('PolicyDocument')!);
        return { ref: logicalId };
      },
    },
    {
      // What bucket.addEventNotification() makes: its function runs on AWS only, its effect is the bucket's configuration.
      type: 'Custom::S3BucketNotifications',
      modelled: ['BucketName', 'NotificationConfiguration', 'Managed'],
      withoutEffect: ['ServiceToken', 'SkipDestinationValidation'],
      create({ properties, logicalId }) {
        const name = properties.requiredText('BucketName');
        const bucket = s3.bucket(name);
        if (!bucket) throw new Error(`'BucketName' names '${name}', which is no bucket of this simulation`);
        bucket.setNotifications(configurations(properties.object<ApiNotifications>('NotificationConfiguration') ?? {}));
        return { ref: logicalId };
      },
    },
  ];
}

function configurations(notifications: ApiNotifications): NotificationConfiguration[] {
  const { QueueConfigurations = [], TopicConfigurations = [], LambdaFunctionConfigurations = [], EventBridgeConfiguration } = notifications;
  if (EventBridgeConfiguration) throw new Error('\'EventBridgeConfiguration\' is not modelled');
  return [...QueueConfigurations, ...TopicConfigurations, ...LambdaFunctionConfigurations].map((one) => {
    const rules = one.Filter?.Key?.FilterRules ?? [];
    const rule = (wanted: string): string | undefined => rules.find(({ Name }) => Name.toLowerCase() === wanted)?.Value;
    return {
      id: one.Id, events: one.Events, prefix: rule('prefix'), suffix: rule('suffix'),
      destination: (one.QueueArn ?? one.TopicArn ?? one.LambdaFunctionArn)!,
    };
  });
}
