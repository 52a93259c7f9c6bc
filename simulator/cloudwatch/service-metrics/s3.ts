import type { CloudWatchService } from '..';
import type { Events } from '../../events';

/**
 * AWS/S3: the request metrics of buckets that have a metrics configuration, by its ID. Only requests that succeed are known
 * here, so there are no errors; latencies are not modelled.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
 */
export function publishS3Metrics(events: Events, cloudWatch: CloudWatchService): void {
  events.on('s3', ({ action, resource, at, bytes, requestMetrics = [] }) => {
    for (const FilterId of requestMetrics) {
      const dimensions = { BucketName: resource.slice(resource.lastIndexOf(':') + 1), FilterId };
      const put = (name: string, value: number, unit = 'Count'): void => (
        cloudWatch.putMetric('AWS/S3', name, dimensions, value, { at, unit })
      );
      put('AllRequests', 1);
      switch (action) {
        case 'put':
          put('PutRequests', 1);
          put('BytesUploaded', bytes, 'Bytes');
          break;
        case 'get':
          put('GetRequests', 1);
          put('BytesDownloaded', bytes, 'Bytes');
          break;
        default:
          put('DeleteRequests', 1);
          break;
      }
    }
  });
}
