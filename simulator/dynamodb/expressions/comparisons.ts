import { canonical, compareValues, sameValue, type AttributeValue, type Item } from '../attribute-value';
import type { Operand } from './operand';

const orders: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0, '<=': (order) => order <= 0, '>': (order) => order > 0, '>=': (order) => order >= 0,
};

export function ordered(left: Operand, operator: string, right: Operand): (item: Item) => boolean {
  const holds = orders[operator];
  return (item) => {
    const [one, other] = [left.of(item), right.of(item)];
    const order = one && other && compareValues(one, other);
    return order !== undefined && holds(order);
  };
}

export function equal(one: AttributeValue | undefined, other: AttributeValue | undefined): boolean {
  return one !== undefined && other !== undefined && sameValue(one, other);
}

export function beginsWith(value: AttributeValue, part: AttributeValue): boolean {
  if (value.S !== undefined && part.S !== undefined) return value.S.startsWith(part.S);
  return value.B !== undefined && part.B !== undefined && Buffer.from(value.B).subarray(0, part.B.length).equals(part.B);
}

export function contains(value: AttributeValue, part: AttributeValue): boolean {
  if (value.S !== undefined) return part.S !== undefined && value.S.includes(part.S);
  if (value.B !== undefined) return part.B !== undefined && Buffer.from(value.B).includes(Buffer.from(part.B));
  if (value.L) return value.L.some((one) => sameValue(one, part));
  if (value.SS) return part.S !== undefined && value.SS.includes(part.S);
  if (value.NS) return part.N !== undefined && value.NS.includes(part.N);
  return value.BS !== undefined && value.BS.some((one) => canonical({ B: one }) === canonical(part));
}

/** Characters of a text, bytes of binary data, members of all else. */
export function lengthOf(value: AttributeValue | undefined): AttributeValue | undefined {
  const { S, B, SS, NS, BS, L, M } = value ?? {};
  const length = (S ?? B ?? SS ?? NS ?? BS ?? L ?? (M && Object.keys(M)))?.length;
  return length === undefined ? undefined : { N: String(length) };
}
