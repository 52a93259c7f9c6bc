import { ServiceError, type MessageQueue } from '../contracts';
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
  if (queue.kmsMasterKeyId === undefined) return true;
  try {
    access.authorizeKey(['kms:Decrypt'], queue.kmsMasterKeyId, caller, 'sqs');
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'AccessDenied') return false;
    throw error;
  }
  return true;
}
