import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { policyText } from './service-key-access';

/** By operator and condition key, as a statement has them. */
type Conditions = Record<string, Record<string, unknown>>;

const sourceKeys = ['aws:sourceaccount', 'aws:sourcearn', 'aws:sourceorgid', 'aws:sourceorgpaths'];

/**
 * Lets each service that a statement of a queue's policy lets send use the queue's key, too. Several integrations of aws-cdk-lib, the
 * dead-letter queues of EventBridge's targets for one, change the queue's policy only: the message would be lost in silence.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function letSendersUseKey(scope: IConstruct, key: kms.IKey | undefined, statement: iam.PolicyStatement): void {
  if (!key || statement.effect !== iam.Effect.ALLOW || !statement.actions.some(allowsSending)) return;
  for (const { policyFragment } of statement.principals) {
    for (const principal of policyFragment.principalJson.Service ?? []) {
      addToKeyPolicy(scope, key, new iam.PolicyStatement({
        principals: [iam.ServicePrincipal.fromStaticServicePrincipleName(principal)],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: conditionsOnKey(scope, statement.conditions as Conditions),
      }));
    }
  }
}

/** Makes an L2 queue do so for every statement that its policy takes. */
export function withSendersOnKey(queue: sqs.Queue, key: kms.IKey | undefined): sqs.Queue {
  const addToQueuePolicy = queue.addToResourcePolicy.bind(queue);
  queue.addToResourcePolicy = (statement) => {
    letSendersUseKey(queue, key, statement);
    return addToQueuePolicy(statement);
  };
  return queue;
}

/** Adds a statement to a key's policy, or warns of it where that cannot be changed from this app. */
export function addToKeyPolicy(scope: IConstruct, key: kms.IKey, statement: iam.PolicyStatement): void {
  // The key's policy drops statements that are equal, so that asking twice adds it once.
  if (key.addToResourcePolicy(statement, true).statementAdded) return;
  Annotations.of(scope).addWarningV2('cdk-messaging:keyPolicyNotChanged',
    `The policy of the encryption key '${key.node.path}' cannot be changed from here. It must have this statement, `
    + `or messages are lost in silence: ${policyText(scope, statement)}`);
}

function allowsSending(action: string): boolean {
  return new RegExp(`^${action.replace(/\*/g, '.*')}$`, 'i').test('sqs:SendMessage');
}

/** The conditions of the statement, but the account in place of a resource of the app: that may name the queue, which names the key. */
function conditionsOnKey(scope: IConstruct, conditions: Conditions): Conditions {
  const stack = Stack.of(scope);
  const kept = Object.entries(conditions).flatMap(([operator, tests]) => Object.entries(tests)
    .filter(([, value]) => !namesResource(stack.resolve(value)))
    .map(([key, value]) => ({ operator, key, value })));
  if (!kept.some(({ key }) => sourceKeys.includes(key.toLowerCase()))) {
    kept.push({ operator: 'StringEquals', key: 'aws:SourceAccount', value: stack.account });
  }
  const result: Conditions = {};
  for (const { operator, key, value } of kept) result[operator] = { ...result[operator], [key]: value };
  return result;
}

function namesResource(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(namesResource);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, content]) => {
    if (name === 'Ref') return !String(content).startsWith('AWS::');
    return name === 'Fn::GetAtt' || namesResource(content);
  });
}
