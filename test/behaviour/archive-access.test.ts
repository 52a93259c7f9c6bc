import { DeleteObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { Duration, type Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConsumerFunction, DurableQueue, FanOutTopic, MessageArchive, type MessageArchiveProps } from '../../lib';
import { Simulation } from '../../simulator';
import { keyIn, newStack } from '../lib/set-up';

const folder = mkdtempSync(join(tmpdir(), 'replayer-'));
let simulation: Simulation;

beforeAll(() => build({
  entryPoints: [join(__dirname, 'replayer.ts')], outfile: join(folder, 'index.js'),
  bundle: true, platform: 'node', format: 'cjs', mainFields: ['module', 'main'],
}));

afterEach(() => simulation.stop());
afterAll(() => rmSync(folder, { recursive: true }));

async function start(build: (archive: MessageArchive, stack: Stack, topic: FanOutTopic) => void, props: MessageArchiveProps = {}, encrypted = false): Promise<void> {
  // of no account, so that the key's policy names the simulation's
  const stack = newStack({});
  const encryptionKey = encrypted ? keyIn(stack) : undefined;
  const archive = new MessageArchive(stack, 'Archive', { encryptionKey, ...props });
  const topic = new FanOutTopic(stack, 'Orders', { encryptionKey });
  archive.addTopic('Archive', topic);
  build(archive, stack, topic);
  simulation = await Simulation.start(stack);
  for (const body of ['one', 'two']) await simulation.topic('Orders').publish(body, { attributes: { Channel: 'shop' } });
  await simulation.advance(Duration.minutes(5));
}

/** Time passes while the function runs. */
async function replay(prefix: string): Promise<unknown> {
  const result = simulation.function('Replayer').invoke({ prefix });
  await simulation.advance(Duration.minutes(5));
  return result;
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
describe.each([['keys of AWS', false], ['one customer key', true]])('with %s, a function that may replay an archive', (_keys, encrypted) => {
  beforeEach(() => start((archive, stack, topic) => {
    const { encryptionMasterKey } = archive.queue;
    const queue = new DurableQueue(stack, 'Again', { encryptionKey: encryptionMasterKey });
    const replayer = new ConsumerFunction(stack, 'Replayer', {
      code: lambda.Code.fromAsset(folder), environment: { BUCKET: archive.bucket.bucketName, TOPIC: topic.topicArn, QUEUE: queue.queueUrl },
    });
    archive.grantReplay(replayer, { queue, topic: topic.topic });
  }, {}, encrypted));

  test('sends each message to queue and topic again, and nothing is denied', async () => {
    expect(await replay('messages/year=2026/')).toMatchObject({ status: 'succeeded' });

    expect(simulation.queue('Again').messages.map(({ body }) => body).sort()).toEqual(['one', 'two']);
    expect(simulation.topic('Orders').tally.published).toBe(4);
    expect(simulation.denials).toEqual([]);
  });

  test('is denied what is outside of the archive', async () => {
    simulation.bucket('Archive').put('elsewhere/secret', 'not of the archive');
    await replay('elsewhere/');

    expect(simulation.denials[0]).toMatchObject({ action: 's3:ListBucket', resource: expect.stringContaining('archive') as string });
    expect(simulation.queue('Again').messages).toEqual([]);
  });
});

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
test('with object lock, the archiver writes, and nobody deletes what it wrote until the lock ends', async () => {
  await start(() => undefined, { objectLockRetention: s3.ObjectLockRetention.compliance(Duration.days(1)) });
  const client = new S3Client({
    endpoint: simulation.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  const { name: Bucket } = simulation.bucket('Archive');
  const { Versions: [{ Key, VersionId }] = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
  const deletion = new DeleteObjectCommand({ Bucket, Key, VersionId });
  await expect(client.send(deletion)).rejects.toMatchObject({ name: 'AccessDenied' });
  expect(simulation.bucket('Archive').objects).toHaveLength(1);

  await simulation.advance(Duration.days(1));
  await client.send(deletion);
  expect(simulation.bucket('Archive').objects).toHaveLength(0);
  client.destroy();
});
