import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Table, TableV2, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import { Simulation } from '../../../simulator';
import { documented } from '../documented';

const partitionKey = { name: 'id', type: AttributeType.STRING };
const removalPolicy = RemovalPolicy.DESTROY;
const table = (props: Partial<TableProps> = {}): Stack => {
  const stack = new Stack(new App(), 'Shop');
  new Table(stack, 'Orders', { partitionKey, removalPolicy, ...props });
  return stack;
};
const global = (deletionProtection: boolean): Stack => {
  const stack = new Stack(new App(), 'Shop');
  new TableV2(stack, 'Orders', { partitionKey, removalPolicy, deletionProtection });
  return stack;
};

let simulation: Simulation;
const start = async (stack: Stack): Promise<void> => { simulation = await Simulation.start(stack); };
afterEach(() => simulation.stop());

async function put(expiration?: number): Promise<void> {
  const { endpoint } = simulation;
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
  const Item = { id: { S: 'one' }, ...(expiration !== undefined && { expiration: { N: String(expiration) } }) };
  await client.send(new PutItemCommand({ TableName: simulation.table('Orders').name, Item }));
}

documented('a protected table', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html', () => {
  test.each([['a table', (protect: boolean) => table({ deletionProtection: protect })], ['a global table', global]])(
    '%s cannot be deleted before its protection is off', async (_name, stackWith) => {
      await start(stackWith(true));
      await expect(simulation.destroy()).rejects.toThrow(/is protected: switch its deletion protection off/);
      expect(simulation.table('Orders').items).toEqual([]);
      await simulation.stop();

      await start(stackWith(true));
      await simulation.update(stackWith(false));
      await simulation.destroy();
      expect(() => simulation.table('Orders')).toThrow(/no .* at 'Orders'/);
    });
});

documented('an updated table', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html', () => {
  test('keeps its items, which expire from then on when it gets a time to live', async () => {
    await start(table());
    await put(Math.floor(simulation.now.getTime() / 1000) + 60);
    await simulation.advance(Duration.days(3));
    expect(simulation.table('Orders').items).toHaveLength(1);
    await simulation.update(table({ timeToLiveAttribute: 'expiration' }));
    await simulation.advance(Duration.days(3));
    expect(simulation.table('Orders').items).toEqual([]);
  });

  test('takes no other local indexes: those are made with it', async () => {
    const withLocal = (indexName: string): Stack => {
      const stack = new Stack(new App(), 'Shop');
      const sorted = new Table(stack, 'Orders', { partitionKey, sortKey: { name: 'line', type: AttributeType.NUMBER }, removalPolicy });
      sorted.addLocalSecondaryIndex({ indexName, sortKey: { name: 'placed', type: AttributeType.NUMBER } });
      return stack;
    };
    await start(withLocal('ByPlaced'));
    await expect(simulation.update(withLocal('ByMoment'))).rejects.toThrow("'LocalSecondaryIndexes' cannot be changed");
  });

  test('is another, empty one when its key changes', async () => {
    await start(table());
    await put();
    await simulation.update(table({ partitionKey: { name: 'number', type: AttributeType.NUMBER } }));
    expect(simulation.table('Orders').items).toEqual([]);
  });
});
