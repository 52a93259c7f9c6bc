import { canonical, typeOf, type AttributeValue, type Item } from '../attribute-value';
import { validationError } from '../errors';
import { addNumbers } from '../number';
import { overlap, shownPath, valueAt, withValueAt, type DocumentPath } from './document-path';
import { ExpressionParser } from './parser';
import type { Placeholders } from './placeholders';

type Operand = (item: Item) => AttributeValue;

interface Action {
  readonly path: DocumentPath;
  /** From the item as it was; undefined where the path shall have no value. */
  readonly result: (item: Item) => AttributeValue | undefined;
}

export interface Update {
  readonly paths: readonly DocumentPath[];
  apply(item: Item): Item;
}

const missing = 'The provided expression refers to an attribute that does not exist in the item';

/**
 * Reads an update.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 * @throws ServiceError `ValidationException` for what DynamoDB would refuse
 */
export function parseUpdate(text: string, placeholders: Placeholders): Update {
  const actions = new UpdateParser(text, placeholders, 'UpdateExpression').parse();
  return {
    paths: actions.map(({ path }) => path),
    apply: (item) => {
      const results = actions.map(({ path, result }) => ({ path, value: result(item) }));
      // Behind first: what is taken out of a list moves what comes after it.
      results.sort((one, other) => lastIndex(other.path) - lastIndex(one.path));
      const [removals, changes] = [results.filter(({ value }) => value === undefined), results.filter(({ value }) => value !== undefined)];
      const changed = changes.reverse().reduce((present, { path, value }) => withValueAt(present, path, value), item);
      return removals.reduce((present, { path }) => (
        valueAt(present, path) === undefined ? present : withValueAt(present, path, undefined)
      ), changed);
    },
  };
}

function lastIndex(path: DocumentPath): number {
  const step = path.at(-1);
  return typeof step === 'number' ? step : -1;
}

class UpdateParser extends ExpressionParser {
  parse(): Action[] {
    const actions: Action[] = [];
    const seen = new Set<string>();
    while (this.next.kind !== 'end') {
      const section = this.accept('SET', 'REMOVE', 'ADD', 'DELETE');
      if (section === undefined) throw this.unexpected();
      if (seen.has(section)) throw this.invalid(`The "${section}" section can only be used once in an update expression;`);
      seen.add(section);
      actions.push(...this.separated(() => this.action(section)));
    }
    this.refuseOverlap(actions.map(({ path }) => path));
    return actions;
  }

  private action(section: string): Action {
    const path = this.path();
    switch (section) {
      case 'SET':
        this.expect('=');
        return { path, result: this.assigned() };
      case 'REMOVE': return { path, result: () => undefined };
      default: {
        const value = this.value();
        this.refuseType(section, value);
        const combine = section === 'ADD' ? added : withoutMembers;
        return { path, result: (item) => combine(valueAt(item, path), value) };
      }
    }
  }

  private assigned(): Operand {
    const left = this.operand();
    const operator = this.accept('+', '-');
    if (operator === undefined) return left;
    const right = this.operand();
    return (item) => {
      const [one, other] = [left(item), right(item)];
      if (one.N === undefined || other.N === undefined) {
        throw validationError('An operand in the update expression has an incorrect data type');
      }
      return { N: addNumbers(one.N, other.N, operator === '+' ? 1 : -1) };
    };
  }

  private operand(): Operand {
    if (this.next.kind === 'value') {
      const value = this.value();
      return () => value;
    }
    if (this.calls('if_not_exists')) return this.presentOr();
    if (this.calls('list_append')) return this.append();
    if (this.calls(this.next.text)) throw this.invalid(`Invalid function name; function: ${this.next.text}`);
    const path = this.path();
    return (item) => {
      const value = valueAt(item, path);
      if (value === undefined) throw validationError(missing);
      return value;
    };
  }

  private presentOr(): Operand {
    this.take('name');
    this.expect('(');
    const path = this.path();
    this.expect(',');
    const otherwise = this.operand();
    this.expect(')');
    return (item) => valueAt(item, path) ?? otherwise(item);
  }

  private append(): Operand {
    this.take('name');
    this.expect('(');
    const first = this.operand();
    this.expect(',');
    const second = this.operand();
    this.expect(')');
    return (item) => {
      const [{ L: one }, { L: other }] = [first(item), second(item)];
      if (!one || !other) throw validationError('An operand in the update expression has an incorrect data type');
      return { L: [...one, ...other] };
    };
  }

  private refuseType(section: string, value: AttributeValue): void {
    const type = typeOf(value);
    const fits = section === 'ADD' ? ['N', 'SS', 'NS', 'BS'] : ['SS', 'NS', 'BS'];
    if (!fits.includes(type)) {
      throw this.invalid(`Incorrect operand type for operator or function; operator: ${section}, operand type: ${type}`);
    }
  }

  private refuseOverlap(paths: readonly DocumentPath[]): void {
    for (const [index, path] of paths.entries()) {
      const other = paths.slice(0, index).find((one) => (one.length < path.length ? overlap(path, one) : overlap(one, path)));
      if (other) {
        throw this.invalid('Two document paths overlap with each other; must remove or rewrite one of these paths; '
          + `path one: [${shownPath(other)}], path two: [${shownPath(path)}]`);
      }
    }
  }
}

function added(present: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (present === undefined) return value;
  if (typeOf(present) !== typeOf(value)) throw validationError('An operand in the update expression has an incorrect data type');
  if (value.N !== undefined) return { N: addNumbers(present.N!, value.N) };
  return combineSets(present, value, (members, others) => [...members, ...others.filter((one) => !has(members, one))])!;
}

function withoutMembers(present: AttributeValue | undefined, value: AttributeValue): AttributeValue | undefined {
  if (present === undefined) return undefined;
  if (typeOf(present) !== typeOf(value)) throw validationError('An operand in the update expression has an incorrect data type');
  return combineSets(present, value, (members, others) => members.filter((one) => !has(others, one)));
}

type Members = readonly (string | Uint8Array)[];

/** A set without members does not exist. */
function combineSets(
  present: AttributeValue, value: AttributeValue, combine: (members: Members, others: Members) => Members,
): AttributeValue | undefined {
  const type = typeOf(value) as 'SS' | 'NS' | 'BS';
  const members = combine(present[type]!, value[type]!);
  return members.length === 0 ? undefined : { [type]: members };
}

function has(members: Members, wanted: string | Uint8Array): boolean {
  if (typeof wanted === 'string') return members.includes(wanted);
  return members.some((one) => canonical({ B: one as Uint8Array }) === canonical({ B: wanted }));
}
