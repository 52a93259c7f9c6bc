import type { ServiceError } from '../contracts';
import type { AwsQuery, QueryService } from './aws-query';
import { newParameter, readForm } from './form';
import type { Head, Protocol, Reply } from './protocol';

export interface QueryEndpoint {
  readonly protocol: AwsQuery;
  readonly service: QueryService;
}

/** One request of the query protocol that nobody signed: its service follows from its version, or else from its action. */
export class UnsignedQuery implements Protocol {
  private chosen: QueryEndpoint;

  constructor(private readonly endpoints: readonly QueryEndpoint[]) {
    this.chosen = endpoints[0];
  }

  get bodyLimit(): number {
    return this.chosen.protocol.bodyLimit;
  }

  async handle(head: Head, body: Buffer): Promise<Reply> {
    const parameters = newParameter();
    readForm(head.query, parameters);
    readForm(body.toString('utf8'), parameters);
    const version = parameters.children.get('Version')?.value;
    const action = parameters.children.get('Action')?.value;
    this.chosen = this.endpoints.find(({ service }) => version !== undefined && service.namespace.endsWith(`/${version}/`))
      ?? this.endpoints.find(({ service }) => action !== undefined && service.operations[action] !== undefined)
      ?? this.endpoints[0];
    return this.chosen.protocol.handle(head, body);
  }

  refuse(head: Head, error: ServiceError): Reply {
    return this.chosen.protocol.refuse(head, error);
  }
}
