import { attributeTypes, canonical, compareValues, sameValue, type AttributeValue, type Item } from '../attribute-value';
import { valueAt } from './document-path';
import { ExpressionParser, type Placeholders } from './parser';

export type Condition = (item: Item) => boolean;
type Operand = (item: Item) => AttributeValue | undefined;

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0, '<=': (order) => order <= 0, '>': (order) => order > 0, '>=': (order) => order >= 0,
};

/** The most operands in the list of `IN`. */
const longestList = 100;

/**
 * Reads a condition, or a filter.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 * @throws ServiceError `ValidationException` for what DynamoDB would refuse
 */
export function parseCondition(text: string, placeholders: Placeholders, expression = 'ConditionExpression'): Condition {
  return new ConditionParser(text, placeholders, expression).parse();
}

class ConditionParser extends ExpressionParser {
  parse(): Condition {
    const condition = this.alternatives();
    this.end();
    return condition;
  }

  private alternatives(): Condition {
    const conditions = [this.conjunction()];
    while (this.accept('OR')) conditions.push(this.conjunction());
    return conditions.length === 1 ? conditions[0] : (item) => conditions.some((condition) => condition(item));
  }

  private conjunction(): Condition {
    const conditions = [this.negation()];
    while (this.accept('AND')) conditions.push(this.negation());
    return conditions.length === 1 ? conditions[0] : (item) => conditions.every((condition) => condition(item));
  }

  private negation(): Condition {
    if (!this.accept('NOT')) return this.primary();
    const condition = this.negation();
    return (item) => !condition(item);
  }

  private primary(): Condition {
    if (this.accept('(')) {
      const condition = this.alternatives();
      this.expect(')');
      return condition;
    }
    if (this.calls('attribute_exists', 'attribute_not_exists')) return this.existence();
    if (this.calls('attribute_type', 'begins_with', 'contains')) return this.twoArguments();
    return this.comparison(this.operand());
  }

  private existence(): Condition {
    const wanted = this.take('name').text === 'attribute_exists';
    this.expect('(');
    const path = this.path();
    this.expect(')');
    return (item) => (valueAt(item, path) !== undefined) === wanted;
  }

  private twoArguments(): Condition {
    const name = this.take('name').text;
    this.expect('(');
    const first = this.operand();
    this.expect(',');
    const second = this.operand();
    this.expect(')');
    if (name === 'attribute_type') return this.typeTest(first, second);
    const test = name === 'begins_with' ? beginsWith : contains;
    return (item) => {
      const [value, part] = [first(item), second(item)];
      return value !== undefined && part !== undefined && test(value, part);
    };
  }

  private typeTest(operand: Operand, type: Operand): Condition {
    const wanted = type({})?.S;
    if (!(attributeTypes as readonly (string | undefined)[]).includes(wanted)) {
      throw this.invalid(`Invalid attribute type name found; type: ${wanted}, valid types: {${[...attributeTypes].sort().join(',')}}`);
    }
    return (item) => Object.hasOwn(operand(item) ?? {}, wanted!);
  }

  private comparison(left: Operand): Condition {
    const operator = this.accept('=', '<>', '<=', '>=', '<', '>', 'BETWEEN', 'IN');
    switch (operator) {
      case undefined: throw this.unexpected();
      case 'BETWEEN': return this.between(left);
      case 'IN': return this.membership(left);
      case '=': case '<>': {
        const right = this.operand();
        return (item) => equal(left(item), right(item)) === (operator === '=');
      }
      default: return ordered(left, operator, this.operand());
    }
  }

  private between(left: Operand): Condition {
    const from = this.operand();
    this.expect('AND');
    const [atLeast, atMost] = [ordered(left, '>=', from), ordered(left, '<=', this.operand())];
    return (item) => atLeast(item) && atMost(item);
  }

  private membership(left: Operand): Condition {
    this.expect('(');
    const operands = this.separated(() => this.operand());
    this.expect(')');
    if (operands.length > longestList) throw this.invalid(`The IN operator must have from 1 to ${longestList} operands, got ${operands.length}`);
    return (item) => operands.some((operand) => equal(left(item), operand(item)));
  }

  private operand(): Operand {
    if (this.next.kind === 'value') {
      const value = this.value();
      return () => value;
    }
    if (this.calls('size')) {
      this.take('name');
      this.expect('(');
      const path = this.path();
      this.expect(')');
      return (item) => lengthOf(valueAt(item, path));
    }
    if (this.calls(this.next.text)) throw this.invalid(`Invalid function name; function: ${this.next.text}`);
    const path = this.path();
    return (item) => valueAt(item, path);
  }
}

function ordered(left: Operand, operator: string, right: Operand): Condition {
  const holds = comparisons[operator];
  return (item) => {
    const [one, other] = [left(item), right(item)];
    const order = one && other && compareValues(one, other);
    return order !== undefined && holds(order);
  };
}

function equal(one: AttributeValue | undefined, other: AttributeValue | undefined): boolean {
  return one !== undefined && other !== undefined && sameValue(one, other);
}

export function beginsWith(value: AttributeValue, part: AttributeValue): boolean {
  if (value.S !== undefined && part.S !== undefined) return value.S.startsWith(part.S);
  return value.B !== undefined && part.B !== undefined && Buffer.from(value.B).subarray(0, part.B.length).equals(part.B);
}

function contains(value: AttributeValue, part: AttributeValue): boolean {
  if (value.S !== undefined) return part.S !== undefined && value.S.includes(part.S);
  if (value.B !== undefined) return part.B !== undefined && Buffer.from(value.B).includes(Buffer.from(part.B));
  if (value.L) return value.L.some((one) => sameValue(one, part));
  if (value.SS) return part.S !== undefined && value.SS.includes(part.S);
  if (value.NS) return part.N !== undefined && value.NS.includes(part.N);
  return value.BS !== undefined && value.BS.some((one) => canonical({ B: one }) === canonical(part));
}

/** Characters of a text, bytes of binary data, members of all else. */
function lengthOf(value: AttributeValue | undefined): AttributeValue | undefined {
  const { S, B, SS, NS, BS, L, M } = value ?? {};
  const length = (S ?? B ?? SS ?? NS ?? BS ?? L ?? (M && Object.keys(M)))?.length;
  return length === undefined ? undefined : { N: String(length) };
}
