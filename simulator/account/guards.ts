/** Puts access control before the services: what each of them asks before it acts. */
import { nameInArn, parseArn } from '../arn';
import type { Caller, InvokableFunction, Place } from '../contracts';
import type { Authorize as AuthorizeTable } from '../dynamodb';
import type { WriteObject } from '../firehose';
import type { AccessControl, PolicyDocument } from '../iam';
import type { S3Service } from '../s3';
import type { Authorize as AuthorizeTopic, AuthorizeLog } from '../sns';
import type { Authorize as AuthorizeQueue, Queue } from '../sqs';

const sending = ['kms:GenerateDataKey', 'kms:Decrypt'];

/** Asks the queue's policy, the caller's and that of the queue's key. */
export function guardQueues(access: AccessControl, queue: (arn: string) => Queue | undefined): AuthorizeQueue {
  const keyActions: Readonly<Record<string, readonly string[]>> = { 'sqs:SendMessage': sending, 'sqs:ReceiveMessage': ['kms:Decrypt'] };
  return (action, arn, caller) => {
    const found = queue(arn);
    access.authorize(action, arn, caller, found?.policy);
    if (found?.kmsMasterKeyId !== undefined && action in keyActions) {
      access.authorizeKey(keyActions[action], found.kmsMasterKeyId, caller, 'sqs');
    }
  };
}

/** Asks the topic's policy, the caller's and that of the topic's key. */
export function guardTopics(access: AccessControl, { account }: Place): AuthorizeTopic {
  // what a topic has until it is given a policy: its account may, and so may services on its behalf
  const initial: PolicyDocument = {
    Statement: { Effect: 'Allow', Principal: '*', Action: 'sns:*', Condition: { StringEquals: { 'aws:SourceAccount': account } } },
  };
  return (action, topic, caller) => {
    access.authorize(action, topic.arn, caller, topic.policy ?? initial);
    if (action === 'sns:Publish' && topic.kmsMasterKeyId !== undefined) access.authorizeKey(sending, topic.kmsMasterKeyId, caller, 'sns');
  };
}

/** How SNS logs the status of its deliveries: with a role that trusts it. */
export function guardStatusLogs(access: AccessControl, { partition, region, account }: Place): AuthorizeLog {
  return (roleArn, logGroup) => {
    // AWS's pages name nothing that SNS would send with it
    access.authorizeAssumption(roleArn, { principal: 'sns.amazonaws.com' });
    for (const action of ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']) {
      access.authorize(action, `arn:${partition}:logs:${region}:${account}:log-group:${logGroup}:*`, { principal: roleArn });
    }
  };
}

/** A function that can be invoked by those alone whom its policy or their own allows to. */
export function guardFunction(access: AccessControl, target: InvokableFunction): InvokableFunction {
  const authorize = (caller: Caller): void => access.authorize('lambda:InvokeFunction', target.arn, caller);
  return {
    arn: target.arn,
    timeout: target.timeout,
    invoke: async (event, caller) => {
      authorize(caller);
      return target.invoke(event, caller);
    },
    invokeAsync: target.invokeAsync && ((event, caller) => {
      authorize(caller);
      return target.invokeAsync!(event, caller);
    }),
  };
}

const objectKeyActions: Readonly<Record<string, readonly string[]>> = { 's3:PutObject': ['kms:GenerateDataKey'], 's3:GetObject': ['kms:Decrypt'] };

/**
 * The policy of a bucket holds for its objects, too; what is put or got needs the bucket's key.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
export function authorizeObjects(
  access: AccessControl, s3: S3Service, action: string, resource: string, caller: Caller, givenKey?: string,
): void {
  const [bucketArn] = resource.split('/');
  access.authorize(action, resource, caller, access.resourcePolicy(bucketArn));
  const keyId = givenKey ?? s3.bucket(parseArn(bucketArn).resource)?.kmsMasterKeyId;
  if (keyId !== undefined && action in objectKeyActions) access.authorizeKey(objectKeyActions[action], keyId, caller, 's3');
}

/** Asks the caller's policy, and that of the table's key. */
export function guardTables(access: AccessControl): AuthorizeTable {
  return (action, { arn, kmsMasterKeyId }, caller) => {
    access.authorize(action, arn, caller);
    if (kmsMasterKeyId !== undefined) access.authorizeKey(['kms:Decrypt'], kmsMasterKeyId, caller, 'dynamodb');
  };
}

/** How Firehose writes an object: as the role of the destination, into a bucket of whoever owns it. */
export function deliverObjects(ownerOf: (bucket: string) => { readonly access: AccessControl; readonly s3: S3Service }): WriteObject {
  return (bucketArn, key, body, { roleArn, kmsKeyArn }) => {
    const { access, s3 } = ownerOf(nameInArn(bucketArn));
    const bucket = s3.existingBucket(nameInArn(bucketArn));
    bucket.requests.put(key, body, () => {
      authorizeObjects(access, s3, 's3:PutObject', `${bucketArn}/${key}`, { principal: roleArn }, kmsKeyArn);
      bucket.put(key, body);
    });
  };
}
