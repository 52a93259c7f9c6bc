import { compareValues, typeOf, type AttributeValue, type Item } from '../attribute-value';
import { invalidParameters, validationError } from '../errors';
import type { KeySchema } from '../key-schema';
import { beginsWith } from './comparisons';
import { problemOfBounds, problemOfPrefix } from './operand';
import { ExpressionParser } from './parser';
import type { Placeholders } from './placeholders';

interface KeyTest {
  readonly attribute: string;
  readonly operator: string;
  readonly operands: readonly AttributeValue[];
}

const tests: Readonly<Record<string, (value: AttributeValue, operands: readonly AttributeValue[]) => boolean>> = {
  '=': (value, [operand]) => compareValues(value, operand) === 0,
  '<': (value, [operand]) => compareValues(value, operand)! < 0,
  '<=': (value, [operand]) => compareValues(value, operand)! <= 0,
  '>': (value, [operand]) => compareValues(value, operand)! > 0,
  '>=': (value, [operand]) => compareValues(value, operand)! >= 0,
  BETWEEN: (value, [from, to]) => compareValues(value, from)! >= 0 && compareValues(value, to)! <= 0,
  begins_with: (value, [part]) => beginsWith(value, part),
};

/**
 * Reads the condition of a query: the partition key equal to a value, and at most one condition of the sort key.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
 * @throws ServiceError `ValidationException` for what DynamoDB would refuse
 */
export function parseKeyCondition(text: string, placeholders: Placeholders, { partitionKey, sortKey }: KeySchema): (item: Item) => boolean {
  const found = new KeyConditionParser(text, placeholders, 'KeyConditionExpression').parse();
  const ofPartition = found.filter(({ attribute }) => attribute === partitionKey.name);
  const ofSort = found.filter(({ attribute }) => attribute === sortKey?.name);
  if (ofPartition.length === 0) throw validationError(`Query condition missed key schema element: ${partitionKey.name}`);
  if (ofPartition.length + ofSort.length < found.length || ofPartition[0].operator !== '=') throw validationError('Query key condition not supported');
  if (ofPartition.length > 1 || ofSort.length > 1) {
    throw validationError('Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key');
  }
  for (const { attribute, operands } of found) {
    const { type } = attribute === partitionKey.name ? partitionKey : sortKey!;
    if (operands.some((operand) => typeOf(operand) !== type)) throw invalidParameters('Condition parameter type does not match schema type');
  }
  return (item) => found.every(({ attribute, operator, operands }) => tests[operator](item[attribute], operands));
}

class KeyConditionParser extends ExpressionParser {
  parse(): KeyTest[] {
    const found = this.conjunction();
    this.end();
    return found;
  }

  private conjunction(): KeyTest[] {
    const found = this.condition();
    while (this.accept('AND')) found.push(...this.condition());
    return found;
  }

  private condition(): KeyTest[] {
    if (this.accept('(')) {
      const found = this.conjunction();
      this.expect(')');
      return found;
    }
    if (this.calls('begins_with')) return [this.prefix()];
    const attribute = this.attribute();
    const operator = this.accept('=', '<=', '>=', '<', '>', 'BETWEEN');
    if (operator === undefined) throw this.unexpected();
    const operands = [this.value()];
    if (operator === 'BETWEEN') {
      this.expect('AND');
      operands.push(this.value());
      this.refuse(problemOfBounds(operands[0], operands[1]));
    }
    return [{ attribute, operator, operands }];
  }

  private prefix(): KeyTest {
    this.take('name');
    this.expect('(');
    const attribute = this.attribute();
    this.expect(',');
    const operands = [this.value()];
    this.expect(')');
    this.refuse(problemOfPrefix(...operands));
    return { attribute, operator: 'begins_with', operands };
  }

  private attribute(): string {
    const path = this.path();
    if (path.length > 1) throw this.invalid('KeyConditionExpressions cannot have conditions on nested attributes');
    return path[0] as string;
  }
}
