import { ConditionReader, type Condition } from './conditions';
import { invalidPattern, tokensOf } from './tokens';

type Path = readonly (string | number)[];

const SELECTOR = /^\$(?:\.?[\w-]+|\.?\[(?:\d+|'[^']+')\])+$/;
const STEP = /\.?(?:([\w-]+)|\[(\d+)\]|\['([^']+)'\])/g;

/** Reads `$.users[0].id`; undefined for what is none. */
export function selectorOf(text: string): Path | undefined {
  if (!SELECTOR.test(text)) return undefined;
  return [...text.slice(1).matchAll(STEP)].map(([, name, index, quoted]) => (index === undefined ? name ?? quoted : Number(index)));
}

/** What a selector points to; undefined where there is nothing. */
export function select(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((node, step) => {
    if (typeof step === 'number') return Array.isArray(node) ? node[step] as unknown : undefined;
    const isObject = typeof node === 'object' && node !== null && !Array.isArray(node);
    return isObject && Object.hasOwn(node, step) ? (node as Record<string, unknown>)[step] : undefined;
  }, root);
}

/** The conditions between the braces, on the document that a log event is. */
export function jsonCondition(inside: string, pattern: string): Condition<unknown> {
  return new ConditionReader<unknown>(tokensOf(inside, pattern), pattern, (reader) => {
    const { text } = reader.take();
    const path = selectorOf(text);
    if (path === undefined) return invalidPattern(`a selector such as $.name is missing before '${text}'`, pattern);
    const { type, text: word } = reader.next;
    if (type === 'word' && word === 'IS') {
      reader.take();
      const wanted = literals[reader.take().text];
      if (wanted === undefined) return invalidPattern('IS takes TRUE, FALSE or NULL', pattern);
      return (document) => select(document, path) === wanted.value;
    }
    if (type === 'word' && word === 'NOT') {
      reader.take();
      if (reader.take().text !== 'EXISTS') return invalidPattern('NOT takes EXISTS', pattern);
      return (document) => select(document, path) === undefined;
    }
    const holds = reader.comparison();
    return (document) => {
      const value = select(document, path);
      return (typeof value === 'string' || typeof value === 'number') && holds(value);
    };
  }).read();
}

const literals: Readonly<Partial<Record<string, { readonly value: unknown }>>> = {
  TRUE: { value: true }, FALSE: { value: false }, NULL: { value: null },
};
