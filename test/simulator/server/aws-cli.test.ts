import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveReal, type RealServices } from './real-services';

const installed = spawnSync('aws', ['--version']).status === 0;
const describeWithCli = installed ? describe : describe.skip;

describeWithCli(installed ? 'the AWS CLI' : 'the AWS CLI (skipped: there is no working `aws` on the PATH)', () => {
  let real: RealServices;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aws-cli-'));
    real = await serveReal();
  });

  afterAll(async () => {
    await real.served.server.close();
    rmSync(folder, { recursive: true });
  });

  const environment = {
    ...process.env,
    AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'any', AWS_DEFAULT_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', NO_PROXY: '127.0.0.1',
  };

  // The endpoint as an option: version 1 of the CLI takes another one for SQS in us-east-1 when it stands in the environment.
  const aws = (...args: string[]) => new Promise<{ output: string; error: string }>((resolve) => {
    const options = ['--endpoint-url', real.served.endpoint, '--output', 'json'];
    execFile('aws', [...args, ...options], { env: environment }, (_failed, output, error) => resolve({ output, error }));
  });
  const json = async (...args: string[]): Promise<unknown> => {
    const { output, error } = await aws(...args);
    expect(error).toBe('');
    return JSON.parse(output);
  };

  test('knows who it is', async () => {
    expect(await json('sts', 'get-caller-identity')).toMatchObject({ Account: '000000000000' });
  });

  test('sends and receives messages', async () => {
    const QueueUrl = `${real.served.endpoint}/000000000000/orders`;
    const settings = ['--attributes', 'VisibilityTimeout=60', '--tags', 'team=billing'];
    expect(await json('sqs', 'create-queue', '--queue-name', 'orders', ...settings)).toEqual({ QueueUrl });
    await json('sqs', 'send-message', '--queue-url', QueueUrl, '--message-body', 'grüße',
      '--message-attributes', '{"kind":{"DataType":"String","StringValue":"order"}}');
    expect(await json('sqs', 'receive-message', '--queue-url', QueueUrl, '--message-attribute-names', 'All')).toMatchObject({
      Messages: [{ Body: 'grüße', MessageAttributes: { kind: { DataType: 'String', StringValue: 'order' } } }],
    });
    expect((await aws('sqs', 'get-queue-url', '--queue-name', 'none')).error).toContain('AWS.SimpleQueueService.NonExistentQueue');
  });

  test('publishes to topics', async () => {
    const { TopicArn } = await json('sns', 'create-topic', '--name', 'orders') as { TopicArn: string };
    expect(await json('sns', 'publish', '--topic-arn', TopicArn, '--message', 'hello')).toHaveProperty('MessageId');
    expect((await aws('sns', 'publish', '--topic-arn', `${TopicArn}-none`, '--message', 'x')).error).toContain('(NotFound)');
  });

  test('puts metrics and lists them', async () => {
    await aws('cloudwatch', 'put-metric-data', '--namespace', 'N', '--metric-name', 'm', '--value', '3');
    expect(await json('cloudwatch', 'list-metrics')).toMatchObject({ Metrics: [{ Namespace: 'N', MetricName: 'm' }] });
  });

  test('copies files to and from buckets, large ones in parts', async () => {
    const [there, back] = [join(folder, 'there'), join(folder, 'back')];
    const content = Buffer.alloc(9 * 1024 * 1024, 'in parts');
    writeFileSync(there, content);
    expect((await aws('s3', 'mb', 's3://archive')).output).toContain('make_bucket');
    expect((await aws('s3', 'cp', there, 's3://archive/a/large')).error).toBe('');
    expect((await aws('s3', 'cp', 's3://archive/a/large', back)).error).toBe('');
    expect(readFileSync(back).equals(content)).toBe(true);
    expect((await aws('s3', 'ls', 's3://archive/', '--recursive')).output).toContain(`${content.length} a/large`);
    expect((await aws('s3', 'ls')).output).toContain('archive');
    expect((await aws('s3', 'rb', 's3://archive', '--force')).output).toContain('remove_bucket');
  });
});
