import type { DynamoDbService, KeyAttribute, KeySchema, SecondaryIndex, TableProperties } from '../../dynamodb';
import type { CreatedResource, Properties, ResourceProvider, ResourceToCreate, ResourceToUpdate } from '../provider';

/** What a table has itself, and a global table in each region. */
interface Replica {
  readonly SSESpecification?: { readonly KMSMasterKeyId?: string };
  readonly DeletionProtectionEnabled?: boolean | string;
}

export function dynamoDbProviders(dynamoDb: DynamoDbService): ResourceProvider[] {
  const provider = (replicaOf: (properties: Properties) => Replica) => ({
    namedBy: 'TableName',
    replaces: ['TableName', 'KeySchema'],
    create({ properties, physicalName }: ResourceToCreate): CreatedResource {
      const name = properties.text('TableName') ?? physicalName(255);
      const table = dynamoDb.createTable(tableProperties(name, properties, replicaOf(properties)));
      return { ref: table.name, attributes: { Arn: table.arn } };
    },
    update({ ref, properties }: ResourceToUpdate): void {
      const table = dynamoDb.table(ref)!;
      const changed = tableProperties(ref, properties, replicaOf(properties));
      checkIndexChanges(table.properties.indexes ?? [], changed.indexes ?? []);
      table.configure(changed);
    },
    delete: ({ ref }: { ref: string }) => dynamoDb.deleteTable(ref),
  });
  const modelled = [
    'TableName', 'AttributeDefinitions', 'KeySchema', 'GlobalSecondaryIndexes', 'LocalSecondaryIndexes', 'TimeToLiveSpecification', 'BillingMode',
    'SSESpecification',
  ];
  return [
    {
      ...provider((properties) => properties.all()),
      type: 'AWS::DynamoDB::Table',
      modelled: [...modelled, 'DeletionProtectionEnabled'],
      withoutEffect: [
        'ContributorInsightsSpecification', 'OnDemandThroughput', 'PointInTimeRecoverySpecification', 'ProvisionedThroughput', 'TableClass',
        'Tags', 'WarmThroughput',
      ],
    },
    {
      ...provider(onlyReplica),
      type: 'AWS::DynamoDB::GlobalTable',
      replaces: ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
      modelled: [...modelled, 'Replicas'],
      withoutEffect: ['ReadOnDemandThroughputSettings', 'WarmThroughput', 'WriteOnDemandThroughputSettings', 'WriteProvisionedThroughputSettings'],
    },
  ];
}

function onlyReplica(properties: Properties): Replica {
  const replicas = properties.list<Replica>('Replicas') ?? [];
  if (replicas.length !== 1) throw new Error(`'Replicas' must name one region, the simulation's, got ${replicas.length}`);
  return replicas[0];
}

function tableProperties(name: string, properties: Properties, { SSESpecification, DeletionProtectionEnabled }: Replica): TableProperties {
  return {
    name,
    ...keysOf(properties),
    timeToLiveAttribute: timeToLiveAttribute(properties),
    billingMode: properties.text('BillingMode'),
    kmsMasterKeyId: SSESpecification?.KMSMasterKeyId,
    deletionProtection: String(DeletionProtectionEnabled) === 'true',
  };
}

type KeyElements = readonly { readonly AttributeName: string; readonly KeyType: string }[];

interface IndexDefinition {
  readonly IndexName: string;
  readonly KeySchema: KeyElements;
  readonly Projection?: { readonly ProjectionType?: SecondaryIndex['projection']; readonly NonKeyAttributes?: readonly string[] };
}

function keysOf(properties: Properties): Pick<TableProperties, 'partitionKey' | 'sortKey' | 'indexes'> {
  const definitions = properties.list<{ AttributeName: string; AttributeType: KeyAttribute['type'] }>('AttributeDefinitions') ?? [];
  const types = new Map(definitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]));
  const used = new Set<string>();
  const schemaOf = (elements: KeyElements): KeySchema => {
    for (const { AttributeName } of elements) used.add(AttributeName);
    return keySchema(elements, types);
  };
  const indexesOf = (name: string): SecondaryIndex[] => (properties.list<IndexDefinition>(name) ?? []).map((index) => ({
    ...schemaOf(index.KeySchema), name: index.IndexName, global: name === 'GlobalSecondaryIndexes',
    projection: index.Projection?.ProjectionType ?? 'ALL', nonKeyAttributes: index.Projection?.NonKeyAttributes,
  }));
  const keys = {
    ...schemaOf(properties.list<KeyElements[number]>('KeySchema') ?? []),
    indexes: [...indexesOf('LocalSecondaryIndexes'), ...indexesOf('GlobalSecondaryIndexes')],
  };
  const unused = [...types.keys()].filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`'AttributeDefinitions' must have only keys of the table and its indexes, got ${unused.join(', ')}`);
  return keys;
}

function keySchema(elements: KeyElements, types: ReadonlyMap<string, KeyAttribute['type']>): KeySchema {
  const key = (wanted: string): KeyAttribute | undefined => {
    const named = elements.filter(({ KeyType }) => KeyType === wanted);
    if (named.length > 1) throw new Error(`'KeySchema' must have one key of the type ${wanted}, the simulator models no more, got ${named.length}`);
    if (named.length === 0) return undefined;
    const [{ AttributeName: name }] = named;
    const type = types.get(name);
    if (type === undefined) throw new Error(`'AttributeDefinitions' must have the key '${name}' of 'KeySchema'`);
    return { name, type };
  };
  const partitionKey = key('HASH');
  if (!partitionKey) throw new Error('\'KeySchema\' must have one key of the type HASH');
  return { partitionKey, sortKey: key('RANGE') };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html */
function checkIndexChanges(before: readonly SecondaryIndex[], after: readonly SecondaryIndex[]): void {
  const local = (indexes: readonly SecondaryIndex[]): string => JSON.stringify(indexes.filter(({ global }) => !global));
  if (local(before) !== local(after)) {
    throw new Error('\'LocalSecondaryIndexes\' cannot be changed: a local index is made with its table, give the table another name');
  }
  const named = (indexes: readonly SecondaryIndex[], name: string): SecondaryIndex | undefined => indexes.find((index) => index.name === name);
  const changed = after.find((index) => {
    const old = named(before, index.name);
    return old && JSON.stringify(old) !== JSON.stringify(index);
  });
  if (changed) {
    throw new Error(`the keys and the projection of the index '${changed.name}' cannot be changed: give the new index another name`);
  }
  const added = after.filter(({ name }) => !named(before, name)).length;
  const removed = before.filter(({ name }) => !named(after, name)).length;
  if (added + removed > 1) throw new Error('Cannot perform more than one GSI creation or deletion in a single update');
}

function timeToLiveAttribute(properties: Properties): string | undefined {
  const { AttributeName, Enabled } = properties.object<{ AttributeName?: string; Enabled?: boolean | string }>('TimeToLiveSpecification') ?? {};
  return String(Enabled) === 'true' ? AttributeName : undefined;
}
