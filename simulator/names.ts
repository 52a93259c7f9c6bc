import { nameInArn } from './arn';
import type { DeployedResource } from './cloudformation/deployment';
import { type Inventory, nameOf } from './inventory';

const named = [
  'AWS::SQS::Queue', 'AWS::SNS::Topic', 'AWS::Lambda::Function', 'AWS::S3::Bucket', 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm',
  'AWS::Events::EventBus', 'AWS::Events::Rule',
  'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable', 'AWS::KinesisFirehose::DeliveryStream',
];

/** Translates between ARNs, by which services speak, and construct paths, by which people do. */
export class Names {
  private index: { readonly version: number; readonly names: ReadonlyMap<string, string> } | undefined;

  constructor(private readonly inventory: Inventory) {}

  /** The construct path of an ARN, or of the name at its end; what no stack has stays as it is. */
  of(arnOrName: string): string {
    const { version } = this.inventory;
    if (this.index?.version !== version) this.index = { version, names: this.read() };
    return this.index.names.get(arnOrName) ?? arnOrName;
  }

  /** @throws when no resource of these types is at the path, or more than one */
  arnOf(path: string, ...types: string[]): string {
    return arnOf(this.inventory.find(path, ...types));
  }

  private read(): Map<string, string> {
    const resources = this.inventory.all(...named);
    const count = new Map<string, number>();
    const key = (resource: DeployedResource): string => `${resource.type} ${nameOf(resource)}`;
    for (const resource of resources) count.set(key(resource), (count.get(key(resource)) ?? 0) + 1);
    const names = new Map<string, string>();
    for (const resource of resources) {
      const name = count.get(key(resource))! > 1 ? `${resource.stackName}/${nameOf(resource)}` : nameOf(resource);
      for (const id of [arnOf(resource), nameInArn(arnOf(resource))]) if (!names.has(id)) names.set(id, name);
    }
    return names;
  }
}

function arnOf({ ref, attributes, type }: DeployedResource): string {
  return type === 'AWS::SNS::Topic' ? ref : attributes?.Arn ?? ref;
}
