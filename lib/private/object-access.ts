import { CfnElement, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import type { ConsumerFunction } from '../consumer-function';

/**
 * Lets a function do these things, and no more, with the objects under a prefix. The bucket's `grantRead` and `grantPut` allow a dozen actions more,
 * tags, legal holds and retention among them.
 */
export function allowObjects(consumer: ConsumerFunction, actions: string[], bucket: s3.IBucket, prefix: string): void {
  consumer.function.addToRolePolicy(new iam.PolicyStatement({ actions, resources: [bucket.arnForObjects(`${prefix}/*`)] }));
  acknowledgeObjects(consumer, bucket, prefix);
}

/** cdk-nag objects to the wildcard, and names the bucket by its logical ID; a bucket of another stack is left to the app. */
export function acknowledgeObjects(scope: IConstruct, bucket: s3.IBucket, prefix: string): void {
  const resource = bucket.node.defaultChild;
  if (resource === undefined || !CfnElement.isCfnElement(resource)) return;
  Validations.of(scope).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${resource.stack.getLogicalId(resource)}.Arn>/${prefix}/*]`,
    reason: 'The keys of the objects are made when messages arrive: only their prefix is known',
  });
}
