import { storedValue, type AttributeValue } from '../attribute-value';
import { validationError } from '../errors';

type Given<Value> = Readonly<Record<string, Value>> | undefined;

/** What `ExpressionAttributeNames` and `ExpressionAttributeValues` give to the expressions of one request. */
export class Placeholders {
  private readonly used = new Set<string>();
  private readonly names: ReadonlyMap<string, string>;
  private readonly values: ReadonlyMap<string, AttributeValue>;

  /** @throws ServiceError `ValidationException` for what is no placeholder, or no value */
  constructor(names: Given<string>, values: Given<unknown>) {
    this.names = new Map(entriesOf(names, 'ExpressionAttributeNames', '#'));
    this.values = new Map(entriesOf(values, 'ExpressionAttributeValues', ':').map(([name, value]) => [name, storedValue(value)]));
  }

  name(placeholder: string, expression: string): string {
    this.used.add(placeholder);
    const name = this.names.get(placeholder);
    if (name === undefined) {
      throw validationError(`Invalid ${expression}: An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`);
    }
    return name;
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
    unused(this.names.keys(), 'ExpressionAttributeNames');
    unused(this.values.keys(), 'ExpressionAttributeValues');
  }
}

function entriesOf<Value>(given: Given<Value>, member: string, sign: '#' | ':'): [string, Value][] {
  const entries = Object.entries(given ?? {});
  if (given !== undefined && entries.length === 0) throw validationError(`${member} must not be empty`);
  const wrong = entries.find(([name]) => name[0] !== sign || !/^.[A-Za-z0-9_]+$/.test(name));
  if (wrong) throw validationError(`${member} contains invalid key: Syntax error; key: "${wrong[0]}"`);
  return entries;
}
