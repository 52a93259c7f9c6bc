import { CloudWatchClient, GetAlarmMuteRuleCommand, PutAlarmMuteRuleCommand } from '@aws-sdk/client-cloudwatch';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  AlarmKind, AlarmSet, AlarmTopic, ConsumerAlarms, ConsumerFunction, DurableQueue, QueueAlarms, QueueConsumer, type QueueConsumerProps,
} from '../../lib';
import { Simulation } from '../../simulator';

/**
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules-behaviour.html
 */
const slack = { slackWorkspaceId: 'T0123456789', slackChannelId: 'C0123456789' };
let simulation: Simulation;

afterEach(() => simulation.stop());

function queueWithAlarms(...kinds: AlarmKind[]) {
  const stack = new Stack(new App(), 'Test');
  const topic = new AlarmTopic(stack, 'AlarmTopic', slack);
  const queue = new DurableQueue(stack, 'Orders', { maxReceiveCount: 3 });
  const alarms = new QueueAlarms(stack, 'QueueAlarms', { queue, actions: [topic], alarms: AlarmSet.of(...kinds) });
  return { stack, topic, queue, alarms };
}

function consumed(stack: Stack, queue: DurableQueue, props: Partial<QueueConsumerProps> = {}): { handler: ConsumerFunction['function']; consumer: QueueConsumer } {
  const { function: handler } = new ConsumerFunction(stack, 'Function', { code: lambda.Code.fromInline('exports.handler = async () => {};') });
  return { handler, consumer: new QueueConsumer(stack, 'Consumer', { queue, handler, ...props }) };
}

const fail = (): never => { throw new Error('no'); };
const inSlack = (): unknown[] => simulation.slackChannel('AlarmTopic/SlackChannel').notifications.map(({ alarm, state }) => [alarm, state]);

test('a dead letter is read in Slack, with the alarm, what happened and where to look', async () => {
  const { stack, queue } = queueWithAlarms(AlarmKind.DEAD_LETTERS);
  consumed(stack, queue);
  simulation = await Simulation.start(stack, { handlers: { Function: fail } });
  await simulation.queue('Orders').send('poison');
  await simulation.advance(Duration.minutes(30));

  const alarm = simulation.alarm('QueueAlarms/DeadLetters');
  expect(alarm.state).toBe('ALARM');
  expect(inSlack()).toEqual([[alarm.name, 'OK'], [alarm.name, 'ALARM']]);
  const [, { text }] = simulation.slackChannel('AlarmTopic/SlackChannel').notifications;
  expect(text).toContain('are in its dead-letter queue');
  expect(text).toContain('RUNBOOK.md#');
});

test('nothing is read in Slack where the key of the topic lets CloudWatch not in, and the denial says why', async () => {
  const stack = new Stack(new App(), 'Test');
  const topic = new sns.Topic(stack, 'AlarmTopic', { masterKey: new kms.Key(stack, 'Key') });
  new chatbot.SlackChannelConfiguration(topic, 'SlackChannel', { slackChannelConfigurationName: 'oncall', ...slack, notificationTopics: [topic] });
  const metric = new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Orders' });
  new cloudwatch.Alarm(stack, 'Alarm', {
    metric, threshold: 1, evaluationPeriods: 1, treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  }).addAlarmAction(new SnsAction(topic));
  simulation = await Simulation.start(stack);
  await simulation.advance(Duration.minutes(10));

  expect(simulation.alarm('Alarm').history.map(({ to, actions }) => [to, actions.map(({ status }) => status)])).toEqual([['ALARM', ['failed']]]);
  expect(inSlack()).toEqual([]);
  expect(simulation.denials).not.toEqual([]);
});

test('a dead letter is read in Slack through a plain encrypted topic, whose key our alarms may use', async () => {
  const stack = new Stack(new App(), 'Test');
  const topic = new sns.Topic(stack, 'AlarmTopic', { masterKey: new kms.Key(stack, 'Key') });
  new chatbot.SlackChannelConfiguration(topic, 'SlackChannel', { slackChannelConfigurationName: 'oncall', ...slack, notificationTopics: [topic] });
  const queue = new DurableQueue(stack, 'Orders', { maxReceiveCount: 1 });
  new QueueAlarms(stack, 'QueueAlarms', { queue, actions: [new SnsAction(topic)], alarms: AlarmSet.of(AlarmKind.DEAD_LETTERS) });
  consumed(stack, queue);
  simulation = await Simulation.start(stack, { handlers: { Function: fail } });
  await simulation.queue('Orders').send('poison');
  await simulation.advance(Duration.minutes(10));

  expect(simulation.slackChannel('AlarmTopic/SlackChannel').notifications.map(({ state }) => state)).toEqual(['OK', 'ALARM']);
  expect(simulation.denials).toEqual([]);
});

test('a muted alarm is raised, and read in Slack when the window is over and the alarm is not', async () => {
  const { stack, queue, alarms } = queueWithAlarms(AlarmKind.DEAD_LETTERS);
  consumed(stack, queue);
  new cloudwatch.AlarmMuteRule(stack, 'Release', {
    alarms: [alarms.deadLetters], duration: Duration.hours(1), schedule: cloudwatch.ScheduleExpression.cron({ minute: '10', hour: '9' }),
  });
  simulation = await Simulation.start(stack, { handlers: { Function: fail } });
  await simulation.advance(Duration.minutes(11));
  await simulation.queue('Orders').send('poison');
  await simulation.advance(Duration.minutes(58));

  const alarm = simulation.alarm('QueueAlarms/DeadLetters');
  expect([alarm.state, inSlack()]).toEqual(['ALARM', [[alarm.name, 'OK']]]);
  await simulation.advance(Duration.minutes(2));
  expect(inSlack()).toEqual([[alarm.name, 'OK'], [alarm.name, 'ALARM']]);
});

