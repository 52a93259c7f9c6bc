import type { DynamoDbService, KeyAttribute, TableProperties } from '../../dynamodb';
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
      dynamoDb.table(ref)!.configure(tableProperties(ref, properties, replicaOf(properties)));
    },
    delete: ({ ref }: { ref: string }) => dynamoDb.deleteTable(ref),
  });
  const modelled = ['TableName', 'AttributeDefinitions', 'KeySchema', 'TimeToLiveSpecification', 'BillingMode', 'SSESpecification'];
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
    ...keySchema(properties),
    timeToLiveAttribute: timeToLiveAttribute(properties),
    billingMode: properties.text('BillingMode'),
    kmsMasterKeyId: SSESpecification?.KMSMasterKeyId,
    deletionProtection: String(DeletionProtectionEnabled) === 'true',
  };
}

function keySchema(properties: Properties): { partitionKey: KeyAttribute; sortKey?: KeyAttribute } {
  const types = new Map(properties.list<{ AttributeName: string; AttributeType: KeyAttribute['type'] }>('AttributeDefinitions')
    ?.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]));
  const keys = properties.list<{ AttributeName: string; KeyType: string }>('KeySchema') ?? [];
  const key = (wanted: string): KeyAttribute | undefined => {
    const name = keys.find(({ KeyType }) => KeyType === wanted)?.AttributeName;
    if (name === undefined) return undefined;
    const type = types.get(name);
    if (type === undefined) throw new Error(`'AttributeDefinitions' must have the key '${name}' of 'KeySchema'`);
    return { name, type };
  };
  const partitionKey = key('HASH');
  if (!partitionKey) throw new Error('\'KeySchema\' must have one key of the type HASH');
  return { partitionKey, sortKey: key('RANGE') };
}

function timeToLiveAttribute(properties: Properties): string | undefined {
  const { AttributeName, Enabled } = properties.object<{ AttributeName?: string; Enabled?: boolean | string }>('TimeToLiveSpecification') ?? {};
  return String(Enabled) === 'true' ? AttributeName : undefined;
}
