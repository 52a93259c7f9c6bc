import type { Caller, InvokableFunction, MessageQueue, Place } from '../contracts';
import type { Authorize as AuthorizeTopic } from '../sns';
import type { Authorize as AuthorizeQueue, Queue } from '../sqs';
import type { AccessControl } from './access-control';
import type { PolicyDocument, Statement } from './policy';

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
    access.authorize(action, topic.arn, caller, (topic.policy) ?? initial);
    if (action === 'sns:Publish' && topic.kmsMasterKeyId !== undefined) access.authorizeKey(sending, topic.kmsMasterKeyId, caller, 'sns');
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

/** The policy of a bucket holds for its objects, too. */
export function authorizeObjects(access: AccessControl, action: string, resource: string, caller: Caller): void {
  access.authorize(action, resource, caller, access.resourcePolicy(resource.split('/')[0]));
}

/**
 * Whether a function's role may poll a queue, as Lambda looks when an event source mapping is made. A role that may not use the
 * queue's key is told by a denial alone: the mapping exists, and polls nothing.
 *
 * @throws ServiceError `AccessDenied` when the role lacks a permission on the queue
 */
export function authorizePolling(access: AccessControl, queue: MessageQueue & { policy?: object; kmsMasterKeyId?: string }, role: string): boolean {
  const caller = { principal: role };
  for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']) {
    access.authorize(action, queue.arn, caller, queue.policy);
  }
  if (queue.kmsMasterKeyId === undefined) return true;
  const before = access.denials.length;
  try {
    access.authorizeKey(['kms:Decrypt'], queue.kmsMasterKeyId, caller, 'sqs');
  } catch (error) {
    if (access.denials.length === before) throw error;
    return false;
  }
  return true;
}

/** The statement that `AWS::Lambda::Permission` adds to a function's policy. */
export function permissionStatement({ action, principal, resource, sourceArn, sourceAccount }: {
  action: string; principal: string; resource: string; sourceArn?: string; sourceAccount?: string;
}): Statement {
  return {
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    Principal: principal === '*' ? '*' : principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal },
    Condition: {
      ...(sourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': sourceArn } }),
      ...(sourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': sourceAccount } }),
    },
  };
}
