import { Duration, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { DeadLetterConsumerProps } from '../dead-letter-consumer';
import { deadLetteringOf } from './dead-letter-queues';
import { queueConsumerRules } from './queue-consumer-rules';
import { cfnQueueOf, retentionOf } from './queue-resource';
import { durationWithin, isKnown, must, numberWithin, type Rule, wording } from './validation';

/** SQS's limit for the receives before a message moves. */
export const MOST_RECEIVES = 1000;

/** What must hold for the properties of a DeadLetterConsumer, with those that its QueueConsumer gets. */
export function deadLetterConsumerRules(scope: IConstruct, props: DeadLetterConsumerProps): Rule[] {
  const { queue, maxReceiveCount = 5, quarantineRetentionPeriod = Duration.days(14) } = props;
  const deadLettering = deadLetteringOf(queue);
  const deadLetterQueue = deadLettering && cfnQueueOf(deadLettering.queue);
  if (!deadLettering || !deadLetterQueue) {
    return [must(false, `'queue' must have a dead-letter queue of this app, whose redrive policy gets the quarantine queue, got '${queue.node.path}'. `
      + "Of an imported queue, consume the dead-letter queue with a QueueConsumer, and give it a RedrivePolicy where it is made")];
  }
  const receives = deadLettering.maxReceiveCount;
  const here = Stack.of(scope);
  const elsewhere = [queue, deadLettering.queue].find(({ stack }) => stack !== here);
  return [
    must(elsewhere === undefined,
      `'queue' must be in the stack of its dead-letter consumer, '${here.node.path}', got ${elsewhere === queue ? 'one' : 'a dead-letter queue'} in `
      + `'${elsewhere?.stack.node.path}': the dead-letter queue and the quarantine queue would make the stacks depend on each other`),
    must(deadLetterQueue.redrivePolicy === undefined,
      `'queue' must have one consumer of its dead letters, but those of '${queue.node.path}' go to a quarantine queue already`),
    must(isKnown(maxReceiveCount),
      "'maxReceiveCount' must be known when the app is synthesized, because the receives of the queue are added to it"),
    numberWithin('maxReceiveCount', maxReceiveCount, 1, MOST_RECEIVES),
    must(!isKnown(maxReceiveCount) || !isKnown(receives) || maxReceiveCount + receives <= MOST_RECEIVES,
      `'maxReceiveCount' must be at most ${MOST_RECEIVES} together with that of the queue, which is ${receives}, `
      + `got ${maxReceiveCount}`),
    durationWithin('quarantineRetentionPeriod', quarantineRetentionPeriod, Duration.seconds(60), Duration.days(14)),
    ...queueConsumerRules({ ...props, queue: deadLettering.queue }),
    ...(['handlerTimeout', 'maxBatchingWindow'] as const).map((name) => must(props[name] === undefined || isKnown(props[name]),
      `'${name}' must be known when the app is synthesized, because the visibility timeout of the dead-letter queue follows it`)),
    quarantineOutlives(queue.fifo, retentionOf(deadLetterQueue), quarantineRetentionPeriod),
  ];
}

function quarantineOutlives(fifo: boolean, deadLetterSeconds: number, quarantine: Duration): Rule {
  if (fifo || !isKnown(deadLetterSeconds) || !isKnown(quarantine)) return must(true, '');
  const seconds = quarantine.toMilliseconds() / 1000;
  return must(seconds > deadLetterSeconds || seconds === Duration.days(14).toSeconds(),
    `'quarantineRetentionPeriod' must be longer than the queue's 'deadLetterRetentionPeriod' (${wording(Duration.seconds(deadLetterSeconds))}), `
    + `or 14 days, got ${wording(quarantine)}: the age of a message counts from when it was first sent`);
}
