import { documented } from '../../documented';
import { services } from './fixture';

documented('AWS/Firehose', 'https://docs.aws.amazon.com/firehose/latest/dev/cloudwatch-metrics.html', () => {
  test('counts what comes in and what is delivered, with how long it waited', () => {
    const { firehose, of } = services();
    firehose('put', { operation: 'PutRecordBatch' });
    firehose('put', { operation: 'PutRecord', records: 1, bytes: 50 });
    firehose('retried', { age: 60_000 });
    firehose('delivered', { records: 4, bytes: 350, age: 90_000 });
    firehose('processed', { records: 2, bytes: 20, duration: 400 });
    firehose('processed', { records: 1, bytes: 5, duration: 600, reason: 'broken' });
    firehose('described');
    firehose('throttled', { records: 7, bytes: 70 });
    const stream = of('AWS/Firehose', { DeliveryStreamName: 'Archive' });
    const sum = (name: string) => stream(name, 0)?.[0];
    expect(['IncomingRecords', 'IncomingBytes', 'PutRecordBatch.Requests', 'PutRecordBatch.Records', 'PutRecord.Requests', 'PutRecord.Bytes',
      'DeliveryToS3.Records', 'DeliveryToS3.Bytes', 'IncomingPutRequests', 'ThrottledRecords', 'DescribeDeliveryStream.Requests', 'SucceedProcessing.Records',
      'SucceedProcessing.Bytes', 'ExecuteProcessing.Duration'].map(sum)).toEqual([4, 350, 1, 3, 1, 50, 4, 350, 2, 7, 1, 3, 25, 1000]);
    expect(stream('ExecuteProcessing.Success', 0)).toEqual([1, 2, 0, 1]);
    expect(stream('DeliveryToS3.Success', 0)).toEqual([1, 2, 0, 1]);
    expect(stream('DeliveryToS3.DataFreshness', 0)).toEqual([150, 2, 60, 90]);
  });
});
