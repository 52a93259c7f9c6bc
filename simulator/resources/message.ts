import type { MessageAttribute } from '../contracts';

/** What a test sends: an object is sent as JSON. */
export type Message = string | object;

/** The caller of everything that a test does itself. */
export const tester = { principal: 'simulation' } as const;

export interface SendOptions {
  /** Text and numbers become `String` and `Number` attributes, buffers `Binary`, lists `String.Array` (topics only). */
  readonly attributes?: Readonly<Record<string, string | number | Buffer | readonly string[]>>;
  readonly messageGroupId?: string;
  readonly messageDeduplicationId?: string;
}

export const text = (message: Message): string => (typeof message === 'string' ? message : JSON.stringify(message));

export function attributes(given: SendOptions['attributes'] = {}): Record<string, MessageAttribute> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, attribute(value)]));
}

function attribute(value: string | number | Buffer | readonly string[]): MessageAttribute {
  if (Buffer.isBuffer(value)) return { dataType: 'Binary', binaryValue: value };
  if (typeof value === 'number') return { dataType: 'Number', stringValue: String(value) };
  if (typeof value === 'string') return { dataType: 'String', stringValue: value };
  return { dataType: 'String.Array', stringValue: JSON.stringify(value) };
}
