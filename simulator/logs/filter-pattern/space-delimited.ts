import { ConditionReader, type Condition } from './conditions';
import { invalidPattern, tokensOf } from './tokens';

const FIELD = /\[([^\]]*)\]|"([^"]*)"|(\S+)/g;

/** The fields of a log event: what stands between brackets or quotation marks is one. */
export function fieldsOf(message: string): string[] {
  return [...message.matchAll(FIELD)].map(([, bracketed, quoted, plain]) => bracketed ?? quoted ?? plain);
}

interface Field {
  /** Empty for one without a name. */
  readonly name: string;
  readonly holds: Condition<string>;
}

const ELLIPSIS = '...';

/** Finds the fields by their names; undefined for an event of another form, or whose fields are not as they should be. */
export function spaceDelimited(inside: string, pattern: string): (message: string) => ReadonlyMap<string, string> | undefined {
  const parts = inside.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((part) => part.trim());
  const at = parts.indexOf(ELLIPSIS);
  if (at !== parts.lastIndexOf(ELLIPSIS)) return invalidPattern(`${ELLIPSIS} may stand once`, pattern);
  const read = (given: readonly string[]): Field[] => given.map((part) => fieldOf(part, pattern));
  const [head, tail] = at < 0 ? [read(parts), []] : [read(parts.slice(0, at)), read(parts.slice(at + 1))];
  return (message) => {
    const values = fieldsOf(message);
    const fixed = head.length + tail.length;
    if (at < 0 ? values.length !== fixed : values.length < fixed) return undefined;
    const found = new Map(values.map((value, index) => [`$${index + 1}`, value]));
    const holds = (field: Field, value: string): boolean => {
      if (field.name !== '') found.set(`$${field.name}`, value);
      return field.holds(value);
    };
    const all = head.every((field, index) => holds(field, values[index]))
      && tail.every((field, index) => holds(field, values[values.length - tail.length + index]));
    return all ? found : undefined;
  };
}

/** `name`, or conditions that each begin with the name. */
function fieldOf(part: string, pattern: string): Field {
  if (/^\w*$/.test(part)) return { name: part, holds: () => true };
  let name: string | undefined;
  const holds = new ConditionReader<string>(tokensOf(part, pattern), pattern, (reader) => {
    const { type, text } = reader.take();
    if (type !== 'word' || !/^\w+$/.test(text)) return invalidPattern(`the name of a field is missing before '${text}'`, pattern);
    if (name !== undefined && text !== name) return invalidPattern(`a field has one name, got '${name}' and '${text}'`, pattern);
    name = text;
    return reader.comparison();
  }).read();
  return { name: name!, holds };
}
