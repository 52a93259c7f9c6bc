import type { CloudWatchService } from '..';
import type { Events } from '../../events';

/**
 * AWS/Firehose: what comes in, what a function makes of it, and what is delivered to S3. A delivery succeeds, 1, or fails, 0: the average of
 * `DeliveryToS3.Success` is the share of those that succeed.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/cloudwatch-metrics.html
 */
export function publishFirehoseMetrics(events: Events, cloudWatch: CloudWatchService): void {
  events.on('firehose', ({ action, operation, resource, at, records, bytes, age, duration, reason }) => {
    const dimensions = { DeliveryStreamName: resource.slice(resource.lastIndexOf('/') + 1) };
    const put = (name: string, value: number, unit = 'Count'): void => (
      cloudWatch.putMetric('AWS/Firehose', name, dimensions, value, { at, unit })
    );
    switch (action) {
      case 'put':
        put('IncomingRecords', records);
        put('IncomingBytes', bytes, 'Bytes');
        put('IncomingPutRequests', 1);
        if (operation) {
          put(`${operation}.Requests`, 1);
          put(`${operation}.Bytes`, bytes, 'Bytes');
        }
        if (operation === 'PutRecordBatch') put('PutRecordBatch.Records', records);
        break;
      case 'throttled':
        put('ThrottledRecords', records);
        break;
      case 'delivered':
        put('DeliveryToS3.Success', 1);
        put('DeliveryToS3.Records', records);
        put('DeliveryToS3.Bytes', bytes, 'Bytes');
        break;
      case 'processed':
        put('ExecuteProcessing.Duration', duration!, 'Milliseconds');
        put('ExecuteProcessing.Success', reason === undefined ? 1 : 0);
        put('SucceedProcessing.Records', records);
        put('SucceedProcessing.Bytes', bytes, 'Bytes');
        break;
      case 'described':
        put('DescribeDeliveryStream.Requests', 1);
        break;
      case 'retried':
        put('DeliveryToS3.Success', 0);
        break;
      default:
        break;
    }
    if (age !== undefined && (action === 'delivered' || action === 'retried')) put('DeliveryToS3.DataFreshness', age / 1000, 'Seconds');
  });
}
