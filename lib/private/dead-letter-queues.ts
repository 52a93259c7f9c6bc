import * as sqs from 'aws-cdk-lib/aws-sqs';
import { durableQueueOf } from './durable-queue-of';
import { cfnQueueOf, kindOf } from './queue-resource';
import { must, type Rule } from './validation';

/** Where the messages of a queue go that fail too often, and after how many receives. */
export interface DeadLettering {
  readonly queue: sqs.IQueue;
  readonly maxReceiveCount: number;
}

/** What the app knows of a queue's dead letters; nothing where the queue is imported, or has no dead-letter queue. */
export function deadLetteringOf(queue: sqs.IQueue): DeadLettering | undefined {
  const durableQueue = durableQueueOf(queue);
  if (durableQueue) return { queue: durableQueue.deadLetterQueue, maxReceiveCount: durableQueue.maxReceiveCount };
  return queue instanceof sqs.Queue ? queue.deadLetterQueue : undefined;
}

/** What must hold for a dead-letter queue that is given for a queue whose own the app may not know. */
export function deadLetterQueueRules(queue: sqs.IQueue, given: sqs.IQueue | undefined, otherwise = ''): Rule[] {
  const known = deadLetteringOf(queue)?.queue;
  const inApp = cfnQueueOf(queue) !== undefined;
  return [
    must(known !== undefined || given !== undefined, inApp
      ? `'queue' must have a dead-letter queue, but '${queue.node.path}' has none${otherwise}`
      : `'deadLetterQueue' must be given, because that of the imported queue '${queue.node.path}' is not known here${otherwise}`),
    must(given === undefined || !inApp,
      `'deadLetterQueue' must be left out, because the dead-letter queue of '${queue.node.path}' is read from it`),
    must(given === undefined || given.fifo === queue.fifo,
      `'deadLetterQueue' must be a ${kindOf(queue)} queue as '${queue.node.path}' is, got the ${given && kindOf(given)} queue '${given?.node.path}'`),
  ];
}
