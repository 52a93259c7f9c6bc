import { VirtualClock } from '../../../simulator/clock';
import { CloudWatchService, type Alarm, type AlarmProperties } from '../../../simulator/cloudwatch';
import { ServiceError, type Caller, type Directory, type InvokableFunction, type Place } from '../../../simulator/contracts';
import { Events, type CloudWatchEvent } from '../../../simulator/events';
import { Random } from '../../../simulator/random';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** A full minute, so that alarms are evaluated one minute later. */
export const START = Date.UTC(2026, 0, 5, 9);
export const TOPIC = 'arn:aws:sns:us-east-1:123456789012:Alarms';
export const caller: Caller = { principal: '123456789012' };

export interface Published {
  readonly topic: string;
  readonly message: Record<string, unknown>;
  readonly subject: string | undefined;
  readonly caller: Caller;
}

/** What a refusal must be like: its code, and a part of its message. */
export function refusal(code: string, message = ''): Error {
  return expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error;
}

/** A CloudWatch of its own, with one topic and the functions that are given. */
export function world(functions: Readonly<Record<string, InvokableFunction>> = {}) {
  const clock = new VirtualClock(START);
  const events = new Events();
  const place: Place = { account: '123456789012', region: 'us-east-1', partition: 'aws', endpoint: 'http://127.0.0.1' };
  const published: Published[] = [];
  const changes: CloudWatchEvent[] = [];
  events.on('cloudwatch', (event) => changes.push(event));
  const directory: Directory = {
    queue: () => undefined,
    function: (arn) => functions[arn],
    hasTopic: (arn) => arn === TOPIC,
    publish(topic, message, subject, by) {
      if (topic !== TOPIC) throw new ServiceError('NotFound', `there is no topic ${topic}`, 404);
      published.push({ topic, message: JSON.parse(message) as Record<string, unknown>, subject, caller: by });
    },
  };
  const cloudWatch = new CloudWatchService(clock, events, new Random(1), place, directory);
  cloudWatch.start();
  const put = (value: number, at = clock.now()): void => cloudWatch.putMetric('Shop', 'Orders', {}, value, { at });
  const alarm = (properties: Partial<AlarmProperties> = {}): Alarm => cloudWatch.createAlarm({ ...ORDERS, ...properties });
  const call = (operation: string, input: Record<string, unknown> = {}) => cloudWatch.call(operation, input, caller);
  return { clock, events, place, cloudWatch, published, changes, put, alarm, call };
}

/** An alarm on the sum of one minute. */
export const ORDERS: AlarmProperties = {
  AlarmName: 'Orders', Namespace: 'Shop', MetricName: 'Orders', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1,
  Threshold: 10, ComparisonOperator: 'GreaterThanOrEqualToThreshold',
};
