import type { Clock } from '../clock';
import { ServiceError } from '../contracts';
import type { Random } from '../random';
import { sizeOfItem, type Item } from './attribute-value';
import { validationError } from './errors';
import { ItemCollection } from './item-collection';
import { checkItemKey, keyAttributes, keyText, type KeySchema } from './key-schema';
import { checkIndexKeys, validateIndexes, type SecondaryIndex } from './secondary-index';

export interface TableProperties extends KeySchema {
  /** 3 to 255 letters, digits, hyphens, underscores and periods. */
  readonly name: string;
  /** @default - none */
  readonly indexes?: readonly SecondaryIndex[];
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
const largestItem = 400 * 1024;

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

  /** @throws ServiceError `ValidationException` for a name or indexes that DynamoDB would refuse */
  constructor(readonly arn: string, private settings: TableProperties, private readonly clock: Clock, private readonly random: Random) {
    if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(settings.name)) {
      throw validationError(`'tableName' must be 3 to 255 letters, digits, hyphens, underscores and periods, got '${settings.name}'`);
    }
    validateIndexes(settings, settings.indexes ?? []);
    this.createdAt = clock.now();
  }

  get properties(): TableProperties {
    return this.settings;
  }

  /** Takes new properties; the name and the keys stay. Another time to live counts for the items that are there, too. */
  configure(properties: TableProperties): void {
    validateIndexes(properties, properties.indexes ?? []);
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

  /** As `items`, in no order. */
  values(): Item[] {
    return [...this.stored.keys()].map((key) => this.present(key)).filter((item) => item !== undefined);
  }

  get(key: Item): Item | undefined {
    return this.present(keyText(this.settings, key));
  }

  put(item: Item): void {
    this.stored.set(keyText(this.settings, item), { item, vanishesAt: this.vanishesAt(item) });
  }

  delete(key: Item): void {
    this.stored.delete(keyText(this.settings, key));
  }

  /**
   * What can be queried and scanned: the table, or one of its indexes.
   *
   * @throws ServiceError `ValidationException` when there is no such index
   */
  collection(indexName?: string): ItemCollection {
    if (indexName === undefined) return new ItemCollection(this);
    const index = this.settings.indexes?.find(({ name }) => name === indexName);
    if (!index) throw validationError(`The table does not have the specified index: ${indexName}`);
    return new ItemCollection(this, index);
  }

  /** @throws ServiceError `ValidationException` for an item that has not the whole key, does not fit into an index or is too large */
  checkItem(item: Item, what = 'Item size'): void {
    checkItemKey(this.settings, item);
    checkIndexKeys(this.settings.indexes ?? [], item);
    if (sizeOfItem(item) > largestItem) throw validationError(`${what} has exceeded the maximum allowed size`);
  }

  keyOf(item: Item): Item {
    return Object.fromEntries(keyAttributes(this.settings).map(({ name }) => [name, item[name]]));
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

export function tableNotFound(): ServiceError {
  return new ServiceError('ResourceNotFoundException', 'Requested resource not found');
}
