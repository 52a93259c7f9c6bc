import { sizeOfItem, type Item } from './attribute-value';
import { oneOf, type Input, type Output } from './input';
import { keyText } from './key-schema';
import { holds, projectedNames, type SecondaryIndex } from './secondary-index';
import type { Table } from './table';

/** Bytes of a unit. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
const unit = { read: 4 * 1024, write: 1024 };

/** A transaction reads or writes each item twice. */
const inTransaction = 2;

interface Consumed {
  table: number;
  readonly indexes: Map<SecondaryIndex, number>;
}

/** The capacity units that one request consumes of its tables, told where it asks by `ReturnConsumedCapacity`. */
export class ConsumedCapacity {
  private readonly wanted: 'INDEXES' | 'TOTAL' | 'NONE';
  private readonly byTable = new Map<Table, Consumed>();

  constructor(input: Input) {
    this.wanted = oneOf(input, 'ReturnConsumedCapacity', ['INDEXES', 'TOTAL', 'NONE'], 'NONE');
  }

  /** @param bytes of all items that are read together */
  read(table: Table, bytes: number, { consistent = false, transaction = false, index = undefined as SecondaryIndex | undefined } = {}): void {
    const units = Math.max(1, Math.ceil(bytes / unit.read)) * (transaction ? inTransaction : consistent ? 1 : 0.5);
    const consumed = this.of(table);
    if (index) consumed.indexes.set(index, (consumed.indexes.get(index) ?? 0) + units);
    else consumed.table += units;
  }

  /** @param item undefined where nothing is there any more */
  write(table: Table, old: Item | undefined, item: Item | undefined, transaction = false): void {
    const consumed = this.of(table);
    const factor = transaction ? inTransaction : 1;
    consumed.table += factor * Math.max(1, units(old), units(item));
    for (const index of table.properties.indexes ?? []) {
      const written = unitsOfIndex(table, index, old, item);
      if (written > 0) consumed.indexes.set(index, (consumed.indexes.get(index) ?? 0) + factor * written);
    }
  }

  /** The member of the answer of an operation for one table. */
  ofTable(): Output {
    const [ConsumedCapacity] = this.list();
    return ConsumedCapacity ? { ConsumedCapacity } : {};
  }

  /** The member of the answer of an operation for several tables. */
  ofTables(): Output {
    return this.wanted === 'NONE' ? {} : { ConsumedCapacity: this.list() };
  }

  private list(): Output[] {
    if (this.wanted === 'NONE') return [];
    return [...this.byTable].map(([{ name }, { table, indexes }]) => {
      const total = { TableName: name, CapacityUnits: [...indexes.values()].reduce((sum, units) => sum + units, table) };
      if (this.wanted === 'TOTAL') return total;
      const members = (global: boolean): [string, Output][] => [...indexes].filter(([index]) => index.global === global)
        .map(([index, CapacityUnits]) => [index.name, { CapacityUnits }]);
      return {
        ...total, Table: { CapacityUnits: table },
        LocalSecondaryIndexes: Object.fromEntries(members(false)), GlobalSecondaryIndexes: Object.fromEntries(members(true)),
      };
    });
  }

  private of(table: Table): Consumed {
    const consumed = this.byTable.get(table) ?? { table: 0, indexes: new Map<SecondaryIndex, number>() };
    this.byTable.set(table, consumed);
    return consumed;
  }
}

function units(item: Item | undefined): number {
  return item ? Math.ceil(sizeOfItem(item) / unit.write) : 0;
}

/** Nothing where the index has the same as before; a deletion and a new item where its key is another one. */
function unitsOfIndex(table: Table, index: SecondaryIndex, old: Item | undefined, item: Item | undefined): number {
  const names = projectedNames(index, table.properties);
  const inIndex = (one: Item | undefined): Item | undefined => (
    one && holds(index, one) ? Object.fromEntries(Object.entries(one).filter(([name]) => names?.has(name) ?? true)) : undefined
  );
  const [before, after] = [inIndex(old), inIndex(item)];
  if (JSON.stringify(before) === JSON.stringify(after)) return 0;
  if (before && after && keyText(index, before) !== keyText(index, after)) return units(before) + units(after);
  return Math.max(units(before), units(after));
}
