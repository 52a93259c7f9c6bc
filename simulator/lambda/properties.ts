import { ServiceError } from '../contracts';
import { loggingProblems, type LoggingConfiguration } from './logging';
import { RESERVED_VARIABLES } from './variables';

export interface LambdaContext {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  /** Megabytes, as text. */
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** On the simulation's clock. */
  getRemainingTimeInMillis(): number;
}

interface HandlerSignature {
  handle(event: unknown, context: LambdaContext): unknown;
}

/** A handler in this process; it may return a promise. Any type of event fits, as a handler is written for its own. */
export type Handler = HandlerSignature['handle'];

export interface FunctionProperties extends LoggingConfiguration {
  /** 1 to 64 letters, digits, hyphens and underscores. */
  readonly name: string;
  /** The folder of the unpacked bundle, or the text of inline code. Without it only a supplied handler can run. */
  readonly code?: { readonly folder: string } | { readonly inline: string };
  /** The file and the export, `index.handler` for example. Required with `code`. */
  readonly handler?: string;
  /** Only Node.js runtimes run here; others may be created. @default 'nodejs22.x' */
  readonly runtime?: string;
  /** At most 4 KB in all. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Seconds, 1 to 900. @default 3 */
  readonly timeout?: number;
  /** Megabytes, 128 to 10,240: the worker's heap. @default 128 */
  readonly memorySize?: number;
  /** 0 throttles every invocation. @default - the unreserved concurrency of the account */
  readonly reservedConcurrency?: number;
  readonly roleArn?: string;
  /** The queue or topic that gets an asynchronous event when its last attempt has failed. @default - the event is lost */
  readonly deadLetterTargetArn?: string;
  /** Of asynchronous invocations, 0 to 2. @default 2 */
  readonly maximumRetryAttempts?: number;
  /** Of asynchronous invocations, in seconds, 60 to 21,600. @default 21600 */
  readonly maximumEventAge?: number;
  /** @default '/aws/lambda/' and the name */
  readonly logGroup?: string;
  /** Whether X-Ray samples invocations, as `TracingConfig: Active` has it. @default false */
  readonly activeTracing?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Ranges of the Lambda API: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const RANGES: readonly (readonly [keyof FunctionProperties, number, number])[] = [
  ['timeout', 1, 900],
  ['memorySize', 128, 10_240],
  ['reservedConcurrency', 0, Number.MAX_SAFE_INTEGER],
  ['maximumRetryAttempts', 0, 2],
  ['maximumEventAge', 60, 21_600],
];

const ENVIRONMENT_BYTES = 4096;

/** Throws one `InvalidParameterValueException` that names every property that AWS would refuse. */
export function validate(properties: FunctionProperties): void {
  const problems: string[] = [];
  if (!/^[a-zA-Z0-9-_]{1,64}$/.test(properties.name)) {
    problems.push(`'name' must be 1 to 64 letters, digits, hyphens and underscores, got '${properties.name}'`);
  }
  for (const [name, minimum, maximum] of RANGES) {
    const value = properties[name] as number | undefined;
    if (value === undefined || (Number.isInteger(value) && value >= minimum && value <= maximum)) continue;
    problems.push(maximum === Number.MAX_SAFE_INTEGER
      ? `'${name}' must be a whole number from ${minimum}, got ${value}`
      : `'${name}' must be a whole number from ${minimum} to ${maximum}, got ${value}`);
  }
  if (properties.code && !properties.handler) problems.push('\'handler\' must be set where \'code\' is, got none');
  problems.push(...environmentProblems(properties.environment ?? {}), ...loggingProblems(properties));
  if (problems.length > 0) {
    throw new ServiceError('InvalidParameterValueException', `function '${properties.name}': ${problems.join('; ')}`);
  }
}

function environmentProblems(environment: Readonly<Record<string, string>>): string[] {
  const problems: string[] = [];
  for (const name of Object.keys(environment)) {
    if (RESERVED_VARIABLES.has(name)) problems.push(`'environment' must not set '${name}', which Lambda reserves`);
    else if (!/^[a-zA-Z][a-zA-Z0-9_]+$/.test(name)) problems.push(`'environment' must have names of letters, digits and underscores, got '${name}'`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(environment));
  if (bytes > ENVIRONMENT_BYTES) problems.push(`'environment' must be at most ${ENVIRONMENT_BYTES} bytes of JSON, got ${bytes}`);
  return problems;
}
