import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AlarmSet } from '../../lib/alarm-set';
import { ChannelAlarm } from '../../lib/channel-alarm';
import { ConsumerAlarms } from '../../lib/consumer-alarms';
import { DurableQueue } from '../../lib/durable-queue';
import { FanOutTopic } from '../../lib/fan-out-topic';
import { MessageArchive } from '../../lib/message-archive';
import { MessagingDashboard, type MessagingDashboardProps } from '../../lib/messaging-dashboard';
import { QueueAlarms } from '../../lib/queue-alarms';
import { QueueConsumer } from '../../lib/queue-consumer';
import { TopicAlarms } from '../../lib/topic-alarms';
import { environment, functionIn, newStack } from './set-up';

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string; readonly markdown?: string; readonly alarms?: string[]; readonly metrics?: unknown[][];
    readonly sortBy?: string; readonly yAxis?: object;
  };
}

/** The body as CloudWatch gets it, with the logical ID in place of each reference. */
function widgetsIn(stack: Stack): Widget[] {
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard')) as [
    { Properties: { DashboardBody: string | { 'Fn::Join': [string, (string | Reference)[]] } } },
  ];
  const body = Properties.DashboardBody;
  const text = typeof body === 'string' ? body : body['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : nameOf(part))).join('');
  return (JSON.parse(text) as { widgets: Widget[] }).widgets;
}

interface Reference {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly [string, string];
}

function nameOf(reference: Reference): string {
  const [logicalId] = reference['Fn::GetAtt'] ?? [reference.Ref!];
  return logicalId;
}

/** Namespace, name and dimension of every metric of the dashboard; `.` in a body stands for what the row above has. */
function metricsIn(widgets: readonly Widget[]): string[] {
  return widgets.flatMap(({ properties: { metrics = [] } }) => {
    let above: unknown[] = [];
    return metrics.filter((row) => typeof row[0] === 'string').map((row) => {
      const full = row.filter((part) => typeof part === 'string').map((part, index) => (part === '.' ? above[index] : part));
      above = full;
      return full.join(' ');
    });
  });
}

/** Namespace, name and dimension of every metric that an alarm of the stack looks at. */
function alarmMetricsIn(stack: Stack): string[] {
  interface Metric { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: Reference }[] }
  const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')) as {
    Properties: Metric & { Metrics?: { MetricStat?: { Metric: Metric } }[] };
  }[];
  return alarms
    .flatMap(({ Properties }) => Properties.Metrics?.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) ?? [Properties])
    .map(({ Namespace, MetricName, Dimensions: [{ Name, Value }] }) => [Namespace, MetricName, Name, nameOf(Value)].join(' '));
}

function everythingIn(stack: Stack): Required<Omit<MessagingDashboardProps, 'dashboardName'>> {
  const topic = new FanOutTopic(stack, 'Orders');
  const queue = new DurableQueue(stack, 'Billing');
  const handler = functionIn(stack);
  const consumer = new QueueConsumer(stack, 'Consumer', { queue, handler, maxConcurrency: 5 });
  const archive = new MessageArchive(stack, 'Archive', { handlerCode: lambda.Code.fromInline('exports.handler = async () => {};') });
  const set = { alarms: AlarmSet.complete() };
  const alarms = [
    new TopicAlarms(stack, 'TopicAlarms', { topic, ...set }), new QueueAlarms(stack, 'QueueAlarms', { queue, ...set }),
    new ConsumerAlarms(stack, 'ConsumerAlarms', { function: handler, consumer, ...set }),
    new QueueAlarms(stack, 'ArchiveAlarms', { queue: archive.queue, deadLettersConsumed: true, ...set }),
    new ConsumerAlarms(stack, 'ArchiverAlarms', { function: archive.handler, ...set }),
  ].flatMap((group) => group.alarms);
  return { topics: [topic], queues: [queue], consumers: [consumer], archive, alarms };
}

function dashboardOf(props: MessagingDashboardProps, stack = newStack()): Widget[] {
  new MessagingDashboard(stack, 'Dashboard', props);
  return widgetsIn(stack);
}

function alarmsIn(stack: Stack, number: number): cloudwatch.Alarm[] {
  const metric = new cloudwatch.Metric({ namespace: 'Test', metricName: 'Test' });
  const props = { metric, threshold: 1, evaluationPeriods: 1 };
  return Array.from({ length: number }, (_, index) => new cloudwatch.Alarm(stack, `Alarm${index}`, props));
}

