import { type Caller, type InvokableFunction, ServiceError } from '../contracts';
import { type Head, type Protocol, type Reply, type Surroundings, parkedWhile } from './protocol';

/** A function, as the API sees it. */
export interface ServedFunction extends InvokableFunction {
  /** Accepts an event for later, with retries; gives back the request ID. */
  invokeAsync?(event: unknown, caller: Caller): string;
}

/** The functions that can be invoked over HTTP. */
export interface InvokableFunctions {
  function(nameOrArn: string): ServedFunction | undefined;
}

const invocations = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;

/** `Invoke` of the AWS Lambda REST API. */
export class LambdaRest implements Protocol {
  /** Bytes: the longest payload, see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
  readonly bodyLimit = 6 * 1024 * 1024;

  static serves(path: string): boolean {
    return path.startsWith('/2015-03-31/');
  }

  constructor(private readonly functions: InvokableFunctions | undefined, private readonly surroundings: Surroundings) {}

  async handle(head: Head, body: Buffer): Promise<Reply> {
    const { called, nameOrArn } = this.find(head);
    const payload = parsePayload(body);
    const type = header(head, 'x-amz-invocation-type') ?? 'RequestResponse';
    if (type === 'DryRun') return { status: 204, headers: this.headers(head), body: '' };
    const caller = this.surroundings.callerOf(head.accessKeyId);
    if (type === 'Event' && called.invokeAsync !== undefined) {
      return { status: 202, headers: { ...this.headers(head), 'x-amzn-RequestId': called.invokeAsync(payload, caller) }, body: '' };
    }
    if (type !== 'RequestResponse') throw invalid(`'InvocationType' must be RequestResponse, Event or DryRun, got ${type}`);
    if ((header(head, 'x-amz-log-type') ?? 'None') !== 'None') {
      throw invalid("'LogType' must be None: the simulator does not model the tail of logs");
    }

    const result = await parkedWhile(called.invoke(payload, caller), this.surroundings, head.accessKeyId);
    if (result.status === 'throttled') throw new ServiceError('TooManyRequestsException', `Rate exceeded for ${nameOrArn}`, 429);

    const headers = { ...this.headers(head), 'x-amzn-RequestId': result.requestId, 'X-Amz-Executed-Version': '$LATEST' };
    if (result.status === 'succeeded') return { status: 200, headers, body: JSON.stringify(result.payload ?? null) };
    const { error } = result;
    return {
      status: 200,
      headers: { ...headers, 'X-Amz-Function-Error': 'Unhandled' },
      body: JSON.stringify({ errorType: error?.type, errorMessage: error?.message ?? `The invocation ${result.status}`, trace: error?.stack }),
    };
  }

  refuse(head: Head, error: ServiceError): Reply {
    return {
      status: error.status,
      headers: { ...this.headers(head), 'X-Amzn-ErrorType': error.code },
      body: JSON.stringify({ Type: error.status < 500 ? 'User' : 'Service', Message: error.message }),
    };
  }

  private find(head: Head): { called: ServedFunction; nameOrArn: string } {
    const match = invocations.exec(head.path);
    if (match === null || head.method !== 'POST') {
      throw new ServiceError('UnknownOperationException',
        "The simulator serves of AWS Lambda's API only POST /2015-03-31/functions/NAME/invocations, "
          + `got ${head.method} ${head.path}`, 404);
    }
    if (/(?:^|&)Qualifier=(?!%24LATEST(?:&|$)|\$LATEST(?:&|$))/.test(head.query)) {
      throw invalid("'Qualifier' must be $LATEST: the simulator does not model versions and aliases");
    }
    const nameOrArn = decodeName(match[1]);
    const called = this.functions?.function(nameOrArn);
    if (called === undefined) throw new ServiceError('ResourceNotFoundException', `Function not found: ${nameOrArn}`, 404);
    return { called, nameOrArn };
  }

  private headers(head: Head): Record<string, string> {
    return { 'Content-Type': 'application/json', 'x-amzn-RequestId': head.requestId };
  }
}

function parsePayload(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    throw new ServiceError('InvalidRequestContentException', 'Could not parse the request body into JSON');
  }
}

function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw invalid(`'FunctionName' must be percent-encoded UTF-8, got ${encoded}`);
  }
}

function header(head: Head, name: string): string | undefined {
  const value = head.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message);
}
