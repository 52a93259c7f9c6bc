import { ConditionalCheckFailedException, DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand, DynamoDBDocumentClient, GetCommand, paginateQuery, paginateScan, PutCommand, TransactGetCommand, TransactWriteCommand, UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { App, type CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Simulation, type SimulationOptions } from '../../../simulator';
import { documented } from '../documented';

const string = (name: string) => ({ name, type: AttributeType.STRING });
const number = (name: string) => ({ name, type: AttributeType.NUMBER });

/** Orders, with the messages that are still to be sent in an index of the same table. */
function shop(indexes: readonly string[] = ['Unsent'], local = false): Stack {
  const stack = new Stack(new App(), 'Shop');
  const table = new Table(stack, 'Orders', { partitionKey: string('pk'), sortKey: string('sk'), removalPolicy: RemovalPolicy.DESTROY });
  for (const indexName of indexes) {
    table.addGlobalSecondaryIndex({
      indexName, partitionKey: string('outbox'), sortKey: number('placed'), projectionType: ProjectionType.INCLUDE, nonKeyAttributes: ['body'],
    });
  }
  if (local) table.addLocalSecondaryIndex({ indexName: 'ByPlaced', sortKey: number('placed') });
  return stack;
}

const stack = shop();
let simulation: Simulation;
let client: DynamoDBDocumentClient;
let TableName: string;

async function start(options: SimulationOptions = {}, source = stack): Promise<void> {
  simulation = await Simulation.start(source, options);
  client = DynamoDBDocumentClient.from(new DynamoDBClient({
    endpoint: simulation.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  }));
  TableName = simulation.table('Orders').name;
}
afterEach(async () => {
  client.destroy();
  await simulation.stop();
});

const order = (id: string) => ({ pk: `order#${id}`, sk: 'order' });
const message = (id: string, placed: number) => ({ pk: `order#${id}`, sk: 'message', outbox: 'unsent', placed, body: `order ${id}` });
const place = (id: string, placed: number) => client.send(new TransactWriteCommand({
  TransactItems: [
    { Put: { TableName, Item: order(id), ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
    { Put: { TableName, Item: message(id, placed) } },
  ],
}));

async function unsent(): Promise<string[]> {
  const bodies: string[] = [];
  const input = { TableName, IndexName: 'Unsent', KeyConditionExpression: 'outbox = :unsent', ExpressionAttributeValues: { ':unsent': 'unsent' } };
  for await (const { Items = [] } of paginateQuery({ client, pageSize: 2 }, input)) bodies.push(...Items.map(({ body }) => body as string));
  return bodies;
}

documented('an outbox', 'https://docs.aws.amazon.com/prescriptive-guidance/latest/cloud-design-patterns/transactional-outbox.html', () => {
  test('has the message exactly when it has the order, and shows what is unsent in its order, page by page', async () => {
    await start();
    for (const [id, placed] of [['a', 3], ['b', 1], ['c', 2], ['d', 5], ['e', 4]] as const) await place(id, placed);
    const again: unknown = await place('a', 9).catch((error: unknown) => error);
    expect(again).toBeInstanceOf(TransactionCanceledException);
    expect((again as TransactionCanceledException).CancellationReasons)
      .toMatchObject([{ Code: 'ConditionalCheckFailed', Item: { pk: { S: 'order#a' }, sk: { S: 'order' } } }, { Code: 'None' }]);
    expect(await unsent()).toEqual(['order b', 'order c', 'order a', 'order e', 'order d']);

    await client.send(new UpdateCommand({ TableName, Key: { pk: 'order#b', sk: 'message' }, UpdateExpression: 'REMOVE outbox' }));
    expect(await unsent()).toHaveLength(4);
    const scanned: unknown[] = [];
    for await (const { Items = [] } of paginateScan({ client, pageSize: 3 }, { TableName, FilterExpression: 'sk = :m', ExpressionAttributeValues: { ':m': 'message' } })) {
      scanned.push(...Items);
    }
    expect(scanned).toHaveLength(5);
  });

  test('has an order once, though the answer was lost and the client of the SDK sent the transaction again', async () => {
    await start({ faults: [{ kind: 'lostResponse', operation: 'TransactWriteItems', times: 1 }] });
    await place('a', 1);
    expect(simulation.faults.injected).toMatchObject([{ kind: 'lostResponse', resource: 'Orders' }]);
    expect(await unsent()).toEqual(['order a']);
  });

  test('is read as it is at one moment, and in batches', async () => {
    await start();
    await place('a', 1);
    const Keys = [order('a'), { pk: 'order#a', sk: 'message' }];
    const { Responses: together } = await client.send(new TransactGetCommand({ TransactItems: Keys.map((Key) => ({ Get: { TableName, Key } })) }));
    expect(together).toEqual([{ Item: order('a') }, { Item: message('a', 1) }]);
    const { Responses: batch } = await client.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys } }, ReturnConsumedCapacity: 'TOTAL' }));
    expect(batch![TableName]).toEqual([order('a'), message('a', 1)]);
  });
});

documented('an inbox', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html', () => {
  test('takes a message once, and shows whoever comes second what there is', async () => {
    await start();
    const take = () => client.send(new PutCommand({
      TableName, Item: { pk: 'message#1', sk: 'inbox' }, ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }));
    await take();
    const second: unknown = await take().catch((error: unknown) => error);
    expect(second).toBeInstanceOf(ConditionalCheckFailedException);
    expect((second as ConditionalCheckFailedException).Item).toEqual({ pk: { S: 'message#1' }, sk: { S: 'inbox' } });
    expect((await client.send(new GetCommand({ TableName, Key: { pk: 'message#1', sk: 'inbox' } }))).Item).toEqual({ pk: 'message#1', sk: 'inbox' });
  });
});

documented('the indexes of a table in a template', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html', () => {
  test('may come one by one, and then have what the table has', async () => {
    await start({}, shop([]));
    await client.send(new PutCommand({ TableName, Item: message('a', 1) }));
    await expect(simulation.update(shop(['Unsent', 'Other']))).rejects.toThrow('Cannot perform more than one GSI creation or deletion in a single update');
    await simulation.update(shop());
    expect(await unsent()).toEqual(['order a']);
  });

  test('cannot have other keys or attributes than before', async () => {
    await start();
    const other = shop([]);
    (other.node.findChild('Orders') as Table).addGlobalSecondaryIndex({ indexName: 'Unsent', partitionKey: string('outbox') });
    await expect(simulation.update(other)).rejects.toThrow("the index 'Unsent' cannot be changed: give the new index another name");
  });

  test('are all that attributes are defined for', async () => {
    await start();
    const defined = shop();
    (defined.node.findChild('Orders').node.defaultChild as CfnResource).addPropertyOverride('AttributeDefinitions.4', { AttributeName: 'body', AttributeType: 'S' });
    await expect(Simulation.start(defined)).rejects.toThrow("'AttributeDefinitions' must have only keys of the table and its indexes, got body");
  });
});

describe('a stream of a table', () => {
  test('is not modelled, and says so', async () => {
    await start();
    const streaming = new Stack(new App(), 'Shop');
    new Table(streaming, 'Orders', { partitionKey: string('pk'), stream: StreamViewType.NEW_IMAGE });
    await expect(Simulation.start(streaming)).rejects.toThrow(/StreamSpecification/);
  });
});
