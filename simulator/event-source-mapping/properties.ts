import { type InvokableFunction, type MessageQueue, ServiceError } from '../contracts';
import { type FilterCriteria, filterProblems } from './filter';

export interface EventSourceMappingProperties {
  /** @default - a new one */
  readonly uuid?: string;
  readonly queue: MessageQueue;
  readonly function: InvokableFunction;
  /** 1 to 10,000 for a standard queue, more than 10 only with a batching window; 1 to 10 for a FIFO queue. @default 10 */
  readonly batchSize?: number;
  /** Seconds, 0 to 300; none for a FIFO queue. @default 0 */
  readonly maximumBatchingWindow?: number;
  /** @default - a response means nothing, only an error does */
  readonly functionResponseTypes?: readonly string[];
  /** 2 to 1,000. @default - 1,250 */
  readonly maximumConcurrency?: number;
  /** Provisioned mode: 2 to 200 event pollers at the least (2 by default), 2 to 2,000 at the most (200). @default - Lambda scales */
  readonly provisionedPollers?: { readonly minimum?: number; readonly maximum?: number };
  /** At most 5 filters. @default - every message is passed on */
  readonly filterCriteria?: FilterCriteria;
  /** What CloudWatch is told about it: `EventCount`, or nothing. @default - nothing */
  readonly metrics?: readonly string[];
  /** @default true */
  readonly enabled?: boolean;
}

/** Throws one `InvalidParameterValueException` that names every property that AWS would refuse. */
export function validate(properties: EventSourceMappingProperties): void {
  const { queue, batchSize, maximumBatchingWindow, maximumConcurrency, provisionedPollers } = properties;
  const problems: string[] = [];
  const within = (name: string, value: number | undefined, minimum: number, maximum: number, condition = ''): void => {
    if (value === undefined || (Number.isInteger(value) && value >= minimum && value <= maximum)) return;
    problems.push(`'${name}' must be from ${minimum} to ${maximum}${condition}, got ${value}`);
  };

  if (queue.fifo) {
    within('batchSize', batchSize, 1, 10, ' for a FIFO queue');
    if (maximumBatchingWindow) problems.push(`'maximumBatchingWindow' must not be set for a FIFO queue, got ${maximumBatchingWindow}`);
  } else {
    within('batchSize', batchSize, 1, 10_000);
    within('maximumBatchingWindow', maximumBatchingWindow, 0, 300);
    if ((batchSize ?? 10) > 10 && (maximumBatchingWindow ?? 0) < 1) {
      problems.push(`'maximumBatchingWindow' must be at least 1 where 'batchSize' is more than 10, got ${maximumBatchingWindow ?? 0}`);
    }
  }
  within('maximumConcurrency', maximumConcurrency, 2, 1000);
  if (provisionedPollers) {
    const { minimum, maximum } = provisionedPollers;
    within('provisionedPollers.minimum', minimum, 2, 200);
    within('provisionedPollers.maximum', maximum, 2, 2000);
    if ((minimum ?? 2) > (maximum ?? 200)) {
      problems.push(`'provisionedPollers.minimum' must be at most the maximum, ${maximum ?? 200}, got ${minimum ?? 2}`);
    }
    if (maximumConcurrency !== undefined) {
      problems.push(`'maximumConcurrency' must not be set in provisioned mode, got ${maximumConcurrency}`);
    }
  }
  for (const metric of properties.metrics ?? []) {
    // ErrorCount and KafkaMetrics are for Kafka
    if (metric !== 'EventCount') problems.push(`'metrics' must be 'EventCount' for a queue, got '${metric}'`);
  }
  for (const type of properties.functionResponseTypes ?? []) {
    if (type !== 'ReportBatchItemFailures') problems.push(`'functionResponseTypes' must be 'ReportBatchItemFailures', got '${type}'`);
  }
  if (queue.visibilityTimeout < properties.function.timeout) {
    problems.push(`the queue's 'visibilityTimeout' must be at least the function's timeout of ${properties.function.timeout} seconds, `
      + `got ${queue.visibilityTimeout}`);
  }
  problems.push(...properties.filterCriteria ? filterProblems(properties.filterCriteria) : []);
  if (problems.length > 0) {
    throw new ServiceError('InvalidParameterValueException', `event source mapping of ${queue.arn}: ${problems.join('; ')}`);
  }
}
