import type { DeployedResource } from './cloudformation/deployment';
import { type Inventory, nameOf } from './inventory';

const named = [
  'AWS::SQS::Queue', 'AWS::SNS::Topic', 'AWS::Lambda::Function', 'AWS::S3::Bucket', 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm',
];

/** Translates between ARNs, by which services speak, and construct paths, by which people do. */
export class Names {
  constructor(private readonly inventory: Inventory) {}

  /** The construct path of an ARN, or of the name at its end; what no stack has stays as it is. */
  of(arnOrName: string): string {
    const found = this.inventory.all(...named).filter((resource) => [arnOf(resource), lastPart(arnOf(resource))].includes(arnOrName));
    if (found.length === 0) return arnOrName;
    const name = nameOf(found[0]);
    const ambiguous = this.inventory.all(...named).filter((resource) => nameOf(resource) === name && resource.type === found[0].type).length > 1;
    return ambiguous ? `${found[0].stackName}/${name}` : name;
  }

  /** @throws when no resource of these types is at the path, or more than one */
  arnOf(path: string, ...types: string[]): string {
    return arnOf(this.inventory.find(path, ...types));
  }
}

function arnOf({ ref, attributes, type }: DeployedResource): string {
  return type === 'AWS::SNS::Topic' ? ref : attributes?.Arn ?? ref;
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
