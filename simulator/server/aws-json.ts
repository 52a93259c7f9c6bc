import { ServiceError, type ServiceApi } from '../contracts';
import { decompressed } from './compression';
import { serializationError } from './errors';
import { type Head, type Surroundings, type TextProtocol, type TextReply, parkedWhile } from './protocol';
import type { Operation, Operations, Scalar, Shape, Structure } from './shapes';

export interface JsonService {
  readonly api: ServiceApi;
  readonly operations: Operations;
  /** The namespace of its error shapes, for example `com.amazonaws.sqs`. */
  readonly namespace: string;
  /** Of the protocol. @default '1.0' */
  readonly version?: '1.1';
  /** Bytes that a request may have. @default - as many as the server takes of any service */
  readonly bodyLimit?: number;
  /** An error's shape, its code in the query protocol (which SDKs of before the JSON protocol show), and its HTTP status. */
  describe(error: ServiceError): JsonError;
}

export interface JsonError {
  readonly shape: string;
  readonly code: string;
  readonly status: number;
  /** What the error's shape has beside its message. */
  readonly members?: { readonly shape: Structure; readonly values: Readonly<Record<string, unknown>> };
}

/** AWS JSON, compatible with the query protocol's error codes: Amazon SQS, Amazon CloudWatch and AWS Systems Manager. */
export class AwsJson implements TextProtocol {
  constructor(
    private readonly service: JsonService,
    private readonly surroundings: Surroundings,
    readonly bodyLimit: number,
  ) {}

  private get contentType(): string {
    return `application/x-amz-json-${this.service.version ?? '1.0'}`;
  }

  handle(head: Head, body: Buffer): TextReply | Promise<TextReply> {
    if (head.method !== 'POST') {
      throw new ServiceError('UnknownOperationException', `The AWS JSON protocol takes POST requests, got ${head.method}`);
    }
    const target = head.headers['x-amz-target'] as string;
    const name = target.slice(target.indexOf('.') + 1);
    const operation = this.service.operations[name];
    if (operation === undefined) {
      throw new ServiceError('UnknownOperationException', `The simulator does not know the operation ${target}`);
    }
    const given = parse(decompressed(body, head.headers['content-encoding'], this.bodyLimit));
    const input = fits(operation.input, given) ? given : decodeStructure(operation.input, given, '');
    const { api } = this.service;
    const caller = this.surroundings.callerOf(head.accessKeyId);
    const called = api.callNow === undefined ? api.call(name, input, caller) : api.callNow(name, input, caller);
    if (!(called instanceof Promise)) return this.reply(head, operation, called);
    const done = name === 'ReceiveMessage' ? parkedWhile(called, this.surroundings, head.accessKeyId) : called;
    return done.then((output) => this.reply(head, operation, output));
  }

  private reply(head: Head, { output: shape }: Operation, output: Record<string, unknown>): TextReply {
    return {
      status: 200,
      headers: { 'Content-Type': this.contentType, 'x-amzn-RequestId': head.requestId },
      body: shape === undefined ? '{}' : JSON.stringify(shape.plain ? output : encode(shape, output)),
    };
  }

  refuse(head: Head, error: ServiceError): TextReply {
    const { shape, code, status, members } = this.service.describe(error);
    const more = members && encode(members.shape, members.values) as object;
    return {
      status,
      headers: {
        'Content-Type': this.contentType,
        'x-amzn-RequestId': head.requestId,
        'x-amzn-query-error': `${code};${error.fault}`,
      },
      body: JSON.stringify({ __type: `${this.service.namespace}#${shape}`, message: error.message, ...more }),
    };
  }
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw serializationError('The request body is not valid JSON');
  }
}

/** Whether a value is what the shape says as it is, with nothing to leave out or to turn into something else: almost always. */
function fits(shape: Structure, value: unknown): value is Record<string, unknown>;
function fits(shape: Shape, value: unknown): boolean;
function fits(shape: Shape, value: unknown): boolean {
  switch (shape.type) {
    case 'string': return typeof value === 'string';
    case 'integer': return Number.isSafeInteger(value);
    case 'boolean': return typeof value === 'boolean';
    case 'list': return Array.isArray(value) && value.every((item) => fits(shape.item, item));
    case 'structure':
      if (!isObject(value)) return false;
      for (const name in value) {
        const member = shape.members[name];
        if (member === undefined || !fits(member, value[name])) return false;
      }
      return true;
    default: return false;
  }
}

