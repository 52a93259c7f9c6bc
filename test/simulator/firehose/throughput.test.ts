import { VirtualClock } from '../../../simulator/clock';
import { Events, type FirehoseEvent } from '../../../simulator/events';
import { FirehoseService } from '../../../simulator/firehose';
import { Throughput } from '../../../simulator/firehose/throughput';
import { Random } from '../../../simulator/random';
import { documented } from '../documented';

function simulate(region: string) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 5, 9));
  const events = new Events();
  const throttled: FirehoseEvent[] = [];
  events.on('firehose', (event) => { if (event.action === 'throttled') throttled.push(event); });
  const place = { account: '111122223333', region, partition: 'aws', endpoint: '' };
  const caller = { principal: place.account };
  const service = new FirehoseService({ clock, events, random: new Random(1), write: () => {}, authorize: () => {}, function: () => undefined }, place);
  const create = (name: string) => service.createDeliveryStream({
    name, destination: { roleArn: 'arn:aws:iam::111122223333:role/firehose', bucketArn: 'arn:aws:s3:::archive', bufferingSize: 128 },
  });
  const stream = create('orders');
  /** How many of so many requests are taken. */
  const put = (requests: number, records: readonly Buffer[], to = stream) => {
    let taken = 0;
    for (let index = 0; index < requests; index++) {
      try {
        to.putRecords(records, caller);
        taken++;
      } catch (error) {
        expect(error).toMatchObject({ code: 'ServiceUnavailableException', message: 'Slow down.', status: 500 });
      }
    }
    return taken;
  };
  const batch = (size: number) => service.call('PutRecordBatch', { DeliveryStreamName: 'orders', Records: Array.from({ length: size }, () => ({ Data: Buffer.from('a') })) }, caller);
  return { clock, throttled, create, put, batch };
}
const small = Buffer.from('a');

documented('the throughput of a stream', 'https://docs.aws.amazon.com/firehose/latest/dev/limits.html', () => {
  test.each([['eu-central-1', 1000, 100_000, 1], ['us-east-1', 2000, 500_000, 5], ['us-west-2', 2000, 500_000, 5], ['eu-west-1', 2000, 500_000, 5]])(
    'in %s is %i requests, %i records and %i MiB a second', (region, requests, records, mebibytes) => {
      const taken = (count: number, bytes: number): number => {
        const throughput = new Throughput(new VirtualClock(0), region);
        return Array.from({ length: 2500 }, () => throughput.admits(count, bytes)).filter(Boolean).length;
      };
      expect(taken(1, 1)).toBe(requests);
      expect(taken(500, 1)).toBe(records / 500);
      expect(taken(1, 128 * 1024)).toBe(mebibytes * 8);
    },
  );

  test('is there again in the next second, and for each stream by itself', async () => {
    const { clock, create, put, throttled } = simulate('eu-central-1');
    expect(put(1001, [small])).toBe(1000);
    expect(put(1, [small], create('other'))).toBe(1);
    await clock.advance(999);
    expect(put(1, [small, small])).toBe(0);
    await clock.advance(1);
    expect(put(1001, [small])).toBe(1000);
    expect(throttled.map(({ records }) => records)).toEqual([1, 2, 1]);
  });
});

documented('a batch that is throttled', 'https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html', () => {
  test('is answered with the error of each record, none of which is taken', async () => {
    const { put, batch } = simulate('eu-central-1');
    expect(await batch(2)).toMatchObject({ FailedPutCount: 0, RequestResponses: [{ RecordId: expect.any(String) as string }, {}] });
    put(1000, [small]);
    const error = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' };
    expect(await batch(2)).toEqual({ FailedPutCount: 2, Encrypted: false, RequestResponses: [error, error] });
  });
});
