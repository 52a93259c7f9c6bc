import type { Clock } from '../clock';
import type { Events } from '../events';
import type { CloudWatchService } from '.';
import { publishEmbeddedMetrics } from './embedded-metrics';
import { publishAsynchronousInvocationMetrics } from './service-metrics/asynchronous-invocations';
import { publishEventBridgeMetrics } from './service-metrics/eventbridge';
import { publishEventSourceMappingMetrics } from './service-metrics/event-source-mapping';
import { publishLambdaMetrics } from './service-metrics/lambda';
import { publishFirehoseMetrics } from './service-metrics/firehose';
import { publishS3Metrics } from './service-metrics/s3';
import { type BucketGauge, publishS3Storage } from './service-metrics/s3-storage';
import { publishSnsMetrics } from './service-metrics/sns';
import { SqsMetrics, type QueueGauge } from './service-metrics/sqs';

export type { QueueGauge } from './service-metrics/sqs';

/**
 * The metrics that the services publish by themselves: AWS/SQS, AWS/SNS, AWS/Lambda, AWS/S3, AWS/Firehose and AWS/Events, and those that
 * functions embed in their logs. What happens is counted as it
 * happens, in the minute in which it happens; gauges are sampled at the end of each minute that CloudWatch evaluates.
 */
export class ServiceMetrics {
  constructor(
    clock: Clock, events: Events, cloudWatch: CloudWatchService,
    gauges: { queues(): Iterable<QueueGauge>; buckets?(): Iterable<BucketGauge> },
  ) {
    const queues = new SqsMetrics(cloudWatch, gauges, clock);
    events.on('sqs', (event) => queues.count(event));
    cloudWatch.everyMinute((at) => queues.sample(at));
    publishSnsMetrics(events, cloudWatch);
    publishS3Metrics(events, cloudWatch);
    publishS3Storage(() => gauges.buckets?.() ?? [], cloudWatch);
    publishFirehoseMetrics(events, cloudWatch);
    publishEventBridgeMetrics(events, cloudWatch);
    publishEmbeddedMetrics(events, cloudWatch);
    publishLambdaMetrics(events, cloudWatch);
    publishAsynchronousInvocationMetrics(events, cloudWatch);
    publishEventSourceMappingMetrics(events, cloudWatch);
  }
}
