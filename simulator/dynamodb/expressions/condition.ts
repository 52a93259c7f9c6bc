import { attributeTypes, type Item } from '../attribute-value';
import { beginsWith, contains, equal, lengthOf, ordered } from './comparisons';
import { valueAt } from './document-path';
import { literalOperand, pathOperand, problemOfBounds, problemOfComparison, problemOfPrefix, type Operand } from './operand';
import { ExpressionParser } from './parser';
import type { Placeholders } from './placeholders';

export type Condition = (item: Item) => boolean;

/** The most operands in the list of `IN`. */
const longestList = 100;

/**
 * Reads a condition, or a filter.
 *
 * @param onAttribute is told each attribute, and throws for one that must not be there
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 * @throws ServiceError `ValidationException` for what DynamoDB would refuse
 */
export function parseCondition(
  text: string, placeholders: Placeholders, expression = 'ConditionExpression', onAttribute: (name: string) => void = () => {},
): Condition {
  return new ConditionParser(text, placeholders, expression, onAttribute).parse();
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
      if (this.next.text === '(' && this.closesTwice()) throw this.invalid('The expression has redundant parentheses;');
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
    this.refuse(name === 'begins_with' ? problemOfPrefix(first.literal, second.literal) : undefined);
    const test = name === 'begins_with' ? beginsWith : contains;
    return (item) => {
      const [value, part] = [first.of(item), second.of(item)];
      return value !== undefined && part !== undefined && test(value, part);
    };
  }

  private typeTest(operand: Operand, type: Operand): Condition {
    const wanted = type.literal?.S;
    if (!(attributeTypes as readonly (string | undefined)[]).includes(wanted)) {
      throw this.invalid(`Invalid attribute type name found; type: ${wanted}, valid types: {${[...attributeTypes].sort().join(',')}}`);
    }
    return (item) => Object.hasOwn(operand.of(item) ?? {}, wanted!);
  }

  private comparison(left: Operand): Condition {
    const operator = this.accept('=', '<>', '<=', '>=', '<', '>', 'BETWEEN', 'IN');
    switch (operator) {
      case undefined: throw this.unexpected();
      case 'BETWEEN': return this.between(left);
      case 'IN': return this.membership(left);
      default: break;
    }
    const right = this.operand();
    this.refuse(problemOfComparison(operator, left, right));
    if (operator !== '=' && operator !== '<>') return ordered(left, operator, right);
    return (item) => equal(left.of(item), right.of(item)) === (operator === '=');
  }

  private between(left: Operand): Condition {
    const from = this.operand();
    this.expect('AND');
    const to = this.operand();
    this.refuse(problemOfComparison('BETWEEN', left, from, to) ?? problemOfBounds(from.literal, to.literal));
    const [atLeast, atMost] = [ordered(left, '>=', from), ordered(left, '<=', to)];
    return (item) => atLeast(item) && atMost(item);
  }

  private membership(left: Operand): Condition {
    this.expect('(');
    const operands = this.separated(() => this.operand());
    this.expect(')');
    if (operands.length > longestList) throw this.invalid(`The IN operator must have from 1 to ${longestList} operands, got ${operands.length}`);
    this.refuse(problemOfComparison('IN', left, ...operands));
    return (item) => operands.some((operand) => equal(left.of(item), operand.of(item)));
  }

  private operand(): Operand {
    if (this.next.kind === 'value') return literalOperand(this.value());
    if (this.calls('size')) {
      this.take('name');
      this.expect('(');
      const path = this.path();
      this.expect(')');
      return { of: (item) => lengthOf(valueAt(item, path)) };
    }
    if (this.calls(this.next.text)) throw this.invalid(`Invalid function name; function: ${this.next.text}`);
    return pathOperand(this.path());
  }
}
