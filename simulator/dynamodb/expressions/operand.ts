import { compareValues, typeOf, type AttributeValue, type Item } from '../attribute-value';
import { valueAt, type DocumentPath } from './document-path';

/** What stands beside an operator, or in the parentheses of a function. */
export interface Operand {
  /** Of an item; undefined where the item has none. */
  readonly of: (item: Item) => AttributeValue | undefined;
  /** Of an operand that names an attribute. */
  readonly path?: DocumentPath;
  /** Of an operand that the request gives. */
  readonly literal?: AttributeValue;
}

export const literalOperand = (literal: AttributeValue): Operand => ({ literal, of: () => literal });
export const pathOperand = (path: DocumentPath): Operand => ({ path, of: (item) => valueAt(item, path) });

const orderedTypes = ['S', 'N', 'B'];

/** Why DynamoDB refuses the operands of a comparison; undefined where it takes them. */
export function problemOfComparison(operator: string, left: Operand, ...others: readonly Operand[]): string | undefined {
  const same = others.find(({ path }) => path !== undefined && path.join('\n') === left.path?.join('\n'));
  if (same) {
    return 'The first operand must be distinct from the remaining operands for this operator or function; '
      + `operator: ${operator}, first operand: [${left.path!.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
  }
  if (['=', '<>', 'IN'].includes(operator)) return undefined;
  const unordered = [left, ...others].map(({ literal }) => literal && typeOf(literal)).find((type) => type && !orderedTypes.includes(type));
  return unordered && `Incorrect operand type for operator or function; operator: ${operator}, operand type: ${unordered}`;
}

/** Why DynamoDB refuses the bounds of BETWEEN; undefined where it takes them. */
export function problemOfBounds(from: AttributeValue | undefined, to: AttributeValue | undefined): string | undefined {
  if (!from || !to) return undefined;
  const bounds = `lower bound operand: AttributeValue: ${shown(from)}, upper bound operand: AttributeValue: ${shown(to)}`;
  if (typeOf(from) !== typeOf(to)) return `The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`;
  const order = compareValues(from, to);
  if (order === undefined || order <= 0) return undefined;
  return `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`;
}

/** Why DynamoDB refuses what `begins_with` is given; undefined where it takes it. */
export function problemOfPrefix(...operands: readonly (AttributeValue | undefined)[]): string | undefined {
  const wrong = operands.map((literal) => literal && typeOf(literal)).find((type) => type && type !== 'S' && type !== 'B');
  return wrong && `Incorrect operand type for operator or function; operator or function: begins_with, operand type: ${wrong}`;
}

/** Of a text, a number or bytes, which are the only ones that are in an order. */
function shown(value: AttributeValue): string {
  const { S, N, B } = value;
  return `{${typeOf(value)}:${S ?? N ?? (B && Buffer.from(B).toString('base64'))}}`;
}
