import type { Place } from '../contracts';
import type { DeployedResource } from './deployed';
import type { Scope } from './intrinsics';
import type { Template } from './template';

export interface ScopeSource {
  readonly template: Template;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly stack: {
    readonly name: string;
    readonly id: string;
    /** The value of an attribute that no provider gives. @default - there is none */
    readonly standInAttribute?: (resource: DeployedResource, name: string) => string;
  };
  readonly place: Place;
  /** What exists. */
  readonly resource: (logicalId: string) => DeployedResource | undefined;
  readonly importValue: (name: string) => unknown;
}

/** What the intrinsic functions of a stack's template see. */
export function scopeOf({ template, parameters, stack, place, resource, importValue }: ScopeSource): Scope {
  const { account, region, partition } = place;
  return {
    template,
    parameters,
    pseudoParameters: {
      'AWS::AccountId': account,
      'AWS::Region': region,
      'AWS::Partition': partition,
      'AWS::StackName': stack.name,
      'AWS::StackId': stack.id,
      'AWS::URLSuffix': 'amazonaws.com',
    },
    reference: (logicalId) => resource(logicalId)?.ref,
    attribute: (logicalId, name) => {
      const found = resource(logicalId);
      const value = found?.attributes?.[name] ?? (found && stack.standInAttribute?.(found, name));
      if (value === undefined) throw new Error(`'${logicalId}' (${found?.type ?? 'no resource'}) has no attribute '${name}' in the simulator`);
      return value;
    },
    importValue,
  };
}
