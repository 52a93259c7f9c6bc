import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** A synthesized template, with where it is deployed to. */
export interface DeployedTemplate {
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  readonly template: { readonly Resources: Record<string, TemplateResource>; readonly Outputs?: Record<string, TemplateOutput> };
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly DependsOn?: string | string[];
}

interface TemplateOutput {
  readonly Value: unknown;
  readonly Export?: { readonly Name: string };
}

/** A resource with its properties; every reference in them is the ID of what it refers to. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly arn: string;
  readonly properties: Record<string, unknown>;
  readonly dependsOn: readonly string[];
}

const partition = '${AWS::Partition}';

/** The template of a stack. A stack without account or region has the placeholders of CloudFormation there. */
export function deployed(stack: Stack): DeployedTemplate {
  const [account, region] = [stack.resolve(stack.account) as unknown, stack.resolve(stack.region) as unknown].map((value) => (
    typeof value === 'string' ? value : `\${${(value as { Ref: string }).Ref}}`));
  return { stackName: stack.stackName, account, region, template: Template.fromStack(stack).toJSON() as DeployedTemplate['template'] };
}

/** Every resource of the templates, by its ID. */
export function resourcesOf(templates: readonly DeployedTemplate[]): Map<string, Resource> {
  const resources = templates.flatMap((one) => Object.entries(one.template.Resources).map(([logicalId, resource]): Resource => ({
    id: idOf(one, logicalId),
    type: resource.Type,
    arn: arnOf(one, logicalId, resource),
    properties: plain(resource.Properties ?? {}, one, templates) as Record<string, unknown>,
    dependsOn: [resource.DependsOn ?? []].flat().map((other) => idOf(one, other)),
  })));
  return new Map(resources.map((resource) => [resource.id, resource]));
}

function idOf({ stackName }: DeployedTemplate, logicalId: string): string {
  return `\${${stackName}.${logicalId}}`;
}

/** As CloudFormation would make it, with the ID for the name. */
function arnOf({ stackName, account, region }: DeployedTemplate, logicalId: string, { Type, Properties }: TemplateResource): string {
  const id = `\${${stackName}.${logicalId}}`;
  const [, service, kind] = Type.toLowerCase().split('::');
  if (service === 's3') return `arn:${partition}:s3:::${id}`;
  const name = kind === 'queue' && typeof Properties?.QueueName === 'string' ? Properties.QueueName : id;
  const prefix = { alarm: 'alarm:', compositealarm: 'alarm:', rule: 'rule/' }[kind] ?? '';
  return `arn:${partition}:${service}:${region}:${account}:${prefix}${name}`;
}

/** A value without intrinsic functions: references are IDs, joins are texts. */
function plain(value: unknown, template: DeployedTemplate, templates: readonly DeployedTemplate[]): unknown {
  if (typeof value === 'string') return value.replaceAll('arn:aws:', `arn:${partition}:`);
  if (Array.isArray(value)) return value.map((one) => plain(one, template, templates));
  if (value === null || typeof value !== 'object') return value;
  const [[name, argument], ...others] = [...Object.entries(value), ['', undefined] as const];
  if (others.length === 1) {
    const reference = referred(name, argument, template, templates);
    if (reference !== undefined) return reference;
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one, template, templates)]));
}

function referred(name: string, argument: unknown, template: DeployedTemplate, templates: readonly DeployedTemplate[]): string | undefined {
  switch (name) {
    case 'Ref': return reference(argument as string, template);
    case 'Fn::GetAtt': return idOf(template, (argument as [string, string])[0]);
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map((part) => String(plain(part, template, templates))).join(separator).replaceAll('arn:aws:', `arn:${partition}:`);
    }
    case 'Fn::ImportValue':
    case 'Fn::GetStackOutput': return output(argument, templates);
    default: return undefined;
  }
}

function reference(to: string, template: DeployedTemplate): string {
  if (to === 'AWS::AccountId') return template.account;
  if (to === 'AWS::Region') return template.region;
  return to.startsWith('AWS::') ? `\${${to}}` : idOf(template, to);
}

function output(argument: unknown, templates: readonly DeployedTemplate[]): string {
  for (const other of templates) {
    for (const [outputName, { Value, Export }] of Object.entries(other.template.Outputs ?? {})) {
      const { StackName, OutputName } = argument as { StackName?: string; OutputName?: string };
      if (Export?.Name === argument || (StackName === other.stackName && OutputName === outputName)) {
        return String(plain(Value, other, templates));
      }
    }
  }
  throw new Error(`No template has the output ${JSON.stringify(argument)}`);
}
