import { sizeOfItem } from './attribute-value';
import type { Output } from './input';
import { keyAttributes, type KeySchema } from './key-schema';
import type { SecondaryIndex } from './secondary-index';
import type { Table } from './table';

export function describeTable(table: Table): Output {
  const { name, arn, createdAt, items, properties } = table;
  const { billingMode, kmsMasterKeyId, deletionProtection, indexes = [] } = properties;
  const definitions = new Map([properties, ...indexes].flatMap(keyAttributes).map(({ name: key, type }) => [key, type]));
  const described = (global: boolean): Output[] => indexes.filter((index) => index.global === global).map((index) => descriptionOf(table, index));
  return {
    Table: {
      TableName: name,
      TableArn: arn,
      TableStatus: 'ACTIVE',
      CreationDateTime: new Date(createdAt),
      ItemCount: items.length,
      TableSizeBytes: items.reduce((bytes, item) => bytes + sizeOfItem(item), 0),
      AttributeDefinitions: [...definitions].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
      KeySchema: elementsOf(properties),
      BillingModeSummary: { BillingMode: billingMode ?? 'PROVISIONED' },
      DeletionProtectionEnabled: deletionProtection ?? false,
      ...indexes.some(({ global }) => !global) && { LocalSecondaryIndexes: described(false) },
      ...indexes.some(({ global }) => global) && { GlobalSecondaryIndexes: described(true) },
      ...(kmsMasterKeyId && { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: kmsMasterKeyId } }),
    },
  };
}

export function describeTimeToLive({ properties: { timeToLiveAttribute } }: Table): Output {
  return {
    TimeToLiveDescription: timeToLiveAttribute === undefined
      ? { TimeToLiveStatus: 'DISABLED' } : { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLiveAttribute },
  };
}

function descriptionOf(table: Table, { name, global, projection, nonKeyAttributes, ...keys }: SecondaryIndex): Output {
  const collection = table.collection(name);
  const items = collection.items(() => true);
  return {
    IndexName: name,
    IndexArn: `${table.arn}/index/${name}`,
    ...global && { IndexStatus: 'ACTIVE' },
    KeySchema: elementsOf(keys),
    Projection: { ProjectionType: projection, ...nonKeyAttributes && { NonKeyAttributes: nonKeyAttributes } },
    ItemCount: items.length,
    IndexSizeBytes: items.reduce((bytes, item) => bytes + sizeOfItem(collection.projected(item)), 0),
  };
}

function elementsOf(keys: KeySchema): Output[] {
  return keyAttributes(keys).map(({ name }, index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' }));
}
