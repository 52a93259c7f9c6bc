import type { AttributeValue } from '../attribute-value';
import { validationError } from '../errors';
import type { DocumentPath } from './document-path';
import type { Placeholders } from './placeholders';
import { isReserved } from './reserved-words';

interface Token {
  readonly kind: 'name' | 'placeholder' | 'value' | 'number' | 'symbol' | 'end';
  readonly text: string;
}

const tokenPattern = /\s*(?:(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|([A-Za-z_][A-Za-z0-9_]*)|(\d+)|(<>|<=|>=|[=<>(),.[\]+-]))/y;
/** Bytes. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const longestExpression = 4096;

const kinds = ['placeholder', 'value', 'name', 'number', 'symbol'] as const;

/** What the parsers of all expressions have in common: tokens, document paths and placeholders. */
export abstract class ExpressionParser {
  private readonly tokens: readonly Token[];
  private position = 0;

  /**
   * @param expression which one it is, for errors: `ConditionExpression` and so on
   * @param onAttribute is told each attribute that the expression names
   */
  constructor(
    text: string, protected readonly placeholders: Placeholders, protected readonly expression: string,
    private readonly onAttribute: (name: string) => void = () => {},
  ) {
    if (text.trim() === '') throw this.invalid('The expression can not be empty;');
    const bytes = Buffer.byteLength(text);
    if (bytes > longestExpression) throw this.invalid(`Expression size has exceeded the maximum allowed size; expression size: ${bytes}`);
    this.tokens = this.tokenize(text);
  }

  /** `attribute`, `#name`, and what lies in them: `.member`, `[index]`. */
  protected path(): DocumentPath {
    const steps: (string | number)[] = [this.attributeName()];
    this.onAttribute(steps[0] as string);
    for (;;) {
      if (this.accept('.')) {
        steps.push(this.attributeName());
      } else if (this.accept('[')) {
        steps.push(Number(this.take('number').text));
        this.expect(']');
      } else {
        return steps;
      }
    }
  }

  protected value(): AttributeValue {
    return this.placeholders.value(this.take('value').text, this.expression);
  }

  protected get next(): Token {
    return this.tokens[this.position];
  }

  /** Whether a function's name and its parenthesis come next. */
  protected calls(...names: readonly string[]): boolean {
    return names.includes(this.next.text) && this.tokens[this.position + 1]?.text === '(';
  }

  /** Takes a symbol or a keyword, whose case does not count. */
  protected accept(...texts: readonly string[]): string | undefined {
    const { kind, text } = this.next;
    const found = kind === 'symbol' || kind === 'name' ? texts.find((one) => one === text.toUpperCase()) : undefined;
    if (found !== undefined) this.position++;
    return found;
  }

  /** Whether the parenthesis that comes next ends right before another one: one of the two pairs says nothing. */
  protected closesTwice(): boolean {
    let open = 0;
    const end = this.tokens.findIndex(({ text }, index) => {
      if (index < this.position) return false;
      open += Number(text === '(') - Number(text === ')');
      return open === 0;
    });
    return end >= 0 && this.tokens[end + 1].text === ')';
  }

  protected expect(text: string): void {
    if (this.accept(text) === undefined) throw this.unexpected();
  }

  protected take(kind: Token['kind']): Token {
    if (this.next.kind !== kind) throw this.unexpected();
    return this.tokens[this.position++];
  }

  protected end(): void {
    if (this.next.kind !== 'end') throw this.unexpected();
  }

  protected unexpected(): Error {
    return this.invalid(`Syntax error; token: "${this.next.kind === 'end' ? '<EOF>' : this.next.text}"`);
  }

  protected invalid(reason: string): Error {
    return validationError(`Invalid ${this.expression}: ${reason}`);
  }

  /** @throws what is wrong, where something is */
  protected refuse(problem: string | undefined): void {
    if (problem !== undefined) throw this.invalid(problem);
  }

  /** Items between commas. */
  protected separated<T>(item: () => T): T[] {
    const items = [item()];
    while (this.accept(',')) items.push(item());
    return items;
  }

  private attributeName(): string {
    if (this.next.kind === 'placeholder') return this.placeholders.name(this.take('placeholder').text, this.expression);
    const { text: name } = this.take('name');
    if (isReserved(name)) throw this.invalid(`Attribute name is a reserved keyword; reserved keyword: ${name}`);
    return name;
  }

  private tokenize(text: string): Token[] {
    const tokens: Token[] = [];
    const end = text.trimEnd().length;
    for (tokenPattern.lastIndex = 0; tokenPattern.lastIndex < end;) {
      const start = tokenPattern.lastIndex;
      const match = tokenPattern.exec(text);
      if (!match) throw this.invalid(`Syntax error; token: "${text.slice(start).trim()[0]}", near: "${text.slice(start).trim().slice(0, 20)}"`);
      const index = kinds.findIndex((_kind, group) => match[group + 1] !== undefined);
      tokens.push({ kind: kinds[index], text: match[index + 1] });
    }
    return [...tokens, { kind: 'end', text: '' }];
  }
}
