import { plainItem, type Table } from '../dynamodb';
import { SimulatedResource, type Surroundings } from './resource';

/** A DynamoDB table of the simulation. */
export class SimulatedTable extends SimulatedResource {
  constructor(path: string, private readonly table: Table, simulation: Surroundings) {
    super(path, simulation);
  }

  get name(): string {
    return this.table.name;
  }

  /** The items that are there now in JavaScript's own types, in the order of their keys; expired ones until they are deleted. */
  get items(): readonly Readonly<Record<string, unknown>>[] {
    return this.table.items.map(plainItem);
  }
}
