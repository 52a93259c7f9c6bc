import { Random } from '../../../../simulator/random';
import { S3Service } from '../../../../simulator/s3';
import { documented } from '../../documented';
import { services } from './fixture';

documented('AWS/S3', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html', () => {
  test('counts requests and bytes for each metrics configuration that the key falls under', () => {
    const { events, clock, of } = services();
    const s3 = new S3Service(clock, events, new Random(1), { account: '1', region: 'us-east-1', partition: 'aws', endpoint: '' }, {
      queue: () => undefined, function: () => undefined, hasTopic: () => false, publish: () => undefined,
    });
    const bucket = s3.createBucket({ name: 'archive' });
    bucket.put('before', Buffer.from('nothing is counted yet'));
    bucket.requestMetrics = [{ id: 'All', prefix: '' }, { id: 'Orders', prefix: 'orders/' }];
    bucket.put('orders/1', Buffer.from('12345'));
    bucket.put('other', Buffer.from('1'));
    bucket.get('orders/1');
    bucket.delete('other');
    const sums = (FilterId: string) => ['AllRequests', 'PutRequests', 'GetRequests', 'DeleteRequests', 'BytesUploaded', 'BytesDownloaded']
      .map((name) => of('AWS/S3', { BucketName: 'archive', FilterId })(name, 0)?.[0]);
    expect(sums('All')).toEqual([4, 2, 1, 1, 6, 5]);
    expect(sums('Orders')).toEqual([2, 1, 1, undefined, 5, 5]);
  });
});
