import { storedItem, type Item } from './attribute-value';
import { validationError } from './errors';
import { Placeholders } from './expressions/placeholders';

export type Input = Readonly<Record<string, unknown>>;
export type Output = Record<string, unknown>;

/** Conditions of the time before expressions. */
const notModelled = ['AttributesToGet', 'AttributeUpdates', 'ConditionalOperator', 'Expected', 'KeyConditions', 'QueryFilter', 'ScanFilter'];

export function optionalText(input: Input, name: string): string | undefined {
  return input[name] as string | undefined;
}

export function requiredText(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined) throw missing(name);
  return value;
}

export function requiredItem(input: Input, name: string): Item {
  if (input[name] === undefined) throw missing(name);
  return storedItem(input[name] as Readonly<Record<string, unknown>>);
}

/** @throws ServiceError `ValidationException` for a value that is not among them */
export function oneOf<Value extends string>(input: Input, name: string, values: readonly Value[], otherwise: Value): Value {
  const value = optionalText(input, name) ?? otherwise;
  if (!values.includes(value as Value)) {
    throw validationError(`1 validation error detected: Value '${value}' at '${memberName(name)}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(', ')}]`);
  }
  return value as Value;
}

/**
 * The names and values of a request's expressions.
 *
 * @param expressions those that the request may have
 * @throws ServiceError `ValidationException` for names and values of a request that has none
 */
export function placeholdersOf(input: Input, ...expressions: readonly string[]): Placeholders {
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  const withValues = expressions.filter((name) => name !== 'ProjectionExpression');
  if (names !== undefined && expressions.every((name) => input[name] === undefined)) {
    throw validationError('ExpressionAttributeNames can only be specified when using expressions');
  }
  if (values !== undefined && withValues.every((name) => input[name] === undefined)) {
    const are = withValues.length > 1 ? 'are' : 'is';
    throw validationError(`ExpressionAttributeValues can only be specified when using expressions: ${withValues.join(' and ')} ${are} null`);
  }
  return new Placeholders(names as Record<string, string> | undefined, values as Record<string, unknown> | undefined);
}

/** @throws ServiceError `ValidationException` for parameters that the simulator would ignore */
export function refuseUnmodelled(input: Input): void {
  const found = notModelled.filter((name) => input[name] !== undefined);
  if (found.length > 0) throw validationError(`The simulator does not model ${found.map((name) => `'${name}'`).join(', ')} of DynamoDB`);
}

function missing(name: string): Error {
  return validationError(`1 validation error detected: Value null at '${memberName(name)}' failed to satisfy constraint: Member must not be null`);
}

function memberName(name: string): string {
  return name[0].toLowerCase() + name.slice(1);
}
