import { ServiceMetrics } from '../../../simulator/cloudwatch';
import { embeddedSamples } from '../../../simulator/cloudwatch/embedded-metrics';
import { documented } from '../documented';
import { MINUTE, START, world } from './fixture';

interface Metadata {
  readonly Namespace?: unknown;
  readonly Dimensions?: unknown;
  readonly Metrics?: unknown;
}

const directive: Metadata = { Namespace: 'Shop', Dimensions: [['Service']], Metrics: [{ Name: 'Orders', Unit: 'Count' }] };
const document = (changes: Metadata = {}, root: object = {}, timestamp: unknown = START) => JSON.stringify({
  _aws: { Timestamp: timestamp, CloudWatchMetrics: [{ ...directive, ...changes }] }, Service: 'billing', Country: 'NO', Orders: 3, Time: [10, 20], ...root,
});
const sample = { namespace: 'Shop', name: 'Orders', dimensions: { Service: 'billing' }, value: 3, options: { at: START, unit: 'Count', storageResolution: 60 } };

documented('a document in the embedded metric format', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html', () => {
  test('is a sample of each metric in each set of dimensions', () => {
    const samples = embeddedSamples(document({
      Dimensions: [['Service'], ['Service', 'Country'], []],
      Metrics: [{ Name: 'Orders', Unit: 'Count' }, { Name: 'Time', Unit: 'Milliseconds', StorageResolution: 1 }],
    }), START);
    expect(samples).toHaveLength(3 * (1 + 2));
    expect(samples.slice(0, 3).map(({ dimensions }) => dimensions)).toEqual([{ Service: 'billing' }, { Service: 'billing', Country: 'NO' }, {}]);
    expect(samples.slice(3, 5)).toEqual([10, 20].map((value) => (
      { ...sample, name: 'Time', value, options: { at: START, unit: 'Milliseconds', storageResolution: 1 } }
    )));
  });

  test('may come after what Lambda writes before it', () => {
    expect(embeddedSamples(`2026-01-05T09:00:00.000Z\t5b1c\tINFO\t${document()}`, START)).toEqual([sample]);
  });

  test('has the time of its line where it says none, and no unit', () => {
    const line = document({ Metrics: [{ Name: 'Orders' }] }, {}, undefined);
    expect(embeddedSamples(line, START)).toEqual([{ ...sample, options: { at: START, unit: 'None', storageResolution: 60 } }]);
  });

  test.each<[string, string]>([
    ['that is no JSON', `${document()} and more`], ['without a namespace', document({ Namespace: '' })],
    ['whose dimensions are no sets', document({ Dimensions: ['Service'] })], ['with a dimension that is not on the root', document({ Dimensions: [['Shop']] })],
    ['with a dimension that is no text', document({}, { Service: 1 })], ['with a metric that is no number', document({}, { Orders: '3' })],
    ['with a metric that is not on the root', document({ Metrics: [{ Name: 'Sales' }] })], ['without a list of metrics', document({ Metrics: {} })],
    ['with more than 100 values', document({}, { Orders: Array.from({ length: 101 }, () => 1) })],
    ['with more than 100 metrics', document({ Metrics: Array.from({ length: 101 }, () => ({ Name: 'Orders' })) })],
    ['with another resolution', document({ Metrics: [{ Name: 'Orders', StorageResolution: 5 }] })],
    ['of another time than the last two weeks', document({}, {}, START - 15 * 24 * 60 * MINUTE)],
    ['with a list in place of its metadata', '{"_aws":[],"CloudWatchMetrics":1}'], ['that only looks like one', 'the "CloudWatchMetrics" are missing'],
  ])('%s yields nothing', (_, line) => {
    expect(embeddedSamples(line, START)).toEqual([]);
  });

  test('in the logs of a function reaches an alarm', async () => {
    const { clock, events, cloudWatch, alarm } = world();
    new ServiceMetrics(clock, events, cloudWatch, { queues: () => [] });
    const orders = alarm({ Dimensions: [{ Name: 'Service', Value: 'billing' }], Threshold: 3 });
    events.emit({
      service: 'logs', action: 'written', at: clock.now(), resource: 'arn:aws:lambda:us-east-1:123456789012:function:Bill', line: document(),
      logGroup: '/aws/lambda/Bill', logStream: 'stream',
    });
    await clock.advance(MINUTE);
    expect(orders.state).toBe('ALARM');
  });
});
