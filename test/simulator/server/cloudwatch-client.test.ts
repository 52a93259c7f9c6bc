import {
  CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand, PutMetricDataCommand, ResourceNotFound, SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { ServiceError } from '../../../simulator/contracts';
import { raw, serve, type Served } from './fixture';

let served: Served;
let client: CloudWatchClient;
const moment = new Date('2026-01-05T09:00:00.500Z');

beforeAll(async () => {
  served = await serve();
  client = new CloudWatchClient({ ...served.client, disableRequestCompression: true });
});

afterAll(async () => {
  client.destroy();
  await served.server.close();
});

describe('the SDK\'s CloudWatch client', () => {
  test('puts metric data', async () => {
    served.cloudwatch.answer = () => ({});
    const datum = { MetricName: 'm', Timestamp: moment, Value: 0.5, Dimensions: [{ Name: 'a', Value: 'b' }] };
    await client.send(new PutMetricDataCommand({ Namespace: 'N', MetricData: [datum] }));
    expect(served.cloudwatch.last).toEqual({ operation: 'PutMetricData', input: { Namespace: 'N', MetricData: [datum] }, caller: { principal: 'AKIATEST' } });
  });

  test('puts metric data that it has compressed', async () => {
    served.cloudwatch.answer = () => ({});
    const compressing = new CloudWatchClient({ ...served.client, requestMinCompressionSizeBytes: 1 });
    await compressing.send(new PutMetricDataCommand({ Namespace: 'compressed', MetricData: [] }));
    expect(served.cloudwatch.last.input).toMatchObject({ Namespace: 'compressed' });
    compressing.destroy();
  });

  test('reads moments, that the service has as dates or as seconds', async () => {
    served.cloudwatch.answer = () => ({ MetricDataResults: [{ Id: 'a', Timestamps: [moment, moment.getTime() / 1000], Values: [1, 2.5] }] });
    const { MetricDataResults } = await client.send(new GetMetricDataCommand({ StartTime: moment, EndTime: moment, MetricDataQueries: [] }));
    expect(MetricDataResults).toEqual([{ Id: 'a', Timestamps: [moment, moment], Values: [1, 2.5] }]);
    expect(served.cloudwatch.last.input).toMatchObject({ StartTime: moment, EndTime: moment });
    served.cloudwatch.answer = () => ({ MetricAlarms: [{ AlarmName: 'a', StateUpdatedTimestamp: moment }] });
    expect((await client.send(new DescribeAlarmsCommand({}))).MetricAlarms).toEqual([{ AlarmName: 'a', StateUpdatedTimestamp: moment }]);
  });

  test('throws the error of the service model', async () => {
    served.cloudwatch.answer = () => { throw new ServiceError('ResourceNotFound', 'no such alarm'); };
    const error = await client.send(new SetAlarmStateCommand({ AlarmName: 'a', StateValue: 'OK', StateReason: 'r' })).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ResourceNotFound);
    expect(error).toMatchObject({ message: 'no such alarm', $metadata: { httpStatusCode: 404 } });
  });

  test('is refused by name where it speaks CBOR', async () => {
    const { status, body } = await raw(served.port, {
      path: '/service/GraniteServiceVersion20100801/operation/ListMetrics', headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
    });
    expect([status, body]).toEqual([415, expect.stringContaining('CBOR')]);
  });
});
