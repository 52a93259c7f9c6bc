import { type CfnResource, Duration, type Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { DurableQueue, FanOutTopic, type FanOutTopicProps } from '../../lib';
import { Simulation, type SimulationOptions } from '../../simulator';
import { functionIn, newStack } from '../lib/set-up';

interface Entry {
  readonly notification: { readonly messageId: string; readonly messageMD5Sum: string; readonly timestamp: string };
  readonly delivery: { readonly destination: string; readonly providerResponse: string; readonly dwellTimeMs: number; readonly attempts: number; readonly statusCode: number };
  readonly status: string;
}

let simulation: Simulation;
let stack: Stack;
/** By log group. */
let entries: Record<string, Entry[]>;

beforeEach(() => { stack = newStack({}); });
afterEach(() => simulation.stop());

function topicWith(props: FanOutTopicProps = {}, { refused = false } = {}): FanOutTopic {
  const topic = new FanOutTopic(stack, 'Orders', { topicName: 'Orders', deliveryStatusLogging: true, ...props });
  const queue = new DurableQueue(stack, 'Billing');
  topic.addQueue('Billing', queue);
  if (refused) {
    queue.addToResourcePolicy(new iam.PolicyStatement({
      effect: iam.Effect.DENY, principals: [new iam.ServicePrincipal('sns.amazonaws.com')], actions: ['sqs:SendMessage'], resources: [queue.queueArn],
    }));
  }
  return topic;
}

async function publish(count: number, options: SimulationOptions = {}): Promise<void> {
  entries = {};
  simulation = await Simulation.start(stack, { startTime: new Date('2026-01-05T09:00:00.500Z'), ...options });
  simulation.events.on('logs', ({ logGroup, line }) => { (entries[logGroup] ??= []).push(JSON.parse(line) as Entry); });
  for (let index = 0; index < count; index++) await simulation.topic('Orders').publish('order');
  await simulation.advance(Duration.minutes(5));
}

const successes = 'sns/us-east-1/000000000000/Orders';
const failures = `${successes}/Failure`;

// https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html
describe('A FanOutTopic with delivery status logging', () => {
  test('logs a delivery that failed for good, with the reason, beside sending the message to the dead-letter queue', async () => {
    topicWith({}, { refused: true });
    await publish(1);
    const [{ messageId }] = simulation.queue('Orders/Billing/DeadLetterQueue').messages;
    expect(messageId).toBeDefined();
    expect(Object.keys(entries)).toEqual([failures]);
    const [{ notification, delivery, status }] = entries[failures];
    expect(status).toBe('FAILURE');
    expect(notification).toMatchObject({ messageMD5Sum: '70a17ffa722a3985b86d30b034ad06d7', timestamp: '2026-01-05 09:00:00.500' });
    expect(delivery).toMatchObject({ destination: simulation.queue('Billing').arn, dwellTimeMs: 0, attempts: 1, statusCode: 403 });
    expect(JSON.parse(delivery.providerResponse)).toMatchObject({ ErrorCode: 'AccessDenied' });
  });

  test('logs how often it tried where an endpoint failed for a while', async () => {
    topicWith({ successSampleRate: 100 });
    await publish(1, { faults: [{ kind: 'deliveryFailure', resource: 'Billing', status: 500, times: 4 }] });
    expect(entries[successes]).toMatchObject([{ delivery: { attempts: 5, dwellTimeMs: 1_000 }, status: 'SUCCESS' }]);
    expect(Object.keys(entries)).toEqual([successes]);
  });

  test('logs no success without a sample rate', async () => {
    topicWith();
    await publish(20);
    expect(simulation.queue('Billing').messages).toHaveLength(20);
    expect(entries).toEqual({});
  });

  test('logs the share of the successes that its sample rate is, with the message ID at the queue', async () => {
    topicWith({ successSampleRate: 25 });
    await publish(400);
    expect(Object.keys(entries)).toEqual([successes]);
    expect(entries[successes].length).toBeGreaterThan(70);
    expect(entries[successes].length).toBeLessThan(130);
    const [{ delivery, status }] = entries[successes];
    expect([status, delivery.statusCode]).toEqual(['SUCCESS', 200]);
    const { sqsMessageId } = JSON.parse(delivery.providerResponse) as { sqsMessageId: string };
    expect(simulation.queue('Billing').messages.map(({ messageId }) => messageId)).toContain(sqsMessageId);
    expect(simulation.denials).toEqual([]);
  });

  test('logs every success at a sample rate of 100', async () => {
    topicWith({ successSampleRate: 100 });
    await publish(20);
    expect(entries[successes]).toHaveLength(20);
  });

  test.each([
    ['does not trust SNS', 'sts:AssumeRole', '', 'AssumeRolePolicyDocument.Statement.0.Principal.Service', 'lambda.amazonaws.com'],
    ['may not write its log groups', 'logs:CreateLogGroup', 'DefaultPolicy', 'PolicyDocument.Statement.0.Resource', 'arn:aws:logs:us-east-1:000000000000:log-group:other:*'],
    ['may not write to them', 'logs:PutLogEvents', 'DefaultPolicy', 'PolicyDocument.Statement.0.Action', ['logs:CreateLogGroup', 'logs:CreateLogStream']],
  ])('delivers, but logs nothing, with a role that %s', async (_what, action, child, property, value) => {
    const topic = topicWith({ successSampleRate: 100 });
    const role = topic.node.findChild('DeliveryStatus').node.findChild('Resource');
    const resource = (child === '' ? role : role.node.findChild(child)).node.defaultChild as CfnResource;
    resource.addPropertyOverride(property, value);
    await publish(1);
    expect(simulation.queue('Billing').messages).toHaveLength(1);
    expect(entries).toEqual({});
    expect(simulation.denials.map((denial) => denial.action)).toEqual([action]);
  });

  test('can be watched: a metric filter on its failures raises an alarm', async () => {
    topicWith({}, { refused: true });
    const metric = new logs.LogGroup(stack, 'Failures', { logGroupName: failures }).addMetricFilter('Refused', {
      filterPattern: logs.FilterPattern.stringValue('$.status', '=', 'FAILURE'), metricNamespace: 'Orders', metricName: 'Refused', metricValue: '1',
    }).metric({ statistic: 'Sum', period: Duration.minutes(1) });
    new cloudwatch.Alarm(stack, 'Alarm', { metric, threshold: 1, evaluationPeriods: 1, treatMissingData: cloudwatch.TreatMissingData.IGNORE });
    await publish(1);
    expect(simulation.alarm('Alarm').state).toBe('ALARM');
  });

  test.each([
    ['not', sns.LoggingProtocol.FIREHOSE, []],
    ['when Lambda took the event', sns.LoggingProtocol.LAMBDA, [202]],
  ])('is for one protocol: a delivery to a function is logged %s, with one more for %s', async (_when, protocol, expected) => {
    const { topic, node } = topicWith();
    const handler = functionIn(stack);
    handler.addPermission('Sns', { principal: new iam.ServicePrincipal('sns.amazonaws.com'), sourceArn: topic.topicArn });
    new sns.Subscription(stack, 'ToFunction', { topic, protocol: sns.SubscriptionProtocol.LAMBDA, endpoint: handler.functionArn });
    const successFeedbackRole = node.findChild('DeliveryStatus').node.findChild('Resource') as iam.Role;
    topic.addLoggingConfig({ protocol, successFeedbackRole, successFeedbackSampleRate: 100 });
    await publish(1, { handlers: { Function: () => undefined } });
    expect(simulation.function('Function').tally.invocations).toBe(1);
    expect((entries[successes] ?? []).map(({ delivery }) => delivery.statusCode)).toEqual(expected);
  });

  test('changes with an update of the stack', async () => {
    topicWith({ successSampleRate: 100 });
    await publish(1);
    stack = newStack({});
    topicWith({ successSampleRate: 0 });
    await simulation.update(stack);
    await simulation.topic('Orders').publish('order');
    await simulation.advance(Duration.minutes(1));
    expect(simulation.queue('Billing').messages).toHaveLength(2);
    expect(entries[successes]).toHaveLength(1);
  });

  test.each([
    ['SuccessFeedbackSampleRate', '101', 'must be from 0 to 100, got 101'],
    ['SuccessFeedbackSampleRate', '-1', 'must be from 0 to 100, got -1'],
    ['SuccessFeedbackSampleRate', '0.5', 'must be from 0 to 100, got 0.5'],
    ['Protocol', 'sms', 'Invalid value [sms]'],
  ])('fails to deploy when its %s is %s', async (property, value, message) => {
    const { topic } = topicWith();
    (topic.node.defaultChild as CfnResource).addPropertyOverride(`DeliveryStatusLogging.0.${property}`, value);
    await expect(Simulation.start(stack)).rejects.toThrow(message);
    simulation = await Simulation.start();
  });
});
