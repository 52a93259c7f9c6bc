import type { Clock } from '../clock';
import type { Events } from '../events';
import type { CloudWatchService } from '.';
import { publishLambdaMetrics } from './service-metrics/lambda';
import { publishSnsMetrics } from './service-metrics/sns';
import { SqsMetrics, type QueueGauge } from './service-metrics/sqs';

export type { QueueGauge } from './service-metrics/sqs';

/**
 * The metrics that the services publish by themselves: AWS/SQS, AWS/SNS and AWS/Lambda. What happens is counted as it
 * happens, in the minute in which it happens; gauges are sampled at the end of each minute that CloudWatch evaluates.
 */
export class ServiceMetrics {
  constructor(clock: Clock, events: Events, cloudWatch: CloudWatchService, gauges: { queues(): Iterable<QueueGauge> }) {
    const queues = new SqsMetrics(cloudWatch, gauges, clock);
    events.on('sqs', (event) => queues.count(event));
    cloudWatch.everyMinute((at) => queues.sample(at));
    publishSnsMetrics(events, cloudWatch);
    publishLambdaMetrics(events, cloudWatch);
  }
}
