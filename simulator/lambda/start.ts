import { ExecutionEnvironment } from './environment';
import type { FunctionHost, LambdaFunction } from './function';
import type { InvocationContext } from './protocol';
import { environmentVariables } from './variables';

/** Why a function cannot run at all. */
export function refusalOf({ handler, properties: { name, code, runtime = 'nodejs22.x' } }: LambdaFunction): string | undefined {
  if (handler) return undefined;
  const fix = `give '${name}' a handler of this process by the option 'handlers', '--handlers' of the command line, or its property 'handler'`;
  if (!runtime.startsWith('nodejs')) return `the simulator runs Node.js runtimes, not '${runtime}': ${fix}`;
  if (!code) return `the function has no code that the simulator can load: ${fix}`;
  return undefined;
}

export function startEnvironment(host: FunctionHost, fn: LambdaFunction): ExecutionEnvironment {
  const { clock, random, place, options } = host;
  const { code, handler, runtime = 'nodejs22.x', environment = {} } = fn.properties;
  const logStream = newLogStream(host);
  return new ExecutionEnvironment(clock, {
    settings: { code: code!, handler: handler!, seed: random.integer(2 ** 32) },
    variables: environmentVariables({
      name: fn.name, handler: handler!, runtime, memorySize: fn.memorySize, environment, logGroup: fn.logGroup, logStream,
      taskRoot: 'folder' in code! ? code.folder : '/var/task', credentials: host.credentials(fn), logging: fn.properties,
    }, place),
    logStream,
    memorySize: fn.memorySize,
    realTimeLimit: options.realTimeLimit,
    log: (line, requestId, printed) => fn.write(line, requestId, logStream, printed),
  });
}

export function contextOf(fn: LambdaFunction, awsRequestId: string, logStreamName: string): InvocationContext {
  return {
    functionName: fn.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: fn.arn,
    memoryLimitInMB: String(fn.memorySize),
    awsRequestId,
    logGroupName: fn.logGroup,
    logStreamName,
  };
}

export function newLogStream({ clock, random }: FunctionHost): string {
  const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[$LATEST]${random.hex(32)}`;
}
