import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { BatchWriteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { DeliveryStream, S3Bucket } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Simulation, type SimulationOptions } from '../../../simulator';
import { documented } from '../documented';
import { clientSettings } from './fixture';

const stack = new Stack(new App(), 'Shop');
for (const id of ['Orders', 'Outbox']) new TableV2(stack, id, { partitionKey: { name: 'id', type: AttributeType.STRING } });
const stream = new DeliveryStream(stack, 'Stream', { destination: new S3Bucket(new Bucket(stack, 'Archive')) });
new CfnOutput(stack, 'StreamName', { value: stream.deliveryStreamName });

let simulation: Simulation;
const start = async (faults: SimulationOptions['faults']): Promise<void> => { simulation = await Simulation.start(stack, { faults }); };
afterEach(() => simulation.stop());

const Item = { id: { S: 'a' } };
const putItem = (maxAttempts = 1, table = 'Orders') => new DynamoDBClient(clientSettings(simulation.endpoint, maxAttempts))
  .send(new PutItemCommand({ TableName: simulation.table(table).name, Item }));
const putRecord = () => {
  const DeliveryStreamName = simulation.outputs('Shop').StreamName as string;
  return new FirehoseClient(clientSettings(simulation.endpoint)).send(new PutRecordCommand({ DeliveryStreamName, Record: { Data: Buffer.from('a') } }));
};
const listStacks = () => new CloudFormationClient(clientSettings(simulation.endpoint)).send(new ListStacksCommand({}));

documented('DynamoDB that goes wrong', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html', () => {
  test.each([
    ['serviceError', 'InternalServerError', 500], ['serviceThrottle', 'ProvisionedThroughputExceededException', 400],
  ] as const)('answers to a %s with %s, status %i, and writes nothing', async (kind, name, status) => {
    await start([{ kind, service: 'dynamodb' }]);
    await expect(putItem()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
    expect(simulation.table('Orders').items).toEqual([]);
  });

  test('is tried again by the client of the SDK', async () => {
    await start([{ kind: 'serviceThrottle', service: 'dynamodb', times: 2 }]);
    await putItem(3);
    expect(simulation.table('Orders').items).toEqual([{ id: 'a' }]);
    expect(simulation.faults.injected).toHaveLength(2);
  });

  test('may have written though its response is lost', async () => {
    await start([{ kind: 'lostResponse', operation: 'PutItem' }]);
    await expect(putItem()).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(simulation.table('Orders').items).toEqual([{ id: 'a' }]);
  });

  test('fails for one table only where the fault names it, in a batch over several tables as well', async () => {
    await start([{ kind: 'serviceError', resource: 'Outbox' }]);
    await putItem();
    await expect(putItem(1, 'Outbox')).rejects.toThrow();
    const tables = ['Orders', 'Outbox'].map((path) => simulation.table(path).name);
    const RequestItems = Object.fromEntries(tables.map((name) => [name, [{ PutRequest: { Item } }]]));
    await expect(new DynamoDBClient(clientSettings(simulation.endpoint)).send(new BatchWriteItemCommand({ RequestItems }))).rejects.toThrow();
    expect(simulation.faults.injected.map(({ resource, operation }) => [resource, operation])).toEqual([['Outbox', 'PutItem'], ['Outbox', 'BatchWriteItem']]);
  });
});

documented('Firehose that goes wrong', 'https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecord.html', () => {
  test.each([
    ['serviceError', 'InternalFailure'], ['serviceThrottle', 'ServiceUnavailableException'],
  ] as const)('answers to a %s with %s', async (kind, name) => {
    await start([{ kind, resource: 'Stream' }]);
    await expect(putRecord()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 500 } });
    await simulation.advance(300_000);
    expect(simulation.bucket('Archive').objects).toEqual([]);
    expect(simulation.faults.injected).toMatchObject([{ kind, resource: 'Stream', operation: 'PutRecord' }]);
  });
});

documented('CloudFormation that goes wrong', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html', () => {
  test.each([
    ['serviceError', 'InternalFailure', 500], ['serviceThrottle', 'Throttling', 400],
  ] as const)('answers to a %s with %s, status %i', async (kind, name, status) => {
    await start([{ kind, service: 'cloudformation' }]);
    await expect(listStacks()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
  });
});
