import type { Clock } from '../clock';
import { ServiceError, type Caller, type Place, type ServiceApi } from '../contracts';
import type { Random } from '../random';
import { callDynamoDb } from './api';
import { RequestTokens } from './request-tokens';
import { Table, tableNotFound, type TableProperties } from './table';

export { plainItem, type AttributeValue, type Item } from './attribute-value';
export type { KeyAttribute, KeySchema } from './key-schema';
export type { SecondaryIndex } from './secondary-index';
export { Table, type TableProperties } from './table';

/**
 * Decides whether a caller may do something to a table, and throws a `ServiceError` when not.
 * @param action as in policies, for example `dynamodb:PutItem`
 */
export type Authorize = (action: string, table: { readonly arn: string; readonly kmsMasterKeyId?: string }, caller: Caller) => void;

/** Amazon DynamoDB: tables without streams. Every read is consistent, also of a global index. */
export class DynamoDbService implements ServiceApi {
  /** Of the transactions that clients gave one. */
  readonly tokens: RequestTokens;
  private readonly tablesByName = new Map<string, Table>();

  constructor(
    private readonly clock: Clock, private readonly random: Random, private readonly place: Place, private readonly authorize: Authorize,
  ) {
    this.tokens = new RequestTokens(clock);
  }

  /** @throws ServiceError `ResourceInUseException` when there is a table of that name */
  createTable(properties: TableProperties): Table {
    if (this.tablesByName.has(properties.name)) throw new ServiceError('ResourceInUseException', `Table already exists: ${properties.name}`);
    const table = new Table(this.arnOf(properties.name), properties, this.clock, this.random);
    this.tablesByName.set(table.name, table);
    return table;
  }

  /** Throws a `ServiceError` for a table that is protected from deletion. */
  deleteTable(name: string): void {
    if (this.tablesByName.get(name)?.properties.deletionProtection) {
      throw new ServiceError('ValidationException', `Table '${name}' is protected: switch its deletion protection off before it is deleted`);
    }
    this.tablesByName.delete(name);
  }

  /** In the order of their names. */
  tables(): Table[] {
    return [...this.tablesByName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  table(nameOrArn: string): Table | undefined {
    const table = this.tablesByName.get(nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1));
    return table && [table.name, table.arn].includes(nameOrArn) ? table : undefined;
  }

  /**
   * The table, if the caller may do this to it, or to one of its indexes.
   *
   * @throws ServiceError `ResourceNotFoundException`, and what `authorize` throws
   */
  allowed(action: string, nameOrArn: string, caller: Caller, indexName?: string): Table {
    const table = this.table(nameOrArn);
    const { kmsMasterKeyId } = table?.properties ?? {};
    const arn = table?.arn ?? this.arnOf(nameOrArn);
    this.check(action, { arn: indexName === undefined ? arn : `${arn}/index/${indexName}`, kmsMasterKeyId }, caller);
    if (!table) throw tableNotFound();
    return table;
  }

  check(action: string, table: Parameters<Authorize>[1], caller: Caller): void {
    this.authorize(`dynamodb:${action}`, table, caller);
  }

  arnOf(name: string): string {
    const { partition, region, account } = this.place;
    return name.startsWith('arn:') ? name : `arn:${partition}:dynamodb:${region}:${account}:table/${name}`;
  }

  async call(operation: string, input: Record<string, unknown>, caller: Caller): Promise<Record<string, unknown>> {
    return callDynamoDb(this, operation, input, caller);
  }
}
