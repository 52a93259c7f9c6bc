import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { AlarmKind, AlarmSet, AlarmTopic, DurableQueue, QueueAlarms } from '../../lib';
import { Simulation } from '../../simulator';
import { newApp, newStack } from '../lib/set-up';

/**
 * https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
const address = 'oncall@example.com';
let simulation: Simulation;

afterEach(() => simulation.stop());

const onCall = (stack: Stack, enforceSSL: boolean): sns.Topic => {
  const topic = new sns.Topic(stack, 'OnCall', { enforceSSL });
  topic.addSubscription(new EmailSubscription(address));
  return topic;
};

/** An alarm of the app's own, raised while the queue has a message. */
function plainAlarm(stack: Stack, topic: sns.Topic): void {
  new cloudwatch.Alarm(stack, 'Plain', {
    metric: new DurableQueue(stack, 'Billing').metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }), threshold: 1, evaluationPeriods: 1,
  }).addAlarmAction(new SnsAction(topic));
}

function ourAlarm(stack: Stack, action: cloudwatch.IAlarmAction): void {
  new QueueAlarms(stack, 'Alarms', {
    queue: new DurableQueue(stack, 'Orders'), actions: [action], alarms: AlarmSet.of(AlarmKind.AGE), maxMessageAge: Duration.minutes(1),
  });
}

async function run(stack: Stack, ...queues: string[]): Promise<string[]> {
  simulation = await Simulation.start(stack);
  for (const queue of queues) await simulation.queue(queue).send('nobody works on it');
  await simulation.advance(Duration.minutes(10));
  return simulation.topic('OnCall').deliveries(address).map(({ body }) => body);
}

test('an alarm notifies a topic whose policy SNS made', async () => {
  const stack = newStack({});
  plainAlarm(stack, onCall(stack, false));
  expect(await run(stack, 'Billing')).toEqual([expect.stringContaining('ALARM')]);
});

test('an alarm of CDK notifies nobody by a topic that enforces TLS: its policy replaces the one that SNS made', async () => {
  const stack = newStack({});
  plainAlarm(stack, onCall(stack, true));
  expect(await run(stack, 'Billing')).toEqual([]);
  expect(simulation.alarm('Plain').state).toBe('ALARM');
  expect(simulation.denials).toMatchObject([{ principal: 'cloudwatch.amazonaws.com', action: 'sns:Publish', resource: simulation.topic('OnCall').arn }]);
});

test('an alarm of this library notifies by such a topic, and lets the other alarms of the account do so', async () => {
  const stack = newStack({});
  const topic = onCall(stack, true);
  ourAlarm(stack, new SnsAction(topic));
  plainAlarm(stack, topic);
  const bodies = await run(stack, 'Orders', 'Billing');
  expect(bodies.filter((body) => body.includes('Plain'))).toHaveLength(1);
  expect(bodies.filter((body) => body.includes('AlarmsAge'))).not.toEqual([]);
  expect(simulation.denials).toEqual([]);
});

test('an alarm of a stack that names its account notifies an AlarmTopic, whose policies name that account', async () => {
  const stack = new Stack(newApp(), 'Test', { env: { account: '111122223333', region: 'eu-west-1' } });
  ourAlarm(stack, new AlarmTopic(stack, 'OnCall', { emailAddresses: [address] }));
  expect(await run(stack, 'Orders')).toContainEqual(expect.stringContaining('ALARM'));
  expect(simulation.denials).toEqual([]);
});
