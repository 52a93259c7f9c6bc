import type { ParameterStore } from '../../ssm';
import { alreadyExists, type Properties, type ResourceProvider } from '../provider';

/** Characters, of a parameter of each tier. @see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
const longest: Readonly<Record<string, number>> = { Standard: 4096, Advanced: 8192, 'Intelligent-Tiering': 8192 };

export function ssmProviders(parameters: ParameterStore): ResourceProvider[] {
  return [{
    type: 'AWS::SSM::Parameter',
    modelled: ['Name', 'Type', 'Value', 'AllowedPattern', 'DataType', 'Tier'],
    withoutEffect: ['Description', 'Tags'],
    replaces: ['Name'],
    namedBy: 'Name',
    create({ type, properties, physicalName }) {
      const name = properties.text('Name') ?? `CFN-${physicalName(1000)}`;
      if (parameters.find(name)) throw alreadyExists(type, name);
      return put(parameters, name, properties);
    },
    update: ({ ref, properties }) => put(parameters, ref, properties),
    delete: ({ ref }) => parameters.delete(ref),
  }];
}

function put(parameters: ParameterStore, name: string, properties: Properties): ReturnType<ResourceProvider['create']> {
  const value = properties.requiredText('Value');
  const type = properties.requiredText('Type');
  const tier = properties.text('Tier') ?? 'Standard';
  const pattern = properties.text('AllowedPattern');
  const dataType = properties.text('DataType') ?? 'text';
  const problems: string[] = [];
  if (!/^[A-Za-z0-9_./-]+$/.test(name) || /^\/?(aws|ssm)/i.test(name)) {
    problems.push(`'Name' must have letters, digits, dots, hyphens, underscores and slashes, and not begin with aws or ssm, got '${name}'`);
  }
  if (name.includes('/') && !name.startsWith('/')) problems.push(`'Name' must begin with a slash where it has one, got '${name}'`);
  if (type !== 'String' && type !== 'StringList') problems.push(`'Type' must be String or StringList, got '${type}'`);
  if (dataType !== 'text') problems.push(`'DataType' must be text, the one that is modelled, got '${dataType}'`);
  if (!Object.hasOwn(longest, tier)) problems.push(`'Tier' must be ${Object.keys(longest).join(', ')}, got '${tier}'`);
  else if (value.length < 1 || value.length > longest[tier]) problems.push(`'Value' must have from 1 to ${longest[tier]} characters, got ${value.length}`);
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value)) problems.push(`'Value' must match the 'AllowedPattern' ${pattern}, got '${value}'`);
  if (problems.length > 0) throw new Error(problems.join('; '));
  parameters.put(name, value, type as 'String' | 'StringList');
  return { ref: name, attributes: { Type: type, Value: value } };
}
