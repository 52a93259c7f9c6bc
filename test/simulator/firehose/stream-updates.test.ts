import { DescribeDeliveryStreamCommand, FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { App, CfnOutput, type CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { DeliveryStream, LambdaFunctionProcessor, S3Bucket, StreamEncryption } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Simulation } from '../../../simulator';
import { documented } from '../documented';

interface Settings {
  readonly prefix?: string;
  readonly transform?: boolean;
  readonly encryption?: StreamEncryption;
  readonly name?: string;
}

function archive({ prefix, transform, encryption, name }: Settings = {}): Stack {
  const stack = new Stack(new App(), 'Shop');
  const bucket = new Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY });
  const fn = new LambdaFunction(stack, 'Upper', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', timeout: Duration.seconds(30), code: Code.fromInline(`
      exports.handler = async ({ records }) => ({ records: records.map(({ recordId, data }) => ({
        recordId, result: 'Ok', data: Buffer.from(Buffer.from(data, 'base64').toString().toUpperCase()).toString('base64'),
      })) });`),
  });
  const processors = transform ? [new LambdaFunctionProcessor(fn, { bufferInterval: Duration.seconds(60) })] : undefined;
  const stream = new DeliveryStream(stack, 'Stream', {
    deliveryStreamName: name, encryption, destination: new S3Bucket(bucket, { dataOutputPrefix: prefix, processors }),
  });
  new CfnOutput(stack, 'StreamName', { value: stream.deliveryStreamName });
  return stack;
}

let simulation: Simulation;
let client: FirehoseClient;
const start = async (settings?: Settings): Promise<void> => {
  simulation = await Simulation.start(archive(settings));
  client = new FirehoseClient({ endpoint: simulation.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
};
afterEach(async () => {
  client.destroy();
  await simulation.stop();
});
const streamName = () => simulation.outputs('Shop').StreamName as string;
const put = (text: string) => client.send(new PutRecordCommand({ DeliveryStreamName: streamName(), Record: { Data: Buffer.from(text) } }));
const delivered = () => simulation.bucket('Bucket').objects.map(({ key, body }) => [key.split('/')[0], body.toString()]);

documented('a function that transforms', 'https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html', () => {
  test('is invoked with the bundle of the template, as the role of the destination may', async () => {
    await start({ transform: true });
    await put('a');
    await simulation.advance(Duration.minutes(10));
    expect(delivered()).toEqual([['2026', 'A']]);
    expect(simulation.denials).toEqual([]);
  });
});

documented('an updated delivery stream', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesisfirehose-deliverystream.html', () => {
  test('keeps what waits, and writes it as the new destination says, with another version', async () => {
    await start();
    const name = streamName();
    await put('a');
    await simulation.update(archive({ prefix: 'orders/', encryption: StreamEncryption.awsOwnedKey() }));
    expect(streamName()).toBe(name);
    await put('b');
    await simulation.advance(Duration.minutes(10));
    expect(delivered()).toEqual([['orders', 'ab']]);
    expect(simulation.bucket('Bucket').objects[0].key).toContain(`${name}-2-`);
    expect((await client.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }))).DeliveryStreamDescription)
      .toMatchObject({ VersionId: '2', DeliveryStreamEncryptionConfiguration: { Status: 'ENABLED' } });
  });

  test('may get a function, and lose it while records wait for it', async () => {
    await start();
    await simulation.update(archive({ transform: true }));
    await put('a');
    await simulation.advance(Duration.minutes(10));
    await put('b');
    await simulation.update(archive());
    await simulation.advance(Duration.minutes(10));
    expect(delivered().map(([, text]) => text)).toEqual(['A', 'b']);
  });

  test('stays as it was when the new destination is refused', async () => {
    await start();
    const refused = archive({ prefix: 'orders/' });
    const resource = refused.node.findChild('Stream').node.defaultChild as CfnResource;
    resource.addPropertyOverride('ExtendedS3DestinationConfiguration.BufferingHints', { SizeInMBs: 129, IntervalInSeconds: 60 });
    await expect(simulation.update(refused)).rejects.toThrow("'BufferingHints.SizeInMBs' must be a whole number from 1 to 128, got 129");
    await put('a');
    await simulation.advance(Duration.minutes(10));
    expect(delivered()).toEqual([['2026', 'a']]);
  });

  test('is another one where its name changes', async () => {
    await start();
    await simulation.update(archive({ name: 'orders' }));
    expect(streamName()).toBe('orders');
    await put('a');
    await simulation.advance(Duration.minutes(10));
    expect(delivered()).toHaveLength(1);
  });
});
