import { ServiceError } from '../contracts';
import type { ResourceProvider } from './provider';
import type { Blueprint, StackRecord } from './stack-record';

/**
 * Refuses what would be simulated wrongly or not at all.
 *
 * @throws ServiceError `ValidationError` that lists every resource type and property that is not modelled
 */
export function refuseUnknown({ request, template, order, pathOf }: Blueprint, providers: ReadonlyMap<string, ResourceProvider>): void {
  const unknown: string[] = [];
  for (const logicalId of order) {
    const { Type, Properties: properties = {} } = template.Resources![logicalId];
    const provider = providers.get(Type);
    if (!provider) {
      unknown.push(`${pathOf(logicalId)}: resource type '${Type}'`);
      continue;
    }
    const known = new Set([...provider.modelled, ...provider.withoutEffect ?? []]);
    for (const name of Object.keys(properties)) {
      if (!known.has(name) && !known.has('*')) unknown.push(`${pathOf(logicalId)}: property '${name}' of '${Type}'`);
    }
  }
  if (unknown.length > 0) {
    throw new ServiceError('ValidationError',
      `stack '${request.name}' has what the simulator does not model:\n${unknown.map((line) => `  - ${line}`).join('\n')}`);
  }
}

/** @throws ServiceError `ValidationError` when a logical ID has another type than before */
export function refuseOtherTypes(present: StackRecord | undefined, { template, order }: Blueprint): void {
  const other = order.filter((logicalId) => {
    const type = present?.present.get(logicalId)?.type;
    return type !== undefined && type !== template.Resources![logicalId].Type;
  });
  if (other.length > 0) {
    throw new ServiceError('ValidationError', `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${other.join(', ')}]`);
  }
}
