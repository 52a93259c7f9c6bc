import { parseArn } from '../arn';
import { ServiceError, type Caller, type MessageQueue } from '../contracts';
import type { AccessControl } from './access-control';

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
  return queue.kmsMasterKeyId === undefined || mayDecrypt(access, queue.kmsMasterKeyId, caller, 'sqs');
}

/**
 * Whether Lambda may decrypt the filters of an event source mapping, which it does by itself and not as the function's role. As with
 * the queue's key, a refusal is told by a denial alone.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filter-criteria-encryption
 */
export function authorizeFilterDecryption(access: AccessControl, keyArn: string, mappingArn: string): boolean {
  return mayDecrypt(access, keyArn, { principal: `lambda.${parseArn(mappingArn).region}.amazonaws.com`, sourceArn: mappingArn }, 'lambda');
}

function mayDecrypt(access: AccessControl, keyId: string, caller: Caller, service: string): boolean {
  try {
    access.authorizeKey(['kms:Decrypt'], keyId, caller, service);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'AccessDenied') return false;
    throw error;
  }
  return true;
}
