import type { DynamoDbService, KeyAttribute } from '../../dynamodb';
import type { CreatedResource, Properties, ResourceProvider, ResourceToCreate } from '../provider';

interface Encryption {
  readonly KMSMasterKeyId?: string;
}

export function dynamoDbProviders(dynamoDb: DynamoDbService): ResourceProvider[] {
  const create = ({ properties, physicalName }: ResourceToCreate, encryption: Encryption | undefined): CreatedResource => {
    const table = dynamoDb.createTable({
      name: properties.text('TableName') ?? physicalName(255),
      ...keySchema(properties),
      timeToLiveAttribute: timeToLiveAttribute(properties),
      billingMode: properties.text('BillingMode'),
      kmsMasterKeyId: encryption?.KMSMasterKeyId,
    });
    return { ref: table.name, attributes: { Arn: table.arn } };
  };
  const modelled = ['TableName', 'AttributeDefinitions', 'KeySchema', 'TimeToLiveSpecification', 'BillingMode', 'SSESpecification'];
  const shared = { namedBy: 'TableName', delete: ({ ref }: { ref: string }) => dynamoDb.deleteTable(ref) };
  return [
    {
      ...shared,
      type: 'AWS::DynamoDB::Table',
      modelled,
      withoutEffect: [
        'ContributorInsightsSpecification', 'DeletionProtectionEnabled', 'OnDemandThroughput', 'PointInTimeRecoverySpecification',
        'ProvisionedThroughput', 'TableClass', 'Tags', 'WarmThroughput',
      ],
      replaces: ['TableName', 'KeySchema'],
      create: (resource) => create(resource, resource.properties.object<Encryption>('SSESpecification')),
    },
    {
      ...shared,
      type: 'AWS::DynamoDB::GlobalTable',
      modelled: [...modelled, 'Replicas'],
      withoutEffect: ['ReadOnDemandThroughputSettings', 'WarmThroughput', 'WriteOnDemandThroughputSettings', 'WriteProvisionedThroughputSettings'],
      replaces: ['TableName', 'KeySchema'],
      create(resource) {
        const replicas = resource.properties.list<{ SSESpecification?: Encryption }>('Replicas') ?? [];
        if (replicas.length !== 1) throw new Error(`'Replicas' must name one region, the simulation's, got ${replicas.length}`);
        return create(resource, replicas[0].SSESpecification);
      },
    },
  ];
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
