import { App, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import {
  BatchWriteItemCommand, DeleteItemCommand, DescribeTableCommand, DynamoDBClient, GetItemCommand, ListTablesCommand, PutItemCommand,
  QueryCommand, UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { Simulation } from '../../../simulator';
import { documented } from '../documented';

documented('an SDK client', 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html', () => {
  test('the SDK client puts, gets, updates, queries and deletes, and reads errors with their item', async () => {
    const stack = new Stack(new App(), 'Test');
    const construct = new dynamodb.TableV2(stack, 'Orders', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
    const simulation = await Simulation.start(stack);
    const client = new DynamoDBClient({ endpoint: simulation.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
    expect(construct.node.id).toBe('Orders');
    const { TableNames: [TableName] = [] } = await client.send(new ListTablesCommand({}));
    const Item = { id: { S: 'a' }, bytes: { B: Buffer.from('abc') }, list: { L: [{ M: { deep: { BS: [Buffer.from('x')] } } }] } };
    await client.send(new PutItemCommand({ TableName, Item }));
    expect((await client.send(new GetItemCommand({ TableName, Key: { id: { S: 'a' } } }))).Item).toMatchObject({ id: { S: 'a' }, bytes: { B: new Uint8Array(Buffer.from('abc')) } });
    await expect(client.send(new PutItemCommand({
      TableName, Item, ConditionExpression: 'attribute_not_exists(id)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }))).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: { id: { S: 'a' }, bytes: { B: new Uint8Array(Buffer.from('abc')) } } });
    const updated = await client.send(new UpdateItemCommand({
      TableName, Key: { id: { S: 'a' } }, UpdateExpression: 'SET n = :n', ExpressionAttributeValues: { ':n': { N: '1' } }, ReturnValues: 'UPDATED_NEW',
    }));
    expect(updated.Attributes).toEqual({ n: { N: '1' } });
    const found = await client.send(new QueryCommand({ TableName, KeyConditionExpression: 'id = :a', ExpressionAttributeValues: { ':a': { S: 'a' } } }));
    expect(found.Count).toBe(1);
    await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item: { id: { S: 'b' } } } }, { DeleteRequest: { Key: { id: { S: 'a' } } } }] } }));
    expect(simulation.table('Orders').items).toEqual([{ id: 'b' }]);
    const largest = Array.from({ length: 25 }, (_, index) => ({ PutRequest: { Item: { id: { S: `large ${index}` }, body: { S: 'x'.repeat(390 * 1024) } } } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: largest } }));
    expect(simulation.table('Orders').items).toHaveLength(26);
    const deletions = largest.map(({ PutRequest: { Item: { id } } }) => ({ DeleteRequest: { Key: { id } } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: deletions } }));
    await client.send(new DeleteItemCommand({ TableName, Key: { id: { S: 'b' } } }));
    expect((await client.send(new DescribeTableCommand({ TableName }))).Table).toMatchObject({ TableStatus: 'ACTIVE', ItemCount: 0, KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] });
    await expect(client.send(new GetItemCommand({ TableName: 'none', Key: { id: { S: 'a' } } }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    client.destroy();
    await simulation.stop();
  });
});
