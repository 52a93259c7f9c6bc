import { ServiceError } from '../../contracts';
import type { LiveStack, StackRequest } from '../stack-engine';
import type { Template } from '../template';
import type { StackDetails } from './stack-book';
import type { TemplateText } from './template-source';

/** A request to create or update a stack, read from the API's members. */
export interface ReadRequest {
  readonly request: StackRequest;
  readonly details: StackDetails;
}

export interface Surroundings {
  readonly name: string;
  /** @default - the stack's, where `UsePreviousTemplate` asks for it */
  readonly template: TemplateText | undefined;
  /** Undefined for a new stack. */
  readonly previous?: { readonly stack: LiveStack; readonly details: StackDetails | undefined };
  readonly assets: StackRequest['assets'];
}

interface ParameterInput {
  readonly ParameterKey?: string;
  readonly ParameterValue?: string;
  readonly UsePreviousValue?: boolean;
}

const namesOfIdentities = ['GroupName', 'InstanceProfileName', 'ManagedPolicyName', 'RoleName', 'UserName'];
const identityType = /^AWS::IAM::(AccessKey|Group|InstanceProfile|ManagedPolicy|Policy|Role|User|UserToGroupAddition)$/;

/** @throws ServiceError `ValidationError`, `InsufficientCapabilitiesException` */
export function readRequest(input: Record<string, unknown>, { name, template, previous, assets }: Surroundings): ReadRequest {
  const { text, template: parsed } = template ?? previousTemplate(input, previous);
  const capabilities = (input.Capabilities ?? []) as string[];
  refuseUnmodelled(input);
  checkCapabilities(parsed, capabilities);
  const disableRollback = input.DisableRollback === true || input.OnFailure === 'DO_NOTHING' || input.OnStackFailure === 'DO_NOTHING';
  return {
    request: {
      name, template: parsed, ...parametersOf((input.Parameters ?? []) as ParameterInput[]), disableRollback, assets,
      tags: input.Tags === undefined ? previous?.stack.tags : tagsOf(input.Tags as TagInput[]),
    },
    details: {
      templateText: text, capabilities, disableRollback,
      roleArn: (input.RoleARN ?? previous?.details?.roleArn) as string | undefined,
    },
  };
}

/** What would be kept and do nothing. */
function refuseUnmodelled(input: Record<string, unknown>): void {
  const { RollbackTriggers = [] } = (input.RollbackConfiguration ?? {}) as { RollbackTriggers?: unknown[] };
  const refused = [
    ...['StackPolicyBody', 'StackPolicyURL', 'ResourceTypes'].filter((member) => input[member] !== undefined),
    ...(input.NotificationARNs as unknown[] | undefined ?? []).length > 0 ? ['NotificationARNs'] : [],
    ...RollbackTriggers.length > 0 ? ['RollbackConfiguration'] : [],
    ...input.DeploymentMode === 'REVERT_DRIFT' ? ['DeploymentMode'] : [],
  ];
  if (refused.length > 0) throw new ServiceError('ValidationError', `The simulator does not model ${refused.join(', ')} of a deployment`);
}

function previousTemplate(input: Record<string, unknown>, previous: Surroundings['previous']): TemplateText {
  if (input.UsePreviousTemplate === true && previous !== undefined) {
    const { stack, details } = previous;
    return { template: stack.template, text: details?.templateText ?? JSON.stringify(stack.template) };
  }
  throw new ServiceError('ValidationError', 'Either Template URL or Template Body must be specified.');
}

/** The values that are given, and the names of those that stay as they are. */
function parametersOf(given: readonly ParameterInput[]): Required<Pick<StackRequest, 'parameters' | 'previousParameters'>> {
  for (const { ParameterKey: key, ParameterValue: value, UsePreviousValue: keeps } of given) {
    if (key === undefined) throw new ServiceError('ValidationError', 'Each parameter must have a ParameterKey');
    if (keeps === true && value !== undefined) {
      throw new ServiceError('ValidationError', `Invalid input for parameter key ${key}. `
        + 'Cannot specify usePreviousValue as true and non empty value for a parameter');
    }
  }
  const kept = given.filter(({ UsePreviousValue: keeps }) => keeps === true);
  const named = given.filter((one) => !kept.includes(one));
  return {
    parameters: Object.fromEntries(named.map(({ ParameterKey, ParameterValue = '' }) => [ParameterKey!, ParameterValue])),
    previousParameters: kept.map(({ ParameterKey }) => ParameterKey!),
  };
}

interface TagInput {
  readonly Key?: string;
  readonly Value?: string;
}

function tagsOf(given: readonly TagInput[]): Record<string, string> {
  if (given.length > 50) throw new ServiceError('ValidationError', `'tags' must have at most 50 members, got ${given.length}`);
  return Object.fromEntries(given.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
function checkCapabilities(template: Template, given: readonly string[]): void {
  const missing = capabilitiesOf(template).filter((needed) => (
    !given.includes(needed) && !(needed === 'CAPABILITY_IAM' && given.includes('CAPABILITY_NAMED_IAM'))
  ));
  if (missing.length > 0) throw new ServiceError('InsufficientCapabilitiesException', `Requires capabilities : [${missing.join(', ')}]`);
}

/** What a template asks its user to acknowledge: identities, those with names of their own, macros. */
export function capabilitiesOf(template: Template): string[] {
  const identities = Object.values(template.Resources ?? {}).filter(({ Type }) => identityType.test(Type));
  const named = identities.some(({ Properties = {} }) => namesOfIdentities.some((name) => name in Properties));
  return [
    ...identities.length === 0 ? [] : [named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'],
    ...transformsOf(template).length === 0 ? [] : ['CAPABILITY_AUTO_EXPAND'],
  ];
}

/** The macros that the template names. */
export function transformsOf(template: Template): string[] {
  const { Transform = [] } = template;
  return (Array.isArray(Transform) ? Transform : [Transform]).map((one: unknown) => (
    typeof one === 'string' ? one : String((one as { Name?: string }).Name)
  ));
}
