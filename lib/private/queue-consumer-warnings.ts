import type { QueueConsumerProps } from '../queue-consumer';
import { deadLetteringOf } from './dead-letter-queues';
import { reservedConcurrencyOf } from './queue-consumer-rules';
import { isKnown } from './validation';

/** A warning that users can acknowledge by its ID. */
export interface Warning {
  readonly id: string;
  readonly message: string;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html */
const FILTERS_OF_AN_ACCOUNT = 5;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const LOWEST_RECEIVE_COUNT = 5;

/** What AWS accepts from a QueueConsumer, and may yet be a mistake. */
export function queueConsumerWarnings(props: QueueConsumerProps): Warning[] {
  return [...reservedConcurrencyWarnings(props), ...filterWarnings(props)];
}

function reservedConcurrencyWarnings({ queue, handler, maxConcurrency }: QueueConsumerProps): Warning[] {
  const reserved = reservedConcurrencyOf(handler);
  const receives = deadLetteringOf(queue)?.maxReceiveCount;
  if (!isKnown(reserved) || maxConcurrency !== undefined || !isKnown(receives) || receives >= LOWEST_RECEIVE_COUNT) return [];
  return [{
    id: 'cdk-messaging:reservedConcurrencyWithLowReceiveCount',
    message: `The function has a reserved concurrency of ${reserved}, and the queue a maxReceiveCount of ${receives}: while the function is `
      + `throttled, Lambda receives messages without processing them, and good ones end in the dead-letter queue. Give 'maxConcurrency' up to `
      + `${reserved}, which does not throttle, or a maxReceiveCount of at least ${LOWEST_RECEIVE_COUNT}`,
  }];
}

function filterWarnings({ filters = [] }: QueueConsumerProps): Warning[] {
  if (filters.length <= FILTERS_OF_AN_ACCOUNT) return [];
  return [{
    id: 'cdk-messaging:moreFiltersThanDefaultQuota',
    message: `'filters' has ${filters.length} patterns: the deployment fails unless AWS has raised the account's quota of `
      + `${FILTERS_OF_AN_ACCOUNT} filters on an event source mapping`,
  }];
}
