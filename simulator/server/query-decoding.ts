import { isBase64 } from './aws-json';
import { malformedInput } from './errors';
import type { Parameter } from './form';
import type { List, MapShape, Scalar, Shape, Structure } from './shapes';

/** The input of an operation from the query protocol's parameters. Parameters that the operation does not have are left out. */
export function decodeParameters(shape: Structure, parameter: Parameter, path = ''): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  for (const name in shape.members) {
    const member = shape.members[name];
    const child = parameter.children.get(parameterName(name, member));
    if (child === undefined) continue;
    decoded[name] = decode(member, child, path === '' ? name : `${path}.${name}`);
  }
  return decoded;
}

function parameterName(member: string, shape: Shape): string {
  if (shape.type === 'list' && shape.flattened) return shape.itemName;
  return shape.type === 'map' && shape.flattened ? shape.entryName : member;
}

function decode(shape: Shape, parameter: Parameter, path: string): unknown {
  switch (shape.type) {
    case 'structure': return decodeParameters(shape, parameter, path);
    case 'list': return decodeList(shape, parameter, path);
    case 'map': return decodeMap(shape, parameter, path);
    default:
      if (parameter.value === undefined) throw malformedInput(`'${path}' must be a value, got a structure`);
      return decodeScalar(shape, parameter.value, path);
  }
}

function decodeList(shape: List, parameter: Parameter, path: string): unknown[] {
  const numbered = shape.flattened ? parameter : parameter.children.get(shape.itemName);
  // An empty list is sent as the name alone.
  if (numbered === undefined || numbered.children.size === 0) {
    if (parameter.value === undefined || parameter.value === '') return [];
    throw malformedInput(`'${path}' must be a numbered list, got a value`);
  }
  return inOrder(numbered, path).map((item, index) => decode(shape.item, item, `${path}[${index}]`));
}

function decodeMap(shape: MapShape, parameter: Parameter, path: string): Record<string, unknown> {
  const numbered = shape.flattened ? parameter : parameter.children.get(shape.entryName);
  if (numbered === undefined) return {};
  const entries = inOrder(numbered, path).map((entry, index) => {
    const key = entry.children.get(shape.keyName)?.value;
    const value = entry.children.get(shape.valueName);
    if (key === undefined) throw malformedInput(`'${path}' must have a ${shape.keyName} in entry ${index + 1}`);
    if (value === undefined) throw malformedInput(`'${path}' must have a ${shape.valueName} in entry ${index + 1}`);
    return [key, decode(shape.value, value, `${path}.${key}`)] as const;
  });
  return Object.fromEntries(entries);
}

/** The items of a list by their numbers, which need neither begin at 1 nor stand in order. */
function inOrder(numbered: Parameter, path: string): Parameter[] {
  const items = [...numbered.children].map(([name, item]) => {
    if (!/^\d{1,9}$/.test(name)) throw malformedInput(`'${path}' must be numbered from 1, got '${name.slice(0, 100)}'`);
    return { number: Number(name), item };
  });
  return items.sort((one, other) => one.number - other.number).map(({ item }) => item);
}

function decodeScalar(shape: Scalar, value: string, path: string): unknown {
  switch (shape.type) {
    case 'string': return value;
    case 'integer': {
      const number = Number(value);
      if (!/^[+-]?\d+$/.test(value) || !Number.isSafeInteger(number)) throw mismatch(path, 'an integer', value);
      return number;
    }
    case 'double': {
      const number = Number(value);
      if (value.trim() === '' || (Number.isNaN(number) && value !== 'NaN')) throw mismatch(path, 'a number', value);
      return number;
    }
    case 'boolean':
      if (/^true$/i.test(value)) return true;
      if (/^false$/i.test(value)) return false;
      throw mismatch(path, 'true or false', value);
    case 'blob':
      if (!isBase64(value)) throw mismatch(path, 'base64 text', value);
      return Buffer.from(value, 'base64');
    case 'timestamp': {
      // Old clients send seconds since the epoch, all others ISO 8601.
      const moment = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value);
      if (!(Math.abs(moment) <= 8.64e15)) throw mismatch(path, 'a moment in the form of ISO 8601', value);
      return new Date(moment);
    }
  }
}

function mismatch(path: string, expected: string, value: string): Error {
  return malformedInput(`'${path}' must be ${expected}, got ${JSON.stringify(value.slice(0, 100))}`);
}
