import { App, CfnParameter, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AlarmKind, AlarmSet } from '../../lib/alarm-set';
import { AlarmTopic } from '../../lib/alarm-topic';
import { DurableQueue } from '../../lib/durable-queue';
import { MessageArchive } from '../../lib/message-archive';
import { QueueAlarms, type QueueAlarmsProps } from '../../lib/queue-alarms';

type Options = Omit<QueueAlarmsProps, 'queue'>;

function alarmsWith(props: Options = {}): { stack: Stack; queue: DurableQueue; alarms: QueueAlarms } {
  const stack = new Stack(new App(), 'Test');
  const queue = new DurableQueue(stack, 'Billing');
  return { stack, queue, alarms: new QueueAlarms(stack, 'BillingAlarms', { queue, ...props }) };
}

/** The properties of one alarm as they are in the template. */
function alarm(
  kind: 'deadLetters' | 'age' | 'stalled' | 'inFlight' | 'backlogGrowth' | 'noisyGroups', props: Options = {},
): Record<string, unknown> {
  const { stack, alarms } = alarmsWith(props);
  const logicalId = stack.getLogicalId(alarms[kind].node.defaultChild as never);
  return Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')[logicalId].Properties as Record<string, unknown>;
}

const dimensionOf = (queue: string): unknown => [{
  Name: 'QueueName', Value: { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${queue}[0-9A-F]{8}$`)) as unknown, 'QueueName'] },
}];

const unknownNumber = Lazy.number({ produce: () => 1 });
const unknownDuration = Duration.seconds(unknownNumber);

const resolve = (stack: Stack, value: unknown): unknown => stack.resolve(value);

describe('QueueAlarms', () => {
  test('makes four alarms, found under their names', () => {
    const { stack, alarms } = alarmsWith();
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 4);
    expect([alarms.deadLetters, alarms.age, alarms.stalled, alarms.inFlight].map(({ node }) => node.path)).toEqual([
      'Test/BillingAlarms/DeadLetters', 'Test/BillingAlarms/Age', 'Test/BillingAlarms/Stalled', 'Test/BillingAlarms/InFlight',
    ]);
  });

  test('raises DeadLetters within a minute of the first message that is visible in the dead-letter queue', () => {
    expect(alarm('deadLetters')).toMatchObject({
      Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Dimensions: dimensionOf('BillingDeadLetterQueue'),
      Statistic: 'Maximum', Period: 60, Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1, DatapointsToAlarm: 1, TreatMissingData: 'notBreaching',
    });
  });

  test('raises DeadLetters at another number', () => {
    expect(alarm('deadLetters', { deadLetters: 25 })).toMatchObject({
      Threshold: 25, AlarmDescription: expect.stringContaining('25 or more') as unknown,
    });
  });

  test('raises DeadLetters at a number that is known only at deployment', () => {
    const stack = new Stack(new App(), 'Test');
    const deadLetters = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
    new QueueAlarms(stack, 'Alarms', { queue: new DurableQueue(stack, 'Billing'), deadLetters });
    Template.fromStack(stack).hasResource('AWS::CloudWatch::Alarm', {
      Properties: {
        MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: { Ref: 'Number' },
        AlarmDescription: { 'Fn::Join': ['', [Match.stringLikeRegexp('dead-letter queue \\($'), { Ref: 'Number' }, Match.anyValue()]] },
      },
    });
  });

  test('counts what was received from a dead-letter queue that is consumed as well as what is visible', () => {
    expect(alarm('deadLetters', { deadLettersConsumed: true })).toMatchObject({
      Threshold: 1, EvaluationPeriods: 1, TreatMissingData: 'notBreaching',
      Metrics: [
        { Expression: 'visible + received' },
        {
          Id: 'visible', ReturnData: false,
          MetricStat: {
            Stat: 'Maximum', Period: 60,
            Metric: { MetricName: 'ApproximateNumberOfMessagesVisible', Dimensions: dimensionOf('BillingDeadLetterQueue') },
          },
        },
        {
          Id: 'received', ReturnData: false,
          MetricStat: {
            Stat: 'Sum', Period: 60, Metric: { MetricName: 'NumberOfMessagesReceived', Dimensions: dimensionOf('BillingDeadLetterQueue') },
          },
        },
      ],
    });
  });

  test('raises Age when the oldest message is 600 seconds old for three minutes in a row', () => {
    expect(alarm('age')).toMatchObject({
      Namespace: 'AWS/SQS', MetricName: 'ApproximateAgeOfOldestMessage', Dimensions: dimensionOf('Billing'),
      Statistic: 'Maximum', Period: 60, Threshold: 600, ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 3, DatapointsToAlarm: 3, TreatMissingData: 'notBreaching',
    });
  });

  test('raises Age at another age', () => {
    expect(alarm('age', { maxMessageAge: Duration.hours(2) })).toMatchObject({
      Threshold: 7200, AlarmDescription: expect.stringContaining('2 hours or longer') as unknown,
    });
  });

  test('raises Stalled when messages are visible and none is deleted for 15 minutes in a row', () => {
    expect(alarm('stalled')).toMatchObject({
      Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 15, DatapointsToAlarm: 15, TreatMissingData: 'notBreaching',
      Metrics: [
        { Expression: 'IF(visible > 0 AND FILL(deleted, 0) == 0, 1, 0)' },
        {
          Id: 'visible', ReturnData: false,
          MetricStat: {
            Stat: 'Maximum', Period: 60,
            Metric: { Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Dimensions: dimensionOf('Billing') },
          },
        },
        {
          Id: 'deleted', ReturnData: false,
          MetricStat: {
            Stat: 'Sum', Period: 60,
            Metric: { Namespace: 'AWS/SQS', MetricName: 'NumberOfMessagesDeleted', Dimensions: dimensionOf('Billing') },
          },
        },
      ],
    });
  });

  test('raises Stalled after another time', () => {
    expect(alarm('stalled', { stalledAfter: Duration.hours(1) })).toMatchObject({
      EvaluationPeriods: 60, DatapointsToAlarm: 60, AlarmDescription: expect.stringContaining('none was deleted for 1 hour') as unknown,
    });
  });

  test('raises InFlight at 80 % of 120,000 messages', () => {
    expect(alarm('inFlight')).toMatchObject({
      Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesNotVisible', Dimensions: dimensionOf('Billing'),
      Statistic: 'Maximum', Period: 60, Threshold: 96_000, ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1, DatapointsToAlarm: 1, TreatMissingData: 'notBreaching',
    });
  });

  test('raises InFlight at another share', () => {
    expect(alarm('inFlight', { inFlightShare: 0.5 })).toMatchObject({
      Threshold: 60_000, AlarmDescription: expect.stringContaining('60000 or more') as unknown,
    });
  });

  test('raises BacklogGrowth when the lowest depth grew by 100 within five minutes, three times in a row', () => {
    expect(alarm('backlogGrowth', { alarms: AlarmSet.complete() })).toMatchObject({
      Threshold: 100, ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 3, DatapointsToAlarm: 3, TreatMissingData: 'notBreaching',
      Metrics: [
        { Expression: 'DIFF(visible)' },
        {
          Id: 'visible', ReturnData: false,
          MetricStat: {
            Stat: 'Minimum', Period: 300,
            Metric: { Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Dimensions: dimensionOf('Billing') },
          },
        },
      ],
    });
  });

  test('raises BacklogGrowth at another number, which also asks for the alarm', () => {
    expect(alarm('backlogGrowth', { backlogGrowth: 7 })).toMatchObject({
      Threshold: 7, AlarmDescription: expect.stringContaining('by 7 or more messages within five minutes') as unknown,
    });
  });

  test('raises NoisyGroups when SQS finds a message group noisy for five minutes', () => {
    expect(alarm('noisyGroups', { alarms: AlarmSet.complete() })).toMatchObject({
      Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfNoisyGroups', Dimensions: dimensionOf('Billing'),
      Statistic: 'Maximum', Period: 60, Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 5, DatapointsToAlarm: 5, TreatMissingData: 'notBreaching',
    });
  });

  test('raises NoisyGroups at another number, which also asks for the alarm', () => {
    expect(alarm('noisyGroups', { noisyGroups: 3 })).toMatchObject({
      Threshold: 3, AlarmDescription: expect.stringContaining('3 or more') as unknown,
    });
  });

  test('makes the standard alarms unless told', () => {
    expect(alarmsWith().alarms.alarms.map(({ node }) => node.id)).toEqual(['DeadLetters', 'Age', 'Stalled', 'InFlight']);
  });

  test('makes the alarms of a set and no others, also where a threshold is given', () => {
    const { stack, alarms } = alarmsWith({ alarms: AlarmSet.essential(), backlogGrowth: 5 });
    expect(alarms.alarms.map(({ node }) => node.id)).toEqual(['DeadLetters', 'Age']);
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 2);
  });

  test('leaves NoisyGroups out for a FIFO queue, of which none is fair', () => {
    const stack = new Stack(new App(), 'Test');
    const queue = new DurableQueue(stack, 'Billing', { fifo: true, deadLettersBreakOrder: true });
    expect(new QueueAlarms(stack, 'Alarms', { queue, alarms: AlarmSet.complete() }).alarms.map(({ node }) => node.id))
      .toEqual(['DeadLetters', 'Age', 'Stalled', 'InFlight', 'BacklogGrowth']);
  });

  test('fails when the noisy groups of a FIFO queue are asked for', () => {
    const stack = new Stack(new App(), 'Test');
    const queue = new DurableQueue(stack, 'Billing', { fifo: true, deadLettersBreakOrder: true });
    expect(() => new QueueAlarms(stack, 'Alarms', { queue, noisyGroups: 1 }))
      .toThrow("Test/Alarms: 'noisyGroups' must be left out for Test/Billing: a FIFO queue is not a fair queue");
  });

  test.each(['deadLetters', 'age', 'stalled', 'inFlight', 'backlogGrowth', 'noisyGroups'] as const)(
    'fails when %s is read though the set leaves it out', (property) => {
      const { alarms } = alarmsWith({ alarms: AlarmSet.of() });
      expect(() => alarms[property]).toThrow(/^Test\/BillingAlarms: there is no alarm '\w+', only none; 'alarms' decides which exist$/);
    },
  );

  test('says which alarms there are when another is read', () => {
    const { alarms } = alarmsWith({ alarms: AlarmSet.of(AlarmKind.AGE, AlarmKind.STALLED) });
    expect(() => alarms.inFlight).toThrow("there is no alarm 'InFlight', only 'Age', 'Stalled'; ");
  });

  test('notifies nobody unless told', () => {
    const { stack } = alarmsWith();
    Template.fromStack(stack).allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: Match.absent(), OKActions: Match.absent(), InsufficientDataActions: Match.absent(),
    });
  });

  test('notifies every action of every alarm, and of every recovery', () => {
    const stack = new Stack(new App(), 'Test');
    const actions = [new AlarmTopic(stack, 'First'), new AlarmTopic(stack, 'Second')];
    new QueueAlarms(stack, 'BillingAlarms', { queue: new DurableQueue(stack, 'Billing'), actions });
    const arns = actions.map(({ topic }) => resolve(stack, topic.topicArn));
    Template.fromStack(stack).allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: arns, OKActions: arns });
  });

  test('watches a queue of another stack', () => {
    const app = new App();
    const queue = new DurableQueue(new Stack(app, 'Queues'), 'Billing');
    const stack = new Stack(app, 'Alarms');
    new QueueAlarms(stack, 'Billing', { queue });
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 4);
  });

  test.each<[string, Options, string]>([
    ['no dead letter is too few', { deadLetters: 0 }, "'deadLetters' must be 1 or more, got 0"],
    ['no growth is too little', { backlogGrowth: 0 }, "'backlogGrowth' must be 1 or more, got 0"],
    ['no noisy group is too few', { noisyGroups: 0 }, "'noisyGroups' must be 1 or more, got 0"],
    ['the age is zero', { maxMessageAge: Duration.seconds(0) },
      "'maxMessageAge' must be from 1 second to 14 days, got 0 seconds"],
    ['the age is longer than any retention', { maxMessageAge: Duration.days(15) },
      "'maxMessageAge' must be from 1 second to 14 days, got 15 days"],
    ['the stall is too short', { stalledAfter: Duration.seconds(0) },
      "'stalledAfter' must be from 1 minute to 1 day, got 0 seconds"],
    ['the stall is too long for an alarm', { stalledAfter: Duration.days(2) },
      "'stalledAfter' must be from 1 minute to 1 day, got 2 days"],
    ['the stall is no whole number of minutes', { stalledAfter: Duration.seconds(90) },
      "'stalledAfter' must be whole minutes, got 1 minute 30 seconds"],
    ['the share is zero', { inFlightShare: 0 }, "'inFlightShare' must be above 0 and up to 1, got 0"],
    ['the share is above 1', { inFlightShare: 1.5 }, "'inFlightShare' must be above 0 and up to 1, got 1.5"],
    ['the share is no number', { inFlightShare: NaN }, "'inFlightShare' must be above 0 and up to 1, got NaN"],
    ['the age is a token', { maxMessageAge: unknownDuration }, "'maxMessageAge' must be known when the app is synthesized"],
    ['the stall is a token', { stalledAfter: unknownDuration }, "'stalledAfter' must be known when the app is synthesized"],
    ['the share is a token', { inFlightShare: unknownNumber }, "'inFlightShare' must be known when the app is synthesized"],
    ['the runbook has an anchor', { runbookUrl: 'https://example.com/a#b' }, "'runbookUrl' must be an address"],
  ])('fails when %s', (_, props, message) => {
    expect(() => alarmsWith(props)).toThrow(`Test/BillingAlarms: ${message}`);
  });

  test('fails with every wrong property at once', () => {
    expect(() => alarmsWith({ deadLetters: 1.5, inFlightShare: 2 })).toThrow(/2 rules do not hold[^]*'deadLetters'[^]*'inFlightShare'/);
  });

  describe('of a queue whose dead letters are archived', () => {
    function archived(props: Options): Stack {
      const { stack, queue } = alarmsWith(props);
      const archive = new MessageArchive(stack, 'Archive', { handlerCode: lambda.Code.fromInline('exports.handler = async () => {};') });
      archive.addDeadLetters('Billing', queue);
      return stack;
    }

    test('needs not be told so where DeadLetters is left out', () => {
      expect(() => Template.fromStack(archived({ alarms: AlarmSet.of(AlarmKind.AGE) }))).not.toThrow();
    });

    test('fails when it isn\'t told so, naming the consumer', () => {
      expect(() => Template.fromStack(archived({}))).toThrow(
        /'deadLettersConsumed' must be given, best as true: Test\/Archive\/DeadLetters\/Billing\/Resource\S* drains the dead-letter queue of Test\/Billing/,
      );
    });

    test.each([[true], [false]])('takes "%s" for an answer', (deadLettersConsumed) => {
      expect(() => Template.fromStack(archived({ deadLettersConsumed }))).not.toThrow();
    });
  });
});
