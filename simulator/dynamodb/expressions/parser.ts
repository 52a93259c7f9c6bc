import { storedValue, type AttributeValue } from '../attribute-value';
import { validationError } from '../errors';
import type { DocumentPath } from './document-path';

interface Token {
  readonly kind: 'name' | 'placeholder' | 'value' | 'number' | 'symbol' | 'end';
  readonly text: string;
}

const tokenPattern = /\s*(?:(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|([A-Za-z_][A-Za-z0-9_]*)|(\d+)|(<>|<=|>=|[=<>(),.[\]+-]))/y;
const kinds = ['placeholder', 'value', 'name', 'number', 'symbol'] as const;

/** What `ExpressionAttributeNames` and `ExpressionAttributeValues` give to the expressions of one request. */
export class Placeholders {
  private readonly used = new Set<string>();
  private readonly values: ReadonlyMap<string, AttributeValue>;

  constructor(
    private readonly names: Readonly<Record<string, string>> = {}, values: Readonly<Record<string, unknown>> = {},
  ) {
    this.values = new Map(Object.entries(values).map(([name, value]) => [name, storedValue(value)]));
  }

  name(placeholder: string, expression: string): string {
    this.used.add(placeholder);
    if (!Object.hasOwn(this.names, placeholder)) {
      throw validationError(`Invalid ${expression}: An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`);
    }
    return this.names[placeholder];
  }

  value(placeholder: string, expression: string): AttributeValue {
    this.used.add(placeholder);
    const value = this.values.get(placeholder);
    if (value === undefined) {
      throw validationError(`Invalid ${expression}: An expression attribute value used in expression is not defined; attribute value: ${placeholder}`);
    }
    return value;
  }

  /** @throws ServiceError `ValidationException` when a name or value is in no expression */
  refuseUnused(): void {
    const unused = (given: Iterable<string>, what: string): void => {
      const left = [...given].filter((placeholder) => !this.used.has(placeholder));
      if (left.length > 0) throw validationError(`Value provided in ${what} unused in expressions: keys: {${left.join(', ')}}`);
    };
    unused(Object.keys(this.names), 'ExpressionAttributeNames');
    unused(this.values.keys(), 'ExpressionAttributeValues');
  }
}

/** What the parsers of all expressions have in common: tokens, document paths and placeholders. */
export abstract class ExpressionParser {
  private readonly tokens: readonly Token[];
  private position = 0;

  /** @param expression which one it is, for errors: `ConditionExpression` and so on */
  constructor(text: string, protected readonly placeholders: Placeholders, protected readonly expression: string) {
    if (text.trim() === '') throw this.invalid('The expression can not be empty;');
    this.tokens = this.tokenize(text);
  }

  /** `attribute`, `#name`, and what lies in them: `.member`, `[index]`. */
  protected path(): DocumentPath {
    const steps: (string | number)[] = [this.attributeName()];
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

  /** Items between commas. */
  protected separated<T>(item: () => T): T[] {
    const items = [item()];
    while (this.accept(',')) items.push(item());
    return items;
  }

  private attributeName(): string {
    if (this.next.kind === 'placeholder') return this.placeholders.name(this.take('placeholder').text, this.expression);
    return this.take('name').text;
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
