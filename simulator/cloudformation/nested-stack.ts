import { readFileSync } from 'node:fs';
import { ServiceError } from '../contracts';
import { nestedPaths } from './construct-paths';
import type { CreatedResource, ResourceProvider, ResourceToCreate } from './provider';
import type { LiveStack, StackRequest } from './stack-engine';
import type { StackRecord } from './stack-record';
import type { Template } from './template';

/**
 * Stacks in stacks: the template is the asset that `TemplateURL` names, the outputs are the attributes `Outputs.Name`.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
 */
export function nestedStackProvider(
  record: (nameOrId: string) => StackRecord | undefined,
  deploy: (request: StackRequest, outer: StackRecord) => StackRecord,
  remove: (id: string) => LiveStack,
): ResourceProvider {
  const requestOf = (resource: ResourceToCreate, name: string, outer: StackRecord): StackRequest => ({
    name,
    template: templateOf(resource),
    parameters: parametersOf(resource),
    tags: { ...outer.tags, ...resource.properties.tags() },
    paths: nestedPaths(outer.blueprint.request.paths, resource.logicalId),
    assets: resource.asset,
  });
  return {
    type: 'AWS::CloudFormation::Stack',
    modelled: ['TemplateURL', 'Parameters', 'Tags'],
    withoutEffect: ['NotificationARNs', 'TimeoutInMinutes'],
    create(resource) {
      const outer = record(resource.stackId)!;
      return resultOf(deploy(requestOf(resource, resource.physicalName(128), outer), outer), 'CREATE_COMPLETE');
    },
    update(resource) {
      const stack = record(resource.ref)!;
      try {
        return resultOf(deploy(requestOf(resource, stack.name, stack.outer!), stack.outer!), 'UPDATE_COMPLETE');
      } catch (error) {
        if (error instanceof ServiceError && error.message === 'No updates are to be performed.') return undefined;
        throw error;
      }
    },
    delete({ ref }) {
      const { status, statusReason } = remove(ref);
      if (status !== 'DELETE_COMPLETE') throw new Error(`Embedded stack ${ref} was not successfully deleted: ${statusReason}`);
    },
  };
}

function resultOf(stack: StackRecord, wanted: string): CreatedResource {
  if (stack.status !== wanted) {
    throw new Error(`Embedded stack ${stack.id} was not successfully ${wanted === 'CREATE_COMPLETE' ? 'created' : 'updated'}: ${stack.failure?.message}`);
  }
  return {
    ref: stack.id,
    attributes: Object.fromEntries(Object.entries(stack.outputs).map(([name, value]) => [`Outputs.${name}`, String(value)])),
  };
}

function templateOf({ properties, asset }: ResourceToCreate): Template {
  const url = properties.requiredText('TemplateURL');
  const [key, bucket] = url.split('?')[0].split('/').reverse();
  const file = asset(key, bucket);
  if (file === undefined) throw new Error(`'TemplateURL' names '${url}', which is no asset of this stack`);
  return JSON.parse(readFileSync(file, 'utf8')) as Template;
}

/** Lists are joined, as CloudFormation hands them to the parameters of a nested stack. */
function parametersOf({ properties }: ResourceToCreate): Record<string, string> {
  return Object.fromEntries(Object.entries(properties.object('Parameters') ?? {}).map(([name, value]) => [name, String(value)]));
}
