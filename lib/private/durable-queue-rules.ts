import { Duration } from 'aws-cdk-lib';
import type { DurableQueueProps } from '../durable-queue';
import { isManagedByAws } from './service-key-access';
import { durationWithin, isKnown, must, numberWithin, type Rule, textLike, textWithin, wording } from './validation';

/** What must hold for the properties of a DurableQueue, whatever its consumers. */
export function durableQueueRules(props: DurableQueueProps): Rule[] {
  return [
    must(!props.fifo || props.deadLettersBreakOrder === true,
      "'deadLettersBreakOrder' must be true on a FIFO queue: when a message moves to the dead-letter queue, the later messages of its "
      + 'message group are processed without it. Where order must never break, use a plain sqs.Queue without a dead-letter queue'),
    ...(['deadLettersBreakOrder', 'contentBasedDeduplication', 'highThroughput'] as const).map((name) =>
      must(props.fifo === true || !props[name], `'${name}' must be left out on a standard queue: it needs 'fifo'`)),
    ...queueNameRules(props),
    durationWithin('visibilityTimeout', props.visibilityTimeout, Duration.seconds(0), Duration.hours(12)),
    durationWithin('deliveryDelay', props.deliveryDelay, Duration.seconds(0), Duration.seconds(900)),
    durationWithin('retentionPeriod', props.retentionPeriod, Duration.seconds(60), Duration.days(14)),
    durationWithin('receiveMessageWaitTime', props.receiveMessageWaitTime, Duration.seconds(0), Duration.seconds(20)),
    numberWithin('maxMessageSizeBytes', props.maxMessageSizeBytes, 1024, 1024 * 1024),
    numberWithin('maxReceiveCount', props.maxReceiveCount, 1, 1000),
    durationWithin('deadLetterRetentionPeriod', props.deadLetterRetentionPeriod, Duration.seconds(60), Duration.days(14)),
    deadLettersOutliveTheQueue(props),
    must(!isManagedByAws(props.encryptionKey),
      "'encryptionKey' must be a customer key: SNS, S3 and EventBridge cannot use a key that AWS manages. Leave it out for SSE-SQS"),
  ];
}

function queueNameRules({ queueName, fifo }: DurableQueueProps): Rule[] {
  if (!isKnown(queueName)) return [];
  return [
    textWithin('queueName', queueName, 1, 80),
    textLike('queueName', queueName.replace(/\.fifo$/, ''), /^[\w-]*$/, 'have only letters, digits, hyphens and underscores'),
    must(queueName.endsWith('.fifo') === (fifo === true),
      `'queueName' must ${fifo ? '' : 'not '}end in '.fifo' on a ${fifo ? 'FIFO' : 'standard'} queue, got '${queueName}'`),
  ];
}

/** On a FIFO queue the age of a moved message starts again, so that any retention serves. */
function deadLettersOutliveTheQueue(props: DurableQueueProps): Rule {
  const { retentionPeriod: source = Duration.days(4), deadLetterRetentionPeriod: deadLetters } = props;
  if (props.fifo || !isKnown(source) || !isKnown(deadLetters)) return must(true, '');
  const milliseconds = deadLetters.toMilliseconds();
  return must(
    milliseconds > source.toMilliseconds() || milliseconds === Duration.days(14).toMilliseconds(),
    `'deadLetterRetentionPeriod' must be longer than 'retentionPeriod' (${wording(source)}), or 14 days, got ${wording(deadLetters)}: `
    + 'the age of a dead letter counts from when the message was first sent',
  );
}
