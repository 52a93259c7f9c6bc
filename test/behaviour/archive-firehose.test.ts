import { gunzipSync } from 'node:zlib';
import { Duration } from 'aws-cdk-lib';
import type { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import { FanOutTopic, MessageArchive, type MessageArchiveProps } from '../../lib';
import { Simulation } from '../../simulator';
import { keyIn, newStack } from '../lib/set-up';

interface Notification {
  readonly Type: string;
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Message: string;
  readonly MessageAttributes?: object;
}

let simulation: Simulation;

afterEach(() => simulation.stop());

async function start({ encrypted = false, lacking, ...props }: MessageArchiveProps & { encrypted?: boolean; lacking?: string } = {}): Promise<void> {
  // of no account, so that the key's policy names the simulation's
  const stack = newStack({});
  const encryptionKey = encrypted ? keyIn(stack) : undefined;
  const archive = new MessageArchive(stack, 'Archive', { encryptionKey, ...props });
  archive.addTopicWithFirehose('Orders', new FanOutTopic(stack, 'Orders', { encryptionKey }));
  if (lacking) {
    // the role without its permissions, as when somebody took them away
    const policy = stack.node.findAll().find(({ node }) => node.path.endsWith(`${lacking}/DefaultPolicy/Resource`)) as CfnPolicy;
    policy.addPropertyOverride('PolicyDocument.Statement', [{ Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: '*' }]);
  }
  simulation = await Simulation.start(stack);
}

function archived(): Notification[] {
  return simulation.bucket('Archive').objects.flatMap(({ body }) => (
    gunzipSync(body).toString().trimEnd().split('\n').map((line) => JSON.parse(line) as Notification)
  ));
}

// https://docs.aws.amazon.com/sns/latest/dg/firehose-archived-message-format-S3.html
test('every message that is published ends in S3, a line each, in the folder of its hour', async () => {
  await start();
  const bodies = Array.from({ length: 250 }, (_, index) => `order ${index}\nin two lines`);
  const ids: string[] = [];
  for (const body of bodies) ids.push(await simulation.topic('Orders').publish(body, { attributes: { Channel: 'shop' } }));
  await simulation.advance(Duration.minutes(5));

  expect(archived().map(({ Message }) => Message)).toEqual(bodies);
  expect(archived().map(({ MessageId }) => MessageId)).toEqual(ids);
  expect(archived()[0]).toMatchObject({
    Type: 'Notification', TopicArn: simulation.topic('Orders').arn, MessageAttributes: { Channel: { Type: 'String', Value: 'shop' } },
  });
  expect(simulation.bucket('Archive').objects.map(({ key }) => key)).toEqual([
    expect.stringMatching(/^messages\/firehose\/year=2026\/month=01\/day=05\/hour=09\/.+\.ndjson\.gz$/),
  ]);
  expect(simulation.denials).toEqual([]);
});

test('nothing is in S3 before the buffering interval ends', async () => {
  await start({ firehoseBufferingInterval: Duration.seconds(60) });
  await simulation.topic('Orders').publish('order');
  await simulation.advance(Duration.seconds(59));
  expect(archived()).toEqual([]);

  await simulation.advance(Duration.seconds(1));
  expect(archived()).toHaveLength(1);
});

test('an archive whose bucket, stream and topic have a customer key gets every message', async () => {
  await start({ encrypted: true });
  await simulation.topic('Orders').publish('order');
  await simulation.advance(Duration.minutes(5));

  expect(simulation.denials).toEqual([]);
  expect(archived().map(({ Message }) => Message)).toEqual(['order']);
});

// https://docs.aws.amazon.com/sns/latest/dg/prereqs-kinesis-data-firehose.html
test('a message that SNS may not hand to Firehose is in the dead-letter queue of the subscription', async () => {
  await start({ lacking: 'Firehose/SubscriptionRole' });
  await simulation.topic('Orders').publish('order');
  await simulation.advance(Duration.minutes(5));

  expect(archived()).toEqual([]);
  expect(simulation.queues.find(({ path }) => path.endsWith('TopicOrders/DeadLetterQueue'))!.messages).toHaveLength(1);
  expect(simulation.denials).toEqual([expect.objectContaining({ action: 'firehose:PutRecord' })]);
});

// https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3
test('what Firehose may not write is tried again for a day, and then lost', async () => {
  await start({ lacking: 'Firehose/Role' });
  const failed: (string | undefined)[] = [];
  simulation.events.on('firehose', ({ action, reason }) => { if (action === 'failed') failed.push(reason); });
  await simulation.topic('Orders').publish('order');
  await simulation.advance(Duration.hours(23));
  expect(failed).toEqual([]);

  await simulation.advance(Duration.hours(2));
  expect(failed).toEqual([expect.stringContaining('s3:PutObject')]);
  expect(archived()).toEqual([]);
});
