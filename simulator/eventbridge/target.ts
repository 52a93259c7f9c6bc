import { readJsonPath } from './json-path';
import { placeholdersIn, reservedVariables } from './input-template';

/** A target of a rule, as the API and CloudFormation write it. */
export interface Target {
  readonly Id: string;
  /** Of a queue, a topic or a function. */
  readonly Arn: string;
  /** The role that EventBridge calls the target with. @default - EventBridge itself calls, and the target's policy decides */
  readonly RoleArn?: string;
  /** JSON that the target gets in place of the event. */
  readonly Input?: string;
  /** The part of the event that the target gets. */
  readonly InputPath?: string;
  readonly InputTransformer?: { readonly InputPathsMap?: Readonly<Record<string, string>>; readonly InputTemplate: string };
  readonly SqsParameters?: { readonly MessageGroupId?: string };
  readonly RetryPolicy?: {
    /** From 0 to 185. @default 185 */
    readonly MaximumRetryAttempts?: number;
    /** Seconds, from 60 to 86,400. @default 86400 */
    readonly MaximumEventAgeInSeconds?: number;
  };
  /** A standard queue. @default - what cannot be delivered is dropped */
  readonly DeadLetterConfig?: { readonly Arn?: string };
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html */
const limits = { paths: 100, templateCharacters: 8192 };

/** What EventBridge would refuse in a target. */
export function problemsOf(target: Target): string[] {
  const { Id, Arn, Input, InputPath, InputTransformer, RetryPolicy: { MaximumRetryAttempts, MaximumEventAgeInSeconds } = {} } = target;
  const problems: string[] = [];
  const within = (name: string, value: number | undefined, least: number, most: number): void => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
    problems.push(`'${name}' must be a whole number from ${least} to ${most}, got ${value}`);
  };
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(Id)) problems.push(`'Id' must be 1 to 64 letters, digits, dots, hyphens and underscores, got '${Id}'`);
  const inputs = Object.entries({ Input, InputPath, InputTransformer }).filter(([, value]) => value !== undefined).map(([name]) => name);
  if (inputs.length > 1) problems.push(`only one of 'Input', 'InputPath' and 'InputTransformer' may be set, got ${inputs.join(' and ')}`);
  if (Input !== undefined && !isJson(Input)) problems.push(`'Input' must be JSON, got ${Input}`);
  if (InputPath !== undefined && !readJsonPath(InputPath)) problems.push(`'InputPath' must be a path such as $.detail.name, got '${InputPath}'`);
  if (InputTransformer) problems.push(...problemsOfTransformer(InputTransformer));
  if (Arn.endsWith('.fifo') && Arn.split(':')[2] === 'sqs' && !target.SqsParameters?.MessageGroupId) {
    problems.push('\'SqsParameters.MessageGroupId\' is required for a FIFO queue');
  }
  within('RetryPolicy.MaximumRetryAttempts', MaximumRetryAttempts, 0, 185);
  within('RetryPolicy.MaximumEventAgeInSeconds', MaximumEventAgeInSeconds, 60, 86_400);
  const deadLetters = target.DeadLetterConfig?.Arn;
  if (deadLetters !== undefined && (deadLetters.split(':')[2] !== 'sqs' || deadLetters.endsWith('.fifo'))) {
    problems.push(`'DeadLetterConfig.Arn' must be the ARN of a standard queue, got '${deadLetters}'`);
  }
  return problems.map((problem) => `target '${Id}': ${problem}`);
}

function problemsOfTransformer({ InputPathsMap = {}, InputTemplate }: NonNullable<Target['InputTransformer']>): string[] {
  const problems: string[] = [];
  const names = Object.keys(InputPathsMap);
  if (names.length > limits.paths) problems.push(`'InputPathsMap' must have at most ${limits.paths} paths, got ${names.length}`);
  for (const [name, path] of Object.entries(InputPathsMap)) {
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) problems.push(`'InputPathsMap' must have names of letters, digits, hyphens and underscores, got '${name}'`);
    if (!readJsonPath(path)) problems.push(`'InputPathsMap.${name}' must be a path such as $.detail.name, got '${path}'`);
  }
  if (InputTemplate.length < 1 || InputTemplate.length > limits.templateCharacters) {
    problems.push(`'InputTemplate' must have from 1 to ${limits.templateCharacters} characters, got ${InputTemplate.length}`);
  }
  const unknown = placeholdersIn(InputTemplate).filter((name) => !names.includes(name) && !reservedVariables.includes(name));
  if (unknown.length > 0) problems.push(`'InputTemplate' must use variables of 'InputPathsMap' only, got ${unknown.map((name) => `<${name}>`).join(', ')}`);
  return problems;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
