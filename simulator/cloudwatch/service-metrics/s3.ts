import type { CloudWatchService } from '..';
import type { Events, S3RequestEvent } from '../../events';

/** A request of another kind counts in AllRequests alone. */
const COUNTED: Readonly<Partial<Record<S3RequestEvent['kind'], string>>> = {
  get: 'GetRequests', put: 'PutRequests', delete: 'DeleteRequests', head: 'HeadRequests', post: 'PostRequests', list: 'ListRequests',
};

/**
 * AWS/S3: the request metrics of buckets that have a metrics configuration, by its ID. Each request is an error, 1, or none, 0: the
 * average of `4xxErrors` and `5xxErrors` is the share of those that fail.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
 */
export function publishS3Metrics(events: Events, cloudWatch: CloudWatchService): void {
  events.on('s3Request', ({ resource, at, kind, status, received, sent, filterIds, firstByteLatency, totalLatency }) => {
    for (const FilterId of filterIds) {
      const dimensions = { BucketName: resource.slice(resource.lastIndexOf(':') + 1), FilterId };
      const put = (name: string, value: number, unit = 'Count'): void => (
        cloudWatch.putMetric('AWS/S3', name, dimensions, value, { at, unit })
      );
      put('AllRequests', 1);
      const counted = COUNTED[kind];
      if (counted !== undefined) put(counted, 1);
      if (received > 0) put('BytesUploaded', received, 'Bytes');
      if (sent > 0) put('BytesDownloaded', sent, 'Bytes');
      put('4xxErrors', status >= 400 && status < 500 ? 1 : 0);
      put('5xxErrors', status >= 500 ? 1 : 0);
      put('FirstByteLatency', firstByteLatency, 'Milliseconds');
      put('TotalRequestLatency', totalLatency, 'Milliseconds');
    }
  });
}
