import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { SenderOptions } from '../sender-options';
import { policyText } from './service-key-access';
import { must, textLike, validate } from './validation';

/** What senders send to. */
export interface Destination {
  readonly construct: IConstruct;

  /** The service's name, for example `sqs`: the key may be used through it only. */
  readonly service: string;
  readonly arn: string;

  /** What a sender calls. */
  readonly actions: string[];
  readonly resource: { addToResourcePolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult };
  readonly key?: kms.IKey;
}

/** A queue, for the construct that it is or is inside of. */
export function queueDestination(construct: IConstruct, queue: sqs.IQueue): Destination {
  const actions = ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'];
  return { construct, service: 'sqs', arn: queue.queueArn, actions, resource: queue, key: queue.encryptionMasterKey };
}

/** A topic, for the construct that it is inside of. */
export function topicDestination(construct: IConstruct, topic: sns.Topic): Destination {
  return { construct, service: 'sns', arn: topic.topicArn, actions: ['sns:Publish'], resource: topic, key: topic.masterKey };
}

/** Lets the identities of an account send whose own policies allow it too. */
export function allowAccount(destination: Destination, accountId: string, options: SenderOptions): void {
  validate(destination.construct, [textLike('accountId', accountId, /^\d{12}$/, 'have 12 digits')]);
  allow(destination, new iam.AccountPrincipal(accountId), {}, options);
}

/** Lets the identities of all accounts of an organization send whose own policies allow it too. */
export function allowOrganization(destination: Destination, organizationId: string, options: SenderOptions): void {
  validate(destination.construct, [
    textLike('organizationId', organizationId, /^o-[a-z0-9]{10,32}$/, "be 'o-' and 10 to 32 lower-case letters and digits"),
  ]);
  allow(destination, new iam.AnyPrincipal(), { 'aws:PrincipalOrgID': organizationId }, options);
}

function allow(
  destination: Destination, principal: iam.IPrincipal, condition: Record<string, string>, options: SenderOptions,
): void {
  const { construct, key } = destination;
  const missing = key && allowUseOfKey(destination, key, principal, condition);
  validate(construct, [
    must(!missing || options.policiesManagedElsewhere === true,
      `the policy of the encryption key '${key?.node.path}' must let the senders encrypt, and cannot be changed from here. Add `
      + `this statement to it and set 'policiesManagedElsewhere': ${missing && policyText(construct, missing)}`),
  ]);
  destination.resource.addToResourcePolicy(new iam.PolicyStatement({
    principals: [principal],
    actions: destination.actions,
    resources: [destination.arn],
    ...(Object.keys(condition).length === 0 ? {} : { conditions: { StringEquals: condition } }),
  }));
}

/**
 * An identity of another account needs the key's policy besides its own. Through the service only: a sender has no business with
 * the key otherwise.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 * @returns the missing statement where the key's policy cannot be changed from this app, otherwise nothing
 */
function allowUseOfKey(
  { construct, service }: Destination, key: kms.IKey, principal: iam.IPrincipal, condition: Record<string, string>,
): iam.PolicyStatement | undefined {
  const statement = new iam.PolicyStatement({
    principals: [principal],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: { StringEquals: { ...condition, 'kms:ViaService': `${service}.${Stack.of(construct).region}.amazonaws.com` } },
  });
  return key.addToResourcePolicy(statement, true).statementAdded ? undefined : statement;
}