describe('MessagingDashboard', () => {
  test('shows every metric that an alarm looks at, of the same resource', () => {
    const stack = newStack();
    const shown = metricsIn(dashboardOf(everythingIn(stack), stack));
    const watched = alarmMetricsIn(stack);
    expect(watched.length).toBeGreaterThan(25);
    expect(shown).toEqual(expect.arrayContaining(watched));
  });

  test('shows with them the flow of messages that explains them', () => {
    const stack = newStack();
    const shown = metricsIn(dashboardOf(everythingIn(stack), stack)).map((metric) => metric.split(' ').slice(0, 2).join(' '));
    expect(shown).toEqual(expect.arrayContaining([
      'AWS/SQS NumberOfMessagesSent', 'AWS/SQS NumberOfMessagesReceived', 'AWS/SQS NumberOfMessagesDeleted', 'AWS/Lambda Invocations',
      'AWS/SNS NumberOfMessagesPublished', 'AWS/SNS NumberOfNotificationsDelivered', 'AWS/SNS NumberOfNotificationsFilteredOut',
    ]));
  });

  test('shows the metrics of the event source mapping where it has them', () => {
    const stack = newStack();
    const queue = new DurableQueue(stack, 'Queue');
    const consumer = new QueueConsumer(stack, 'Consumer', { queue, handler: functionIn(stack), mappingMetrics: true });
    const mapping = stack.getLogicalId(consumer.eventSourceMapping.node.defaultChild as lambda.CfnEventSourceMapping);
    expect(metricsIn(dashboardOf({ consumers: [consumer] }, stack))).toEqual(expect.arrayContaining([
      `AWS/Lambda InvokedEventCount EventSourceMappingUUID ${mapping}`, `AWS/Lambda FailedInvokeEventCount EventSourceMappingUUID ${mapping}`,
    ]));
  });

  test('has a heading for each resource, by its path', () => {
    const stack = newStack();
    const headings = dashboardOf(everythingIn(stack), stack).flatMap(({ properties: { markdown } }) => markdown ?? []);
    expect(headings).toEqual([
      '## Test/Orders', '## Test/Billing', '## Test/Function', '## Test/Archive/Queue', '## Test/Archive/Archiver/Resource',
    ]);
  });

  test('names its graphs, and what they calculate, in words', () => {
    const stack = newStack();
    const { queues, consumers, topics } = everythingIn(stack);
    const widgets = dashboardOf({ queues, consumers, topics }, stack);
    expect(widgets.flatMap(({ properties: { title } }) => title ?? [])).toEqual([
      'Messages', 'Failures', 'Messages', 'Age and stalls', 'Growth', 'Dead letters', 'Invocations', 'Duration', 'Concurrency', 'Failed messages',
    ]);
    const calculated = widgets.flatMap(({ properties: { metrics = [] } }) => metrics).filter(([first]) => typeof first !== 'string');
    expect(calculated.map(([expression]) => (expression as { label: string }).label)).toEqual([
      'Messages visible and none deleted', 'Growth of the backlog', 'Dead letters, waiting or taken', 'Share of messages that failed',
    ]);
  });

  test('shows counts from zero, on both axes', () => {
    const stack = newStack();
    const graphs = dashboardOf(everythingIn(stack), stack).filter(({ type }) => type === 'metric');
    expect(graphs.length).toBeGreaterThan(10);
    for (const { height, properties } of graphs) expect([height, properties.yAxis]).toEqual([6, { left: { min: 0 }, right: { min: 0 } }]);
  });

  test('is high enough for its alarms, four in a row, those first that changed last', () => {
    const heights = [1, 4, 5, 100].map((number) => {
      const stack = newStack();
      const [{ height, properties }] = dashboardOf({ alarms: alarmsIn(stack, number) }, stack);
      expect(properties.sortBy).toBe('stateUpdatedTimestamp');
      return height;
    });
    expect(heights).toEqual([2, 2, 3, 26]);
  });

  test('fills its 24 columns in rows that do not overlap', () => {
    const stack = newStack();
    const rows = new Map<number, Widget[]>();
    for (const widget of dashboardOf(everythingIn(stack), stack)) rows.set(widget.y, [...rows.get(widget.y) ?? [], widget]);
    let end = 0;
    for (const [y, widgets] of rows) {
      expect(y).toBe(end);
      expect(widgets.reduce((sum, { width }) => sum + width, 0)).toBe(24);
      end = y + widgets[0].height;
    }
  });

  test('shows the states of the alarms first, of metric alarms and of composite ones', () => {
    const stack = newStack();
    const { alarms } = everythingIn(stack);
    const channel = new ChannelAlarm(stack, 'Channel', { alarms });
    const [first, ...others] = dashboardOf({ alarms: [channel.alarm, ...alarms] }, stack);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ type: 'alarm', x: 0, y: 0, width: 24 });
    expect(first.properties.alarms).toEqual(
      [channel.alarm, ...alarms].map(({ node }) => stack.getLogicalId(node.defaultChild as cloudwatch.CfnAlarm)),
    );
  });

  test('shows at most 100 alarms in a widget, as CloudWatch does', () => {
    const stack = newStack();
    const numbers = dashboardOf({ alarms: alarmsIn(stack, 250) }, stack).map(({ properties }) => properties.alarms!.length);
    expect(numbers).toEqual([100, 100, 50]);
  });

  test('leaves the noisy groups of a FIFO queue out, which has none', () => {
    const stack = newStack();
    const fifo = new DurableQueue(stack, 'Fifo', { fifo: true, deadLettersBreakOrder: true });
    expect(JSON.stringify(dashboardOf({ queues: [fifo] }, stack))).not.toContain('NoisyGroups');
  });

  test('asks for the metrics of a topic of another region there', () => {
    const app = new App();
    const elsewhere = new Stack(app, 'Elsewhere', { env: { ...environment, region: 'us-east-1' } });
    const stack = new Stack(app, 'Test', { env: environment });
    const topic = new FanOutTopic(elsewhere, 'Orders', { topicName: 'orders' });
    const metrics = dashboardOf({ topics: [topic] }, stack).flatMap(({ properties }) => properties.metrics ?? []);
    expect(metrics).toHaveLength(6);
    for (const metric of metrics) expect(metric).toContainEqual(expect.objectContaining({ region: 'us-east-1' }));
  });

  test('has the name that CloudFormation makes, or the one that is given', () => {
    const stack = newStack();
    dashboardOf({ queues: [new DurableQueue(stack, 'Queue')] }, stack);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: Match.absent() });
    const named = newStack();
    dashboardOf({ queues: [new DurableQueue(named, 'Queue')], dashboardName: 'order-messaging' }, named);
    Template.fromStack(named).hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: 'order-messaging' });
  });

  test('fails when there is nothing to show', () => {
    expect(() => dashboardOf({ queues: [], alarms: [] }))
      .toThrow("Test/Dashboard: 'queues', 'consumers', 'topics', 'archive' or 'alarms' must be given, got nothing to show");
  });

  test('fails when the name has other characters', () => {
    const stack = newStack();
    expect(() => dashboardOf({ queues: [new DurableQueue(stack, 'Queue')], dashboardName: 'order messaging' }, stack))
      .toThrow("'dashboardName' must have from 1 to 255 letters, digits, hyphens and underscores, got 'order messaging'");
  });

  test('stays under the 2,500 metrics of a dashboard and the 500 of a widget with as many widgets as there can be', () => {
    const stack = newStack();
    const queue = new DurableQueue(stack, 'Queue');
    const widgets = dashboardOf({ queues: Array<DurableQueue>(100).fill(queue) }, stack);
    const numbers = widgets.map(({ properties }) => properties.metrics?.length ?? 0);
    expect(numbers).toHaveLength(500);
    expect(Math.max(...numbers)).toBeLessThan(10);
    expect(numbers.reduce((sum, each) => sum + each, 0)).toBeLessThan(2500);
  });

  test('takes 100 queues, and fails when 101 need more widgets than CloudWatch shows', () => {
    const stack = newStack();
    const queue = new DurableQueue(stack, 'Queue');
    expect(() => new MessagingDashboard(stack, 'Full', { queues: Array<DurableQueue>(100).fill(queue) })).not.toThrow();
    expect(() => new MessagingDashboard(stack, 'Dashboard', { queues: Array<DurableQueue>(101).fill(queue) }))
      .toThrow('Test/Dashboard: the dashboard must have at most 500 widgets, got 505: make several, one for each domain');
  });
});