test('the AWS SDK mutes an alarm and sees the rule', async () => {
  simulation = await Simulation.start(queueWithAlarms(AlarmKind.DEAD_LETTERS).stack);
  const client = new CloudWatchClient({ endpoint: simulation.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
  const Rule = { Schedule: { Expression: 'at(2026-01-05T09:00)', Duration: 'PT1H' } };
  const MuteTargets = { AlarmNames: [simulation.alarm('QueueAlarms/DeadLetters').name] };
  await client.send(new PutAlarmMuteRuleCommand({ Name: 'Incident', Rule, MuteTargets, ExpireDate: new Date('2026-01-06T00:00Z') }));
  expect(await client.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: 'Incident' }))).toMatchObject({
    Name: 'Incident', Rule, MuteTargets, Status: 'ACTIVE', MuteType: 'ONE_TIME', ExpireDate: new Date('2026-01-06T00:00Z'),
  });
  client.destroy();
});

test('NoisyGroups is raised when one group takes the share of the others, and not by groups that share', async () => {
  const run = async (groupOf: (message: number) => string): Promise<string> => {
    const { stack } = queueWithAlarms(AlarmKind.NOISY_GROUPS);
    simulation = await Simulation.start(stack);
    const queue = simulation.queue('Orders');
    const { SQSClient, ReceiveMessageCommand } = await import('@aws-sdk/client-sqs');
    const client = new SQSClient({ endpoint: simulation.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
    for (let message = 0; message < 200; message++) await queue.send(String(message), { messageGroupId: groupOf(message) });
    for (let receive = 0; receive < 15; receive++) {
      await client.send(new ReceiveMessageCommand({ QueueUrl: queue.url, MaxNumberOfMessages: 10, VisibilityTimeout: 3600 }));
    }
    await simulation.advance(Duration.minutes(10));
    client.destroy();
    return simulation.alarm('QueueAlarms/NoisyGroups').state;
  };
  expect(await run((message) => (message % 20 === 0 ? `quiet${message}` : 'noisy'))).toBe('ALARM');
  await simulation.stop();
  expect(await run((message) => `tenant${message % 50}`)).toBe('OK');
});

test.each([
  ['counts by the metrics of the mapping, where messages that are filtered out do not hide the failures', true, 'ALARM'],
  ['without them counts what is filtered out as done', false, 'OK'],
])('FailedRecords %s', async (_, mappingMetrics, expected) => {
  const { stack, queue, topic } = queueWithAlarms(AlarmKind.DEAD_LETTERS);
  const { handler, consumer } = consumed(stack, queue, { mappingMetrics, filters: [lambda.FilterCriteria.filter({ body: ['wanted'] })] });
  new ConsumerAlarms(stack, 'ConsumerAlarms', { function: handler, consumer, actions: [topic], alarms: AlarmSet.of(AlarmKind.FAILED_RECORDS) });
  let failing = true;
  simulation = await Simulation.start(stack, {
    handlers: {
      Function: (event) => ({
        batchItemFailures: failing ? (event as { Records: { messageId: string }[] }).Records.map(({ messageId }) => ({ itemIdentifier: messageId })) : [],
      }),
    },
  });
  const work = async (): Promise<void> => {
    for (let minute = 0; minute < 25; minute++) {
      for (let other = 0; other < 40; other++) await simulation.queue('Orders').send('other');
      await simulation.queue('Orders').send('wanted');
      await simulation.advance(Duration.minutes(1));
    }
  };
  await work();
  expect(simulation.alarm('ConsumerAlarms/FailedRecords').state).toBe(expected);

  failing = false;
  await work();
  expect(simulation.alarm('ConsumerAlarms/FailedRecords').state).toBe('OK');
});

test('an alarm sees a metric that a function in a worker embeds in its logs, and invokes a function that is retried', async () => {
  const stack = new Stack(new App(), 'Test');
  const code = `exports.handler = async () => console.log(JSON.stringify({
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: 'Shop', Dimensions: [[]], Metrics: [{ Name: 'Orders', Unit: 'Count' }] }] }, Orders: 5,
  }));`;
  const inline = { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler' };
  new lambda.Function(stack, 'Counter', { ...inline, code: lambda.Code.fromInline(code) });
  const page = new lambda.Function(stack, 'Page', { ...inline, code: lambda.Code.fromInline('exports.handler = async () => {};') });
  const alarm = new cloudwatch.CfnAlarm(stack, 'Alarm', {
    namespace: 'Shop', metricName: 'Orders', statistic: 'Sum', period: 60, evaluationPeriods: 1, threshold: 5,
    comparisonOperator: 'GreaterThanOrEqualToThreshold', treatMissingData: 'notBreaching', alarmActions: [page.functionArn],
  });
  new lambda.CfnPermission(stack, 'Permission', {
    action: 'lambda:InvokeFunction', functionName: page.functionName, principal: 'lambda.alarms.cloudwatch.amazonaws.com', sourceArn: alarm.attrArn,
  });
  simulation = await Simulation.start(stack, { handlers: { Page: fail } });
  const invoked = simulation.function('Counter').invoke({});
  await simulation.advance(Duration.minutes(10));

  await expect(invoked).resolves.toMatchObject({ status: 'succeeded' });
  expect(simulation.function('Counter').logs.join()).toContain('CloudWatchMetrics');
  expect(simulation.alarm('Alarm').history.find(({ to }) => to === 'ALARM')!.actions).toEqual([
    expect.objectContaining({ status: 'succeeded' }),
  ]);
  expect(simulation.function('Page').tally).toMatchObject({ invocations: 3, failures: 3 });
});