function decodeStructure(shape: Structure, value: unknown, path: string): Record<string, unknown> {
  if (!isObject(value)) throw mismatch(path, 'a structure', value);
  const decoded: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const member = shape.members[name];
    const given = value[name];
    // Members that AWS does not know, and nulls, are left out, as AWS does.
    if (member === undefined || given === null) continue;
    decoded[name] = decode(member, given, path === '' ? name : `${path}.${name}`);
  }
  return decoded;
}

function decode(shape: Shape, value: unknown, path: string): unknown {
  switch (shape.type) {
    case 'structure': return decodeStructure(shape, value, path);
    case 'list':
      if (!Array.isArray(value)) throw mismatch(path, 'a list', value);
      return value.map((item: unknown, index) => decode(shape.item, item, `${path}[${index}]`));
    case 'map': {
      if (!isObject(value)) throw mismatch(path, 'a map', value);
      const entries = Object.entries(value).map(([key, item]) => [key, decode(shape.value, item, `${path}.${key}`)] as const);
      return Object.fromEntries(entries);
    }
    default: return decodeScalar(shape, value, path);
  }
}

function decodeScalar(shape: Scalar, value: unknown, path: string): unknown {
  switch (shape.type) {
    case 'string':
      if (typeof value === 'string') return value;
      throw mismatch(path, 'a string', value);
    case 'integer':
      if (Number.isSafeInteger(value)) return value;
      throw mismatch(path, 'an integer', value);
    case 'double':
      if (typeof value === 'number') return value;
      if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
      throw mismatch(path, 'a number', value);
    case 'boolean':
      if (typeof value === 'boolean') return value;
      throw mismatch(path, 'a boolean', value);
    case 'blob':
      if (typeof value === 'string' && isBase64(value)) return Buffer.from(value, 'base64');
      throw mismatch(path, 'base64 text', value);
    case 'timestamp':
      if (typeof value === 'number' && Math.abs(value) <= 8.64e12) return new Date(Math.round(value * 1000));
      throw mismatch(path, 'a number of seconds since the epoch', value);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isBase64(value: string): boolean {
  return value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
}

function mismatch(path: string, expected: string, value: unknown): ServiceError {
  return serializationError(`${path === '' ? 'The request body' : `'${path}'`} must be ${expected}, got ${shown(value).slice(0, 100)}`);
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return isObject(value) ? 'a structure' : JSON.stringify(value);
}

/**
 * The service's output as JSON carries it: bytes as base64 text, moments as seconds since the epoch, if they aren't already.
 * What has neither is not copied.
 */
function encode(shape: Shape, value: unknown): unknown {
  if (value === undefined || shape.plain) return value;
  switch (shape.type) {
    case 'structure': {
      const given = value as Record<string, unknown>;
      return isEncoded(shape, given) ? given : encodeStructure(shape, given);
    }
    case 'list': return (value as readonly unknown[]).map((item) => encode(shape.item, item));
    case 'map':
      return Object.fromEntries(Object.entries(value as Record<string, unknown>)
        .map(([key, item]) => [key, encode(shape.value, item)]));
    case 'blob': return typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString('base64');
    case 'timestamp': return value instanceof Date ? value.getTime() / 1000 : value;
    default: return value;
  }
}

function isEncoded(shape: Structure, value: Record<string, unknown>): boolean {
  for (const name in value) if (shape.members[name]?.plain !== true && value[name] !== undefined) return false;
  return true;
}

function encodeStructure(shape: Structure, value: Record<string, unknown>): Record<string, unknown> {
  const encoded: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(value)) {
    const member = shape.members[name];
    if (member !== undefined) encoded[name] = encode(member, given);
  }
  return encoded;
}
