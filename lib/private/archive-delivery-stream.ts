import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { MessageArchiveProps } from '../message-archive';
import { firehoseErrorFolder, firehoseFolder, partitionFolder } from './archive-layout';
import { acknowledgeObjects } from './object-access';
import { serviceForThisAccount } from './service-trust';

export interface ArchiveDeliveryStreamProps extends Pick<
  MessageArchiveProps, 'encryptionKey' | 'firehoseBufferingInterval' | 'firehoseBufferingSize'
> {
  readonly bucket: s3.IBucket;
  readonly prefix: string;
}

const timestampFormats = { year: 'yyyy', month: 'MM', day: 'dd', hour: 'HH' } as const;

/** The delivery stream of a MessageArchive, with the roles that SNS and Firehose need. */
export class ArchiveDeliveryStream extends Construct {
  readonly deliveryStream: firehose.IDeliveryStream;

  /** What SNS puts records with. */
  readonly subscriptionRole: iam.Role;

  constructor(scope: Construct, id: string, props: ArchiveDeliveryStreamProps) {
    super(scope, id);
    const { bucket, prefix, encryptionKey, firehoseBufferingInterval: interval, firehoseBufferingSize: size } = props;
    // Firehose always says so for which account it acts: the trust policy in AWS's example relies on it
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesisfirehose-deliverystream.html
    const role = new iam.Role(this, 'Role', {
      assumedBy: serviceForThisAccount(this, 'firehose', {
        resource: 'deliverystream/*', conditions: { StringEquals: { 'sts:ExternalId': Stack.of(this).account } },
      }),
    });
    const logGroup = new logs.LogGroup(this, 'LogGroup', {
      retention: logs.RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY,
    });
    const logStream = new logs.LogStream(this, 'LogStream', { logGroup, removalPolicy: RemovalPolicy.DESTROY });
    this.allowDelivery(role, props, logGroup);

    const resource = new firehose.CfnDeliveryStream(this, 'Resource', {
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: encryptionKey
        ? { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: encryptionKey.keyArn }
        : { keyType: 'AWS_OWNED_CMK' },
      extendedS3DestinationConfiguration: {
        roleArn: role.roleArn,
        bucketArn: bucket.bucketArn,
        prefix: partitionFolder(firehoseFolder(prefix), (key) => `!{timestamp:${timestampFormats[key]}}`),
        errorOutputPrefix: partitionFolder(
          `${firehoseErrorFolder(prefix)}/!{firehose:error-output-type}`, (key) => `!{timestamp:${timestampFormats[key]}}`,
        ),
        compressionFormat: 'GZIP',
        // Firehose adds only .gz, which does not say what is inside
        fileExtension: '.ndjson.gz',
        bufferingHints: {
          intervalInSeconds: (interval ?? Duration.seconds(300)).toSeconds(), sizeInMBs: (size ?? Size.mebibytes(64)).toMebibytes(),
        },
        cloudWatchLoggingOptions: { enabled: true, logGroupName: logGroup.logGroupName, logStreamName: logStream.logStreamName },
      },
    });
    // Firehose tries the role when the stream is made
    resource.node.addDependency(role);

    this.deliveryStream = firehose.DeliveryStream.fromDeliveryStreamAttributes(this, 'Stream', {
      deliveryStreamArn: resource.attrArn, deliveryStreamName: resource.ref, role,
    });
    this.subscriptionRole = new iam.Role(this, 'SubscriptionRole', { assumedBy: serviceForThisAccount(this, 'sns', { resource: '*' }) });
    this.subscriptionRole.addToPolicy(new iam.PolicyStatement({
      actions: ['firehose:DescribeDeliveryStream', 'firehose:PutRecord', 'firehose:PutRecordBatch'], resources: [resource.attrArn],
    }));
  }

  /** @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3 */
  private allowDelivery(role: iam.Role, { bucket, prefix }: ArchiveDeliveryStreamProps, logGroup: logs.LogGroup): void {
    const folders = [firehoseFolder(prefix), firehoseErrorFolder(prefix)];
    role.addToPolicy(new iam.PolicyStatement({
      actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], resources: [bucket.bucketArn],
    }));
    role.addToPolicy(new iam.PolicyStatement({
      actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
      resources: folders.map((folder) => bucket.arnForObjects(`${folder}/*`)),
    }));
    for (const folder of folders) acknowledgeObjects(role, bucket, folder);
    bucket.encryptionKey?.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey');
    role.addToPolicy(new iam.PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [logGroup.logGroupArn] }));
  }
}
