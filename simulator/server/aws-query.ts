import { ServiceError, type ServiceApi } from '../contracts';
import { decompressed } from './compression';
import { newParameter, readForm, type Parameter } from './form';
import { type Head, type Protocol, type Reply, type Surroundings, parkedWhile } from './protocol';
import { decodeParameters } from './query-decoding';
import { errorXml, responseXml } from './query-xml';
import type { Operations } from './shapes';

export interface QueryService {
  readonly api: ServiceApi;
  readonly operations: Operations;
  /** The XML namespace of its answers, which ends in the API's version. */
  readonly namespace: string;
  describe(error: ServiceError): { readonly code: string; readonly status: number };
  /** Adds to the input what the service takes from the path of the request. */
  fromPath?(input: Record<string, unknown>, path: string): void;
}

/** The AWS query protocol: form-encoded parameters in, XML out. */
export class AwsQuery implements Protocol {
  constructor(
    private readonly service: QueryService,
    private readonly surroundings: Surroundings,
    readonly bodyLimit: number,
  ) {}

  async handle(head: Head, body: Buffer): Promise<Reply> {
    if (head.method !== 'POST' && head.method !== 'GET') {
      throw new ServiceError('InvalidHttpRequest', `The query protocol takes GET and POST requests, got ${head.method}`);
    }
    const parameters = newParameter();
    readForm(head.query, parameters);
    readForm(decompressed(body, head.headers['content-encoding'], this.bodyLimit).toString('utf8'), parameters);
    const name = actionOf(parameters);
    const operation = this.service.operations[name];
    if (operation === undefined) {
      throw new ServiceError('InvalidAction', `The action ${name} is not valid for this endpoint: the simulator does not know it.`);
    }
    const input = decodeParameters(operation.input, parameters);
    this.service.fromPath?.(input, head.path);
    const called = this.service.api.call(name, input, this.surroundings.callerOf(head.accessKeyId));
    const output = await (name === 'ReceiveMessage' ? parkedWhile(called, this.surroundings, head.accessKeyId) : called);
    return {
      status: 200,
      headers: { 'Content-Type': 'text/xml', 'x-amzn-RequestId': head.requestId },
      body: responseXml(name, this.service.namespace, head.requestId, operation.output, output),
    };
  }

  refuse(head: Head, error: ServiceError): Reply {
    const { code, status } = this.service.describe(error);
    return {
      status,
      headers: { 'Content-Type': 'text/xml', 'x-amzn-RequestId': head.requestId },
      body: errorXml(this.service.namespace, head.requestId, code, error),
    };
  }
}

function actionOf(parameters: Parameter): string {
  const action = parameters.children.get('Action')?.value;
  if (action === undefined || action === '') {
    throw new ServiceError('MissingAction', 'The request is missing the parameter Action.');
  }
  return action;
}
