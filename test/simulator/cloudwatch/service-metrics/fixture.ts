import { ServiceMetrics, type QueueGauge } from '../../../../simulator/cloudwatch';
import type {
  AsynchronousInvocationEvent, EventSourceMappingEvent, FirehoseEvent, LambdaEvent, SnsEvent, SqsEvent,
} from '../../../../simulator/events';
import { MINUTE, START, world } from '../fixture';

export const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:Orders';
export const DEAD_LETTERS = 'arn:aws:sqs:us-east-1:123456789012:Dead';
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:Placed';
const STREAM = 'arn:aws:firehose:us-east-1:123456789012:deliverystream/Archive';
type Fairness = ReturnType<NonNullable<QueueGauge['fairness']>>;
export const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:Bill';

/** A CloudWatch that listens to the services, and what makes them say something. */
export function services() {
  const made = world();
  const depth = { visible: 0, inFlight: 0, delayed: 0 };
  let age: number | undefined;
  let fairness: Fairness;
  const gauge: QueueGauge = { arn: QUEUE, depth: () => ({ ...depth }), ageOfOldestMessage: () => age, fairness: () => fairness };
  const dead = { visible: 0, inFlight: 0, delayed: 0 };
  const gauges = [gauge, { arn: DEAD_LETTERS, depth: () => dead, ageOfOldestMessage: () => undefined }];
  new ServiceMetrics(made.clock, made.events, made.cloudWatch, { queues: () => gauges });
  const { events, clock, cloudWatch } = made;
  const sqs = (action: SqsEvent['action'], more: Partial<SqsEvent> = {}) => (
    events.emit({ service: 'sqs', action, at: clock.now(), resource: QUEUE, messageId: '1', bytes: 100, receiveCount: 0, ...more }));
  const sns = (action: SnsEvent['action'], more: Partial<SnsEvent> = {}) => (
    events.emit({ service: 'sns', action, at: clock.now(), resource: TOPIC, messageId: '1', bytes: 50, ...more }));
  const lambda = (action: LambdaEvent['action'], more: Partial<LambdaEvent> = {}) => (
    events.emit({ service: 'lambda', action, at: clock.now(), resource: FUNCTION, requestId: '1', ...more }));
  const asynchronous = (action: AsynchronousInvocationEvent['action'], age = 0) => (
    events.emit({ service: 'asynchronousInvocation', action, at: clock.now(), resource: FUNCTION, requestId: '1', age }));
  const firehose = (action: FirehoseEvent['action'], more: Partial<FirehoseEvent> = {}) => (
    events.emit({ service: 'firehose', action, at: clock.now(), resource: STREAM, records: 3, bytes: 300, ...more }));
  const mapping = (action: EventSourceMappingEvent['action'], messageIds: string[], failedMessageIds: string[] = [], counted = true) => (
    events.emit({
      service: 'eventSourceMapping', action, at: clock.now(), resource: QUEUE, mapping: 'uuid', functionArn: FUNCTION, messageIds, failedMessageIds, counted,
    }));
  /** Sum, count, minimum and maximum of the minute that begins so many minutes after the start. */
  const minute = (namespace: string, dimensions: Record<string, string>) => (name: string, index: number): number[] | undefined => {
    const from = START + index * MINUTE;
    const found = cloudWatch.metric(namespace, name, dimensions).aggregate(from, from + MINUTE, MINUTE);
    return found && [found.sum, found.count, found.minimum, found.maximum];
  };
  return {
    ...made, sqs, sns, lambda, asynchronous, mapping, firehose, depth,
    setFairness: (value: Fairness) => { fairness = value; }, setAge: (seconds: number | undefined) => { age = seconds; },
    queue: minute('AWS/SQS', { QueueName: 'Orders' }), deadLetters: minute('AWS/SQS', { QueueName: 'Dead' }),
    topic: minute('AWS/SNS', { TopicName: 'Placed' }), invoked: minute('AWS/Lambda', { FunctionName: 'Bill' }), of: minute,
  };
}
