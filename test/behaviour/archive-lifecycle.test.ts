import { randomBytes } from 'node:crypto';
import { DeleteObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { FanOutTopic, MessageArchive } from '../../lib';
import { Simulation } from '../../simulator';
import { newStack } from '../lib/set-up';

/** What is in the two archives: the class of the newest version, or how many versions and delete markers there are, by object. */
type Content = Record<'plain' | 'small' | 'locked' | 'deleted', string>;

// With what SNS and gzip leave of it, more than the 128 KiB below which S3 moves nothing to these classes.
const large = randomBytes(150 * 1024).toString('base64');
const lock = Duration.days(33);
let simulation: Simulation;
let client: S3Client;
/** By the midnight (UTC) at which S3 applies the rules: a second before it, and a second after it. */
const at: Record<string, readonly [Content, Content]> = {};

// The archives live through one simulation, because a simulated quarter takes a second.
beforeAll(async () => {
  const stack = newStack({});
  const topic = new FanOutTopic(stack, 'Orders');
  new MessageArchive(stack, 'Plain').addTopic('Plain', topic);
  new MessageArchive(stack, 'Locked', { retention: lock, objectLockRetention: s3.ObjectLockRetention.compliance(lock) }).addTopic('Locked', topic);
  simulation = await Simulation.start(stack, { startTime: new Date('2026-01-05T09:00:00Z') });
  client = new S3Client({
    endpoint: simulation.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  await simulation.topic('Orders').publish(large);
  await simulation.advance(Duration.hours(1));
  simulation.bucket('Plain').put('small', 'an object of a few bytes');
  simulation.bucket('Locked').put('deleted', large);
  await client.send(new DeleteObjectCommand({ Bucket: simulation.bucket('Locked').name, Key: 'deleted' }));
  for (const midnight of ['2026-02-05', '2026-02-07', '2026-02-08', '2026-03-10', '2026-04-06']) {
    await simulation.advance(Duration.millis(Date.parse(midnight) - 1_000 - simulation.now.getTime()));
    const before = await content();
    await simulation.advance(Duration.seconds(2));
    at[midnight] = [before, await content()];
  }
}, 60_000);

afterAll(async () => {
  client.destroy();
  await simulation.stop();
});

async function content(): Promise<Content> {
  const classOf = (wanted: (key: string) => boolean): string => simulation.bucket('Plain').objects.find(({ key }) => wanted(key))?.storageClass ?? 'gone';
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: simulation.bucket('Locked').name }));
  const versionsOf = (wanted: (key: string) => boolean): string => [DeleteMarkers, Versions].map((all) => all.filter(({ Key }) => wanted(Key!)).length).join('+');
  const isArchived = (key: string): boolean => key.endsWith('.gz');
  return {
    plain: classOf(isArchived), small: classOf((key) => key === 'small'),
    locked: versionsOf(isArchived), deleted: versionsOf((key) => key === 'deleted'),
  };
}

const seen = (midnight: string, object: keyof Content): string[] => at[midnight].map((one) => one[object]);
const [hidden, present, gone] = ['1+1', '0+1', '0+0'];

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
describe('An object of an archive', () => {
  test('moves to colder classes at the midnights after 30 and 90 days, and stays without a retention', () => {
    expect(seen('2026-02-05', 'plain')).toEqual(['STANDARD', 'STANDARD_IA']);
    expect(seen('2026-04-06', 'plain')).toEqual(['STANDARD_IA', 'GLACIER_IR']);
  });

  test('stays where it is when it is smaller than 128 KiB, because S3 moves no such object', () => {
    expect(seen('2026-04-06', 'small')).toEqual(['STANDARD', 'STANDARD']);
  });
});

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
describe('With a retention and an object lock of 33 days, an object of an archive', () => {
  test('is hidden when its retention ends, can be taken back for 30 days, and is then gone with its delete marker', () => {
    expect(seen('2026-02-08', 'locked')).toEqual([present, hidden]);
    expect(seen('2026-03-10', 'locked')).toEqual([hidden, gone]);
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
  test('that somebody deleted is kept for the lock, longer than the 30 days for which it could be taken back', () => {
    expect(seen('2026-02-05', 'deleted')).toEqual([hidden, hidden]);
    expect(seen('2026-02-07', 'deleted')).toEqual([hidden, hidden]);
    expect(seen('2026-02-08', 'deleted')).toEqual([hidden, gone]);
  });
});
