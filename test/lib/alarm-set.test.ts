import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AlarmKind, AlarmSet } from '../../lib/alarm-set';
import { ConsumerAlarms } from '../../lib/consumer-alarms';
import { DurableQueue } from '../../lib/durable-queue';
import { FanOutTopic } from '../../lib/fan-out-topic';
import { QueueAlarms } from '../../lib/queue-alarms';
import { QueueConsumer } from '../../lib/queue-consumer';
import { TopicAlarms } from '../../lib/topic-alarms';
import { functionIn } from './set-up';

interface AlarmResource {
  readonly Properties: { readonly Metrics?: object[] };
}

/** What CloudWatch charges for: each metric that an alarm of a channel of this set looks at. */
function metricsOf(alarms?: AlarmSet): number {
  const stack = new Stack(new App(), 'Test');
  const queue = new DurableQueue(stack, 'Queue');
  const handler = functionIn(stack);
  const consumer = new QueueConsumer(stack, 'Consumer', { queue, handler, maxConcurrency: 5 });
  new TopicAlarms(stack, 'TopicAlarms', { topic: new FanOutTopic(stack, 'Topic'), alarms });
  new QueueAlarms(stack, 'QueueAlarms', { queue, alarms });
  new ConsumerAlarms(stack, 'ConsumerAlarms', { function: handler, consumer, alarms });
  const found = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')) as AlarmResource[];
  return found.reduce((sum, { Properties: { Metrics } }) => sum + (Metrics?.filter((each) => 'MetricStat' in each).length ?? 1), 0);
}

describe('AlarmSet', () => {
  test('is essential with the four kinds that tell of messages that are late, fail or are lost', () => {
    expect(AlarmSet.essential().kinds.sort()).toEqual(['Age', 'DeadLetters', 'Errors', 'FailedNotifications']);
  });

  test('is standard with the ten kinds that a construct makes unless told', () => {
    expect(AlarmSet.standard().kinds.sort()).toEqual([
      'Age', 'DeadLetters', 'Duration', 'Errors', 'FailedNotifications', 'FailedRedrives', 'InFlight', 'Stalled', 'SubscriptionDeadLetters',
      'Throttles',
    ]);
    expect(metricsOf(AlarmSet.standard())).toBe(metricsOf());
  });

  test('is complete with every kind', () => {
    expect(AlarmSet.complete().kinds).toEqual(Object.values(AlarmKind));
  });

  test.each([
    ['essential', AlarmSet.essential(), 4], ['standard', AlarmSet.standard(), 11], ['complete', AlarmSet.complete(), 16],
  ])('costs as many metrics as documented: %s', (_, set, metrics) => {
    expect(metricsOf(set)).toBe(metrics);
  });

  test('takes kinds in and out without a change to the set it started from', () => {
    const essential = AlarmSet.essential();
    const changed = essential.with(AlarmKind.STALLED, AlarmKind.STALLED).without(AlarmKind.AGE, AlarmKind.ERRORS);
    expect(changed.kinds).toEqual(['DeadLetters', 'FailedNotifications', 'Stalled']);
    expect([changed.includes(AlarmKind.STALLED), changed.includes(AlarmKind.AGE)]).toEqual([true, false]);
    expect(essential.kinds).toHaveLength(4);
  });

  test('holds any kinds', () => {
    expect(AlarmSet.of(AlarmKind.AGE, AlarmKind.NOISY_GROUPS).kinds).toEqual(['Age', 'NoisyGroups']);
  });
});
