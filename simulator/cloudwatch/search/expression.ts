import { refuse } from '../math/values';
import { partialMatch } from './words';

/** A metric, as a search sees it. */
export interface Searched {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

type Condition = (metric: Searched) => boolean;

const LONGEST = 1_024;
const TOKEN = /\s*(?:([()=])|"((?:[^"\\]|\\.)*)"|([^\s()="]+))/y;
const OPERATORS = ['AND', 'OR', 'NOT'];

interface Token {
  readonly type: 'sign' | 'exact' | 'word' | 'end';
  readonly text: string;
}

/**
 * Reads what `SEARCH` looks for: a schema in braces, terms, or both.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 * @throws ServiceError `ValidationError` for what cannot be read
 */
export function searchExpression(text: string): Condition {
  if (text.length > LONGEST) refuse(`a search must have at most ${LONGEST} characters, got ${text.length}`);
  const [, schema, rest] = /^\s*(?:\{([^{}]*)\}\s*,?)?(.*)$/s.exec(text)!;
  const inSchema = schema === undefined ? () => true : schemaOf(schema, text);
  if (rest.trim() !== '') {
    const holds = new TermReader(text, rest).read();
    return (metric) => inSchema(metric) && holds(metric);
  }
  return schema === undefined ? refuse('a search must have a schema, a term or both') : inSchema;
}

/** A namespace alone is for all its metrics; with dimensions it is for those that have these and no others. */
function schemaOf(schema: string, text: string): Condition {
  const [namespace, ...dimensions] = (schema.match(/"[^"]*"|[^,]+/g) ?? []).map((part) => part.trim()).filter((part) => part !== '')
    .map((part) => part.replace(/^"(.*)"$/, '$1'));
  if (namespace === undefined) return refuse(`the schema of a search must have a namespace, got '${text}'`);
  return (metric) => metric.namespace === namespace && (dimensions.length === 0
    || (Object.keys(metric.dimensions).length === dimensions.length && dimensions.every((name) => Object.hasOwn(metric.dimensions, name))));
}

/** Terms joined by AND, which need not be written and binds more than OR, and by NOT and parentheses. */
class TermReader {
  private readonly tokens: Token[] = [];
  private position = 0;

  constructor(private readonly text: string, terms: string) {
    for (let at = 0; terms.slice(at).trim() !== ''; at = TOKEN.lastIndex) {
      TOKEN.lastIndex = at;
      const match = TOKEN.exec(terms) ?? refuse(`'${terms.slice(at).trim()[0]}' has no meaning in the search '${text}'`);
      const [, sign, exact, word] = match;
      if (sign !== undefined) this.tokens.push({ type: 'sign', text: sign });
      else if (exact !== undefined) this.tokens.push({ type: 'exact', text: exact.replace(/\\(.)/g, '$1') });
      else this.tokens.push({ type: 'word', text: word });
    }
    this.tokens.push({ type: 'end', text: 'the end' });
  }

  read(): Condition {
    const condition = this.alternatives();
    return this.next.type === 'end' ? condition : this.unexpected();
  }

  private get next(): Token {
    return this.tokens[this.position];
  }

  private alternatives(): Condition {
    const conditions = [this.conjunction()];
    while (this.takes('word', 'OR')) conditions.push(this.conjunction());
    return (metric) => conditions.some((holds) => holds(metric));
  }

  private conjunction(): Condition {
    const conditions = [this.negation()];
    while (this.takes('word', 'AND') || this.beginsTerm()) conditions.push(this.negation());
    return (metric) => conditions.every((holds) => holds(metric));
  }

  private beginsTerm(): boolean {
    const { type, text } = this.next;
    return type === 'exact' || (type === 'word' && text !== 'OR') || (type === 'sign' && text === '(');
  }

  private negation(): Condition {
    if (this.takes('word', 'NOT')) {
      const holds = this.negation();
      return (metric) => !holds(metric);
    }
    if (!this.takes('sign', '(')) return this.term();
    const inner = this.alternatives();
    return this.takes('sign', ')') ? inner : this.unexpected();
  }

  private term(): Condition {
    const first = this.value();
    if (!this.takes('sign', '=')) return (metric) => namesIn(metric).some(first.matches);
    if (first.text.startsWith(':aws.')) return refuse(`a search in other accounts is not modelled by the simulator, got '${first.text}'`);
    const property = first.text;
    const { matches } = this.value();
    return (metric) => {
      const value = propertyOf(metric, property);
      return value !== undefined && matches(value);
    };
  }

  private value(): { readonly text: string; readonly matches: (name: string) => boolean } {
    const { type, text } = this.next;
    if (type === 'sign' || type === 'end' || (type === 'word' && OPERATORS.includes(text))) return this.unexpected();
    this.position++;
    return { text, matches: type === 'exact' ? (name) => name === text : partialMatch(text) };
  }

  private takes(type: Token['type'], text: string): boolean {
    if (this.next.type !== type || this.next.text !== text) return false;
    this.position++;
    return true;
  }

  private unexpected(): never {
    return refuse(`'${this.next.text}' was not expected in the search '${this.text}'`);
  }
}

function namesIn({ namespace, name, dimensions }: Searched): string[] {
  return [name, namespace, ...Object.entries(dimensions).flat()];
}

function propertyOf({ namespace, name, dimensions }: Searched, property: string): string | undefined {
  if (property === 'MetricName') return name;
  if (property === 'Namespace') return namespace;
  return Object.hasOwn(dimensions, property) ? dimensions[property] : undefined;
}
