import type { AttributeValue, Item } from '../attribute-value';
import { validationError } from '../errors';

/** Attribute names and list indexes, from the item inwards. */
export type DocumentPath = readonly (string | number)[];

export function valueAt(item: Item, [name, ...inner]: DocumentPath): AttributeValue | undefined {
  const start = Object.hasOwn(item, name) ? item[name] : undefined;
  return inner.reduce<AttributeValue | undefined>((value, step) => {
    if (typeof step === 'number') return value?.L?.[step];
    return value?.M && Object.hasOwn(value.M, step) ? value.M[step] : undefined;
  }, start);
}

/** The item with another value at the path, or with none there; the item that is given stays as it is. */
export function withValueAt(item: Item, [name, ...inner]: DocumentPath, value: AttributeValue | undefined): Item {
  const changed = inner.length === 0 ? value : replaced(Object.hasOwn(item, name) ? item[name] : undefined, inner, value);
  return withMember(item, name as string, changed);
}

function replaced(container: AttributeValue | undefined, [step, ...inner]: DocumentPath, value: AttributeValue | undefined): AttributeValue {
  const fits = typeof step === 'number' ? container?.L : container?.M;
  if (container === undefined || fits === undefined) {
    throw validationError('The document path provided in the update expression is invalid for update');
  }
  if (typeof step === 'number') {
    const list = [...container.L!];
    const changed = inner.length === 0 ? value : replaced(list[step], inner, value);
    // What is set behind the end comes right after it.
    if (changed !== undefined) list[Math.min(step, list.length)] = changed;
    else list.splice(step, 1);
    return { L: list };
  }
  const present = Object.hasOwn(container.M!, step) ? container.M![step] : undefined;
  return { M: withMember(container.M!, step, inner.length === 0 ? value : replaced(present, inner, value)) };
}

function withMember(members: Item, name: string, value: AttributeValue | undefined): Item {
  const entries = Object.entries(members).filter(([other]) => other !== name);
  return Object.fromEntries(value === undefined ? entries : [...entries, [name, value]]);
}

/** Whether one path lies on the way of the other. */
export function overlap(one: DocumentPath, other: DocumentPath): boolean {
  return one.slice(0, other.length).every((step, index) => step === other[index]);
}

/** As people write it. */
export function shownPath(path: DocumentPath): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}
