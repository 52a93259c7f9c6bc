import type { MessageAttribute } from '../contracts';
import { invalidParameter, missingParameter } from './errors';

export type Input = Readonly<Record<string, unknown>>;

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalidParameter(`'${name}' must be text, got ${JSON.stringify(value)}`);
  return value;
}

export function text(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined || value === '') throw missingParameter(name);
  return value;
}

/** The query protocol has numbers as text. */
export function optionalInteger(input: Input, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) throw invalidParameter(`'${name}' must be a whole number, got ${JSON.stringify(value)}`);
  return number;
}

export function integer(input: Input, name: string): number {
  const value = optionalInteger(input, name);
  if (value === undefined) throw missingParameter(name);
  return value;
}

function optionalRecord(input: Input, name: string): Input | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw invalidParameter(`'${name}' must be a map, got ${JSON.stringify(value)}`);
  return value as Input;
}

export function textRecord(input: Input, name: string): Record<string, string> | undefined {
  const record = optionalRecord(input, name);
  if (record === undefined) return undefined;
  return Object.fromEntries(Object.keys(record).map((key) => [key, optionalText(record, key) ?? '']));
}

/** As `textRecord`, for a map that must be there. */
export function requiredTextRecord(input: Input, name: string): Record<string, string> {
  const record = textRecord(input, name);
  if (record === undefined) throw missingParameter(name);
  return record;
}

export function texts(input: Input, name: string): string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw invalidParameter(`'${name}' must be a list of texts, got ${JSON.stringify(value)}`);
  }
  return value;
}

export function messageAttributes(input: Input, name: string): Record<string, MessageAttribute> | undefined {
  const record = optionalRecord(input, name);
  if (record === undefined) return undefined;
  return Object.fromEntries(Object.keys(record).map((key) => [key, messageAttribute(key, optionalRecord(record, key) ?? {})]));
}

function messageAttribute(name: string, input: Input): MessageAttribute {
  for (const list of ['StringListValues', 'BinaryListValues']) {
    if (Array.isArray(input[list]) && (input[list] as unknown[]).length > 0) {
      throw invalidParameter(`Message attribute '${name}': '${list}' is reserved by SQS and not implemented`);
    }
  }
  const binary = input.BinaryValue;
  const binaryValue = binary instanceof Uint8Array ? Buffer.from(binary) : base64(optionalText(input, 'BinaryValue'));
  return { dataType: optionalText(input, 'DataType') ?? '', stringValue: optionalText(input, 'StringValue'), binaryValue };
}

function base64(value: string | undefined): Buffer | undefined {
  return value === undefined ? undefined : Buffer.from(value, 'base64');
}
