import { DescribeDeliveryStreamCommand, FirehoseClient, PutRecordCommand, UpdateDestinationCommand } from '@aws-sdk/client-firehose';
import type { ExtendedS3DestinationUpdate, UpdateDestinationCommandInput } from '@aws-sdk/client-firehose';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Compression, DeliveryStream, S3Bucket } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { gunzipSync } from 'node:zlib';
import { Simulation } from '../../../simulator';
import { documented } from '../documented';

const stack = new Stack(new App(), 'Shop');
const stream = new DeliveryStream(stack, 'Stream', {
  destination: new S3Bucket(new Bucket(stack, 'Bucket'), {
    compression: Compression.GZIP, dataOutputPrefix: 'before/', bufferingInterval: Duration.minutes(2), encryptionKey: new Key(stack, 'Key'),
  }),
});
new CfnOutput(stack, 'StreamName', { value: stream.deliveryStreamName });

let simulation: Simulation;
let client: FirehoseClient;
beforeEach(async () => {
  simulation = await Simulation.start(stack);
  client = new FirehoseClient({ endpoint: simulation.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
});
afterEach(async () => {
  client.destroy();
  await simulation.stop();
});
const name = () => ({ DeliveryStreamName: simulation.outputs('Shop').StreamName as string });
const update = (given: ExtendedS3DestinationUpdate | undefined, more: Partial<UpdateDestinationCommandInput> = {}) => client.send(new UpdateDestinationCommand({
  ...name(), CurrentDeliveryStreamVersionId: '1', DestinationId: 'destinationId-000000000001', ExtendedS3DestinationUpdate: given, ...more,
}));
const described = async () => {
  const { DeliveryStreamDescription: { VersionId, Destinations } = {} } = await client.send(new DescribeDeliveryStreamCommand(name()));
  return { VersionId, ...Destinations![0].ExtendedS3DestinationDescription! };
};

documented('an update of a destination', 'https://docs.aws.amazon.com/firehose/latest/APIReference/API_UpdateDestination.html', () => {
  test('changes what it gives and keeps what it leaves out, for what comes then, under another version', async () => {
    const before = await described();
    await update({ Prefix: 'after/' });
    expect(await described()).toEqual({ ...before, VersionId: '2', Prefix: 'after/' });
    await client.send(new PutRecordCommand({ ...name(), Record: { Data: Buffer.from('a') } }));
    await simulation.advance(Duration.minutes(2));
    expect(simulation.bucket('Bucket').objects.map(({ key, body }) => [key.split('/')[0], gunzipSync(body).toString()])).toEqual([['after', 'a']]);
  });

  test('may take the key and the compression away, and add a processor', async () => {
    await update({
      EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' }, CompressionFormat: 'UNCOMPRESSED', BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
      ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord', Parameters: [{ ParameterName: 'Delimiter', ParameterValue: '\\n' }] }] },
    });
    expect(await described()).toMatchObject({
      EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' }, BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 }, Prefix: 'before/',
    });
    await update({ Prefix: 'then/' }, { CurrentDeliveryStreamVersionId: '2' });
    await client.send(new PutRecordCommand({ ...name(), Record: { Data: Buffer.from('a') } }));
    await simulation.advance(Duration.minutes(1));
    expect(simulation.bucket('Bucket').objects.map(({ key, body }) => [key.split('/')[0], body.toString()])).toEqual([['then', 'a\n']]);
  });

  test.each<[string, ExtendedS3DestinationUpdate | undefined, Partial<UpdateDestinationCommandInput>, object]>([
    ['another version', {}, { CurrentDeliveryStreamVersionId: '2' }, { name: 'ConcurrentModificationException' }],
    ['another destination', {}, { DestinationId: 'other' }, { name: 'InvalidArgumentException', message: "'DestinationId' must be 'destinationId-000000000001', got 'other'" }],
    ['no destination', undefined, {}, { name: 'InvalidArgumentException', message: expect.stringContaining('is required, got none') as string }],
    ['two', {}, { S3DestinationUpdate: {} }, { message: expect.stringContaining('got ExtendedS3DestinationUpdate, S3DestinationUpdate') as string }],
    ['a bad value', { BufferingHints: { SizeInMBs: 129, IntervalInSeconds: 60 } }, {}, { message: expect.stringContaining('from 1 to 128, got 129') as string }],
    ['a backup', { S3BackupMode: 'Enabled' }, {}, { message: "'S3BackupMode' must be Disabled, the one that is modelled, got 'Enabled'" }],
    ['another stream', {}, { DeliveryStreamName: 'other' }, { name: 'ResourceNotFoundException' }],
  ])('fails with %s, and changes nothing', async (_what, given, more, error) => {
    const before = await described();
    await expect(update(given, more)).rejects.toMatchObject(error);
    expect(await described()).toEqual(before);
  });
});
