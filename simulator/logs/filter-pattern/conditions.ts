import { comparisonWith, type Comparison } from './comparison';
import { invalidPattern, type Token } from './tokens';

export type Condition<Subject> = (subject: Subject) => boolean;

/** Reads conditions joined by `&&`, which binds more, and `||`, with parentheses. */
export class ConditionReader<Subject> {
  private position = 0;

  /** @param condition reads a single one */
  constructor(
    private readonly tokens: readonly Token[], private readonly pattern: string,
    private readonly condition: (reader: ConditionReader<Subject>) => Condition<Subject>,
  ) {}

  read(): Condition<Subject> {
    const condition = this.alternatives();
    if (this.next.type !== 'end') this.unexpected();
    return condition;
  }

  get next(): Token {
    return this.tokens[this.position];
  }

  take(): Token {
    return this.tokens[this.position++];
  }

  /** `= value` and its like. */
  comparison(): Comparison {
    const operator = this.take();
    if (operator.type !== 'operator' || !/^(?:=|!=|<=?|>=?)$/.test(operator.text)) {
      return invalidPattern(`a comparison is missing before '${operator.text}'`, this.pattern);
    }
    return comparisonWith(operator.text, this.take(), this.pattern);
  }

  unexpected(): never {
    return invalidPattern(`'${this.next.text}' was not expected`, this.pattern);
  }

  private alternatives(): Condition<Subject> {
    let left = this.conjunction();
    while (this.takes('||')) left = either(left, this.conjunction());
    return left;
  }

  private conjunction(): Condition<Subject> {
    let left = this.primary();
    while (this.takes('&&')) left = both(left, this.primary());
    return left;
  }

  private primary(): Condition<Subject> {
    if (!this.takes('(')) return this.condition(this);
    const inner = this.alternatives();
    if (!this.takes(')')) this.unexpected();
    return inner;
  }

  private takes(operator: string): boolean {
    if (this.next.type !== 'operator' || this.next.text !== operator) return false;
    this.position++;
    return true;
  }
}

function either<Subject>(left: Condition<Subject>, right: Condition<Subject>): Condition<Subject> {
  return (subject) => left(subject) || right(subject);
}

function both<Subject>(left: Condition<Subject>, right: Condition<Subject>): Condition<Subject> {
  return (subject) => left(subject) && right(subject);
}
