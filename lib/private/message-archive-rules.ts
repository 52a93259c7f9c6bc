import { Duration, type Size, SizeRoundingBehavior, Stack } from 'aws-cdk-lib';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { DurableQueue } from '../durable-queue';
import type { FanOutTopic } from '../fan-out-topic';
import type { MessageArchiveProps } from '../message-archive';
import { deadLetterQueueRules } from './dead-letter-queues';
import { isManagedByAws } from './service-key-access';
import { durationWithin, isKnown, must, numberWithin, type Rule, textLike, textWithin, wording } from './validation';

const day = Duration.days(1);
const century = Duration.days(36_525);

/** What must hold for the properties of a MessageArchive. */
export function messageArchiveRules(props: MessageArchiveProps): Rule[] {
  return [
    textLike('prefix', props.prefix, /^[\w!.*'()-]+(\/[\w!.*'()-]+)*$/,
      "be made of letters, digits and !_.*'()- in parts separated by '/', without one at either end"),
    textWithin('prefix', props.prefix === '' ? undefined : props.prefix, 1, 256),
    durationWithin('retention', props.retention, day, century),
    must(
      !isKnown(props.retention) || props.retention.toMilliseconds() % day.toMilliseconds() === 0,
      `'retention' must be whole days, got ${isKnown(props.retention) ? wording(props.retention) : ''}`,
    ),
    must(!isManagedByAws(props.encryptionKey), "'encryptionKey' must be a customer key: SNS cannot use a key that AWS manages"),
    ...(['retention', 'accessLogsBucket', 'objectLockRetention'] as const).map((property) => must(
      props.bucket === undefined || props[property] === undefined,
      `'${property}' must be left out when 'bucket' is given: set it on that bucket`,
    )),
    lockedLongest(props),
    must(
      props.accessLogsBucket?.encryptionKey === undefined,
      "'accessLogsBucket' must not be encrypted with a customer key: S3 cannot write access logs to it",
    ),
    numberWithin('batchSize', props.batchSize, 1, 10_000),
    durationWithin('maxBatchingWindow', props.maxBatchingWindow, Duration.seconds(1), Duration.seconds(300)),
    must(props.maxBatchingWindow === undefined || isKnown(props.maxBatchingWindow),
      "'maxBatchingWindow' must be known when the app is synthesized, because visibility timeouts follow it"),
    durationWithin('firehoseBufferingInterval', props.firehoseBufferingInterval, Duration.seconds(0), Duration.seconds(900)),
    mebibytesWithin('firehoseBufferingSize', props.firehoseBufferingSize, 1, 128),
  ];
}

/** S3 keeps an object until its lock ends, whatever the lifecycle says. */
function lockedLongest({ objectLockRetention, retention }: MessageArchiveProps): Rule {
  const locked = objectLockRetention?.duration;
  if (!isKnown(locked) || !isKnown(retention)) return must(true, '');
  return must(
    retention.toMilliseconds() >= locked.toMilliseconds(),
    `'retention' must be at least 'objectLockRetention', ${wording(locked)}: S3 deletes nothing that is locked, got ${wording(retention)}`,
  );
}

function mebibytesWithin(name: string, value: Size | undefined, smallest: number, largest: number): Rule {
  if (value === undefined || value.isUnresolved()) return must(true, '');
  const mebibytes = value.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
  return must(
    Number.isInteger(mebibytes) && mebibytes >= smallest && mebibytes <= largest,
    `'${name}' must be whole MiB from ${smallest} to ${largest}, got ${mebibytes} MiB`,
  );
}

/** What must hold of a topic that Firehose archives. */
export function firehoseTopicRules(archive: Construct, topic: FanOutTopic, props: MessageArchiveProps): Rule[] {
  const [here, there] = [Stack.of(archive), Stack.of(topic)];
  const same = (one: string, other: string): boolean => !isKnown(one) || !isKnown(other) || one === other;
  return [
    must(
      !topic.topic.fifo,
      `'topic' must be a standard topic, got the FIFO topic ${topic.node.path}: SNS cannot deliver from a FIFO topic to Firehose. Use 'addTopic'`,
    ),
    must(
      props.objectLockRetention === undefined,
      "'objectLockRetention' must be left out where Firehose writes: S3 wants a checksum with each object that it locks, and Firehose "
      + "is not documented to send one. Use 'addTopic'",
    ),
    must(
      same(here.region, there.region) && same(here.account, there.account),
      `'topic' must be in the account and region of the archive, ${here.account} and ${here.region}, got ${there.account} and ${there.region}`,
    ),
  ];
}

/**
 * What must hold of a queue whose dead letters are archived, and of its dead-letter queue where that is given.
 *
 * @param own the archive's own queues, whose dead letters are what could not be archived: they would go round in circles
 */
export function archivedDeadLetterRules(own: readonly DurableQueue[], queue: sqs.IQueue, deadLetterQueue: sqs.IQueue | undefined): Rule[] {
  return [
    ...deadLetterQueueRules(queue, deadLetterQueue),
    must(deadLetterQueue?.queueArn !== queue.queueArn,
      `'deadLetterQueue' must not be the queue itself, ${queue.node.path}: the archive would take and delete messages that nobody has worked on`),
    must(!own.some(({ queueArn }) => queueArn === queue.queueArn),
      `'queue' must not be the archive's own, ${queue.node.path}: its dead letters are what could not be archived`),
  ];
}
