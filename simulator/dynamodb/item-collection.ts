import { createHash } from 'node:crypto';
import { canonical, typeOf, type Item } from './attribute-value';
import { validationError } from './errors';
import { compareSortKeys, keyAttributes, keyText, type KeyAttribute, type KeySchema } from './key-schema';
import { holds, projectedNames, type SecondaryIndex } from './secondary-index';
import type { Table } from './table';

interface Placed {
  readonly item: Item;
  /** By which partitions are in order: 32 bits. */
  readonly hash: number;
}

/**
 * What a query or a scan reads: the items of a table, or those that one of its indexes has. Partitions come in the order of a hash of
 * their key, as on DynamoDB, where nobody can rely on it; in a partition the sort key counts.
 */
export class ItemCollection {
  readonly keys: KeySchema;
  /** The keys of the index and of the table: what a page ends and begins with. */
  readonly keyAttributes: readonly KeyAttribute[];
  /** The attributes that an item has here; undefined for all. */
  readonly projectedNames: ReadonlySet<string> | undefined;

  constructor(private readonly table: Table, readonly index?: SecondaryIndex) {
    this.keys = index ?? table.properties;
    const all = [...keyAttributes(this.keys), ...keyAttributes(table.properties)];
    this.keyAttributes = all.filter(({ name }, position) => all.findIndex((other) => other.name === name) === position);
    this.projectedNames = index && projectedNames(index, table.properties);
  }

  /** Whole items, also where an index has only some of their attributes. */
  items(passes: (item: Item) => boolean): Item[] {
    const { index } = this;
    const found = this.table.values().filter((item) => (index === undefined || holds(index, item)) && passes(item));
    return found.map((item) => this.placed(item)).sort((one, other) => this.compare(one, other)).map(({ item }) => item);
  }

  /** Those of the items that come after a key, or with `backwards` before it. */
  after(items: readonly Item[], startKey: Item, backwards: boolean): Item[] {
    const start = this.placed(startKey);
    return items.filter((item) => this.compare(this.placed(item), start) * (backwards ? -1 : 1) > 0);
  }

  /** In which of so many parts, counted from 0, a parallel scan finds the item. */
  segmentOf(item: Item, segments: number): number {
    return Math.floor(this.placed(item).hash / 2 ** 32 * segments);
  }

  keyOf(item: Item): Item {
    return Object.fromEntries(this.keyAttributes.map(({ name }) => [name, item[name]]));
  }

  /** What the index has of an item. */
  projected(item: Item): Item {
    const names = this.projectedNames;
    return names ? Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name))) : item;
  }

  /** @throws ServiceError `ValidationException` for what no page can have ended with */
  checkStartKey(key: Item): void {
    const fits = this.keyAttributes.every(({ name, type }) => Object.hasOwn(key, name) && typeOf(key[name]) === type);
    if (!fits || Object.keys(key).length > this.keyAttributes.length) {
      throw validationError(`The provided starting key is invalid${this.index ? '' : ': The provided key element does not match the schema'}`);
    }
  }

  private placed(item: Item): Placed {
    const partition = canonical(item[this.keys.partitionKey.name]);
    return { item, hash: createHash('md5').update(partition).digest().readUInt32BE() };
  }

  private compare(one: Placed, other: Placed): number {
    const tieBreak = ({ item }: Placed): string => keyText(this.table.properties, item);
    return one.hash - other.hash || compareSortKeys(this.keys, one.item, other.item) || compareTexts(tieBreak(one), tieBreak(other));
  }
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
