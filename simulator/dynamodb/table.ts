import type { Clock } from '../clock';
import { ServiceError } from '../contracts';
import type { Random } from '../random';
import { canonical, compareValues, sizeOfItem, typeOf, type AttributeValue, type Item } from './attribute-value';
import { invalidParameters, validationError } from './errors';

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

export interface KeySchema {
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute;
}

export interface TableProperties extends KeySchema {
  /** 3 to 255 letters, digits, hyphens, underscores and periods. */
  readonly name: string;
  /** The attribute with the second in which an item expires. @default - items do not expire */
  readonly timeToLiveAttribute?: string;
  /** The customer key that encrypts the table. */
  readonly kmsMasterKeyId?: string;
  /** @default 'PROVISIONED' */
  readonly billingMode?: string;
  /** Whether the table cannot be deleted. @default false */
  readonly deletionProtection?: boolean;
}

/** Bytes. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const limits = { item: 400 * 1024, partitionKey: 2_048, sortKey: 1_024 };

/** Items that expired longer ago are taken for a mistake, and stay. */
const oldestExpiry = 5 * 365 * 24 * 3_600_000;

/** DynamoDB deletes an expired item within a few days; here in a moment of these two, which follows from the seed. */
const longestDeletion = 48 * 3_600_000;

interface Stored {
  readonly item: Item;
  /** When time to live deletes the item; undefined where it stays. */
  vanishesAt: number | undefined;
}

/** A DynamoDB table. What is written is what every later call sees. */
export class Table {
  readonly createdAt: number;
  private readonly stored = new Map<string, Stored>();

  /** @throws ServiceError `ValidationException` for a name that DynamoDB would refuse */
  constructor(readonly arn: string, private settings: TableProperties, private readonly clock: Clock, private readonly random: Random) {
    if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(settings.name)) {
      throw validationError(`'tableName' must be 3 to 255 letters, digits, hyphens, underscores and periods, got '${settings.name}'`);
    }
    this.createdAt = clock.now();
  }

  get properties(): TableProperties {
    return this.settings;
  }

  /** Takes new properties; the name and the keys stay. Another time to live counts for the items that are there, too. */
  configure(properties: TableProperties): void {
    const there = [...this.stored].filter(([key]) => this.present(key) !== undefined);
    const sameExpiry = properties.timeToLiveAttribute === this.settings.timeToLiveAttribute;
    this.settings = properties;
    if (!sameExpiry) for (const [, stored] of there) stored.vanishesAt = this.vanishesAt(stored.item);
  }

  get name(): string {
    return this.properties.name;
  }

  /** In the order of their keys; an expired item is here until it is deleted. */
  get items(): Item[] {
    return [...this.stored].filter(([key]) => this.present(key) !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1)).map(([, { item }]) => item);
  }

  get(key: Item): Item | undefined {
    return this.present(this.keyText(key));
  }

  put(item: Item): void {
    const bytes = sizeOfItem(item);
    if (bytes > limits.item) throw validationError(`Item size has exceeded the maximum allowed size: at most ${limits.item} bytes, got ${bytes}`);
    this.stored.set(this.keyText(item), { item, vanishesAt: this.vanishesAt(item) });
  }

  delete(key: Item): void {
    this.stored.delete(this.keyText(key));
  }

  /** The items whose keys pass, in the order of the sort key. */
  query(passes: (item: Item) => boolean): Item[] {
    const { sortKey } = this.properties;
    const found = this.items.filter(passes);
    return sortKey ? found.sort((one, other) => compareValues(one[sortKey.name], other[sortKey.name])!) : found;
  }

  /** @throws ServiceError `ValidationException` unless the attributes are the key, the whole key, and nothing else */
  checkKey(key: Item): void {
    const attributes = this.keyAttributes();
    const fits = attributes.every(({ name, type }) => Object.hasOwn(key, name) && typeOf(key[name]) === type);
    if (!fits || Object.keys(key).length > attributes.length) throw validationError('The provided key element does not match the schema');
    this.checkKeyValues(key);
  }

  /** @throws ServiceError `ValidationException` unless the item has the whole key */
  checkItem(item: Item): void {
    for (const { name, type } of this.keyAttributes()) {
      if (!Object.hasOwn(item, name)) throw invalidParameters(`Missing the key ${name} in the item`);
      const actual = typeOf(item[name]);
      if (actual !== type) throw invalidParameters(`Type mismatch for key ${name} expected: ${type} actual: ${actual}`);
    }
    this.checkKeyValues(item);
  }

  /** The partition key, then the sort key where there is one. */
  keyAttributes(): KeyAttribute[] {
    const { partitionKey, sortKey } = this.properties;
    return sortKey ? [partitionKey, sortKey] : [partitionKey];
  }

  keyOf(item: Item): Item {
    return Object.fromEntries(this.keyAttributes().map(({ name }) => [name, item[name]]));
  }

  private checkKeyValues(item: Item): void {
    for (const [index, { name }] of this.keyAttributes().entries()) {
      const [kind, most] = index === 0 ? ['hashkey', limits.partitionKey] as const : ['rangekey', limits.sortKey] as const;
      const bytes = byteLength(item[name]);
      if (bytes === 0) {
        throw validationError('One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an '
          + `empty ${typeOf(item[name]) === 'B' ? 'binary' : 'string'} value. Key: ${name}`);
      }
      if (bytes > most) throw invalidParameters(`Size of ${kind} has exceeded the maximum size limit of ${most} bytes, got ${bytes}`);
    }
  }

  private keyText(item: Item): string {
    return this.keyAttributes().map(({ name }) => canonical(item[name])).join('\n');
  }

  private present(key: string): Item | undefined {
    const stored = this.stored.get(key);
    if (stored?.vanishesAt === undefined || this.clock.now() < stored.vanishesAt) return stored?.item;
    this.stored.delete(key);
    return undefined;
  }

  /** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html */
  private vanishesAt(item: Item): number | undefined {
    const { timeToLiveAttribute: name } = this.properties;
    const seconds = name !== undefined && Object.hasOwn(item, name) ? item[name].N : undefined;
    if (seconds === undefined) return undefined;
    const expiresAt = Number(seconds) * 1000;
    const now = this.clock.now();
    if (expiresAt < now - oldestExpiry) return undefined;
    return Math.max(expiresAt, now) + this.random.integer(longestDeletion);
  }
}

function byteLength({ S, B, N }: AttributeValue): number {
  return S !== undefined ? Buffer.byteLength(S) : B?.length ?? N!.length;
}

export function tableNotFound(): ServiceError {
  return new ServiceError('ResourceNotFoundException', 'Requested resource not found');
}
