import { Duration } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import { DurableQueue, FanOutTopic, QueueSubscription, type FanOutTopicProps, type QueueSubscriptionOptions } from '../../lib';
import { newStack, resourceOf } from './set-up';

const archived = { fifo: true, archiveRetentionPeriod: Duration.days(30) };
const replayFrom = new Date('2026-10-01T10:00:00Z');
const replayUntil = new Date('2026-10-01T12:00:00Z');

function replayPolicyOf(options: QueueSubscriptionOptions, topicProps: FanOutTopicProps = archived): unknown {
  const stack = newStack();
  const { subscription } = new FanOutTopic(stack, 'Payments', topicProps).addQueue('Ledger', new DurableQueue(stack, 'Ledger'), options);
  return resourceOf(subscription).Properties.ReplayPolicy;
}

describe('A subscription to a FIFO topic with an archive', () => {
  test('replays nothing by default', () => {
    expect(replayPolicyOf({})).toBeUndefined();
  });

  test('replays from a time until it has caught up', () => {
    expect(replayPolicyOf({ replayFrom })).toEqual({ PointType: 'Timestamp', StartingPoint: '2026-10-01T10:00:00.000Z' });
  });

  test('replays what lies between two times', () => {
    expect(replayPolicyOf({ replayFrom, replayUntil }))
      .toEqual({ PointType: 'Timestamp', StartingPoint: '2026-10-01T10:00:00.000Z', EndingPoint: '2026-10-01T12:00:00.000Z' });
  });

  test('replays from an imported topic, whose archive is not known', () => {
    const stack = newStack();
    const topic = sns.Topic.fromTopicArn(stack, 'Imported', 'arn:aws:sns:eu-west-1:111122223333:payments.fifo');
    const { subscription } = new QueueSubscription(stack, 'Ledger', { topic, queue: new DurableQueue(stack, 'Queue'), replayFrom });
    expect(resourceOf(subscription).Properties).toHaveProperty('ReplayPolicy');
  });
});

describe('A replay fails when', () => {
  test.each<[string, QueueSubscriptionOptions, FanOutTopicProps, string]>([
    ['the topic is standard', { replayFrom }, {}, "'replayFrom' must be left out on a standard topic: only FIFO topics have an archive"],
    ['the topic has no archive', { replayFrom }, { fifo: true },
      "'replayFrom' must be left out where the topic has no archive: set 'archiveRetentionPeriod' on 'Test/Payments/Resource'"],
    ['it starts at no time', { replayFrom: new Date('yesterday') }, archived, "'replayFrom' must be a date, got an invalid date"],
    ['it ends at no time', { replayFrom, replayUntil: new Date('tomorrow') }, archived, "'replayUntil' must be a date, got an invalid date"],
    ['it ends where it starts', { replayFrom, replayUntil: replayFrom }, archived,
      "'replayUntil' must be later than 'replayFrom', 2026-10-01T10:00:00.000Z, got 2026-10-01T10:00:00.000Z"],
    ['it ends and has no start', { replayUntil }, archived, "'replayUntil' must be later than 'replayFrom', nothing, got 2026-10-01T12:00:00.000Z"],
  ])('%s', (_case, options, topicProps, message) => {
    expect(() => replayPolicyOf(options, topicProps)).toThrow(`Test/Payments/Ledger: ${message}`);
  });
});
