import { ServiceError } from '../contracts';
import type { LeftOut } from './left-out';
import type { ResourceProvider } from './provider';
import type { Blueprint, StackRecord } from './stack-record';
import type { Template, TemplateResource } from './template';

type Providers = ReadonlyMap<string, ResourceProvider>;

/** Every resource type and property of a stack that would be simulated wrongly or not at all. */
export function unmodelledIn({ request, order, pathOf }: Blueprint, providers: Providers): LeftOut[] {
  return order.flatMap((logicalId) => {
    const { Type: type, Properties: properties = {} } = request.template.Resources![logicalId];
    const place = { stackName: request.name, path: pathOf(logicalId), type };
    const provider = providers.get(type);
    if (!provider) return [place];
    return Object.keys(properties).filter((name) => !knows(provider, name)).map((property) => ({ ...place, property }));
  });
}

/** @throws ServiceError `ValidationError` that lists every resource type and property that is not modelled */
export function refuseUnknown(blueprint: Blueprint, providers: Providers): void {
  const unknown = unmodelledIn(blueprint, providers)
    .map(({ path, type, property }) => (property === undefined ? `${path}: resource type '${type}'` : `${path}: property '${property}' of '${type}'`));
  if (unknown.length > 0) {
    throw new ServiceError('ValidationError',
      `stack '${blueprint.request.name}' has what the simulator does not model:\n${unknown.map((line) => `  - ${line}`).join('\n')}`);
  }
}

/** The template without the properties that are not modelled; of other types it keeps that they are there. */
export function modelledPart(template: Template, providers: Providers): Template {
  const part = (definition: TemplateResource): TemplateResource => {
    const provider = providers.get(definition.Type);
    const known = Object.entries(definition.Properties ?? {}).filter(([name]) => provider !== undefined && knows(provider, name));
    return { ...definition, Properties: Object.fromEntries(known) };
  };
  return {
    ...template,
    Resources: Object.fromEntries(Object.entries(template.Resources ?? {}).map(([logicalId, definition]) => [logicalId, part(definition)])),
  };
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

function knows({ modelled, withoutEffect = [] }: ResourceProvider, property: string): boolean {
  return modelled.includes(property) || withoutEffect.includes(property) || modelled.includes('*');
}
