import type { MessageAttribute } from '../../../simulator/contracts';
import { compileFilterPolicy } from '../../../simulator/sns/filter-policy';
import { PublishedMessage } from '../../../simulator/sns/message';

export type Attributes = Record<string, MessageAttribute>;

export const number = (stringValue: string): MessageAttribute => ({ dataType: 'Number', stringValue });
export const list = (...values: unknown[]): MessageAttribute => ({ dataType: 'String.Array', stringValue: JSON.stringify(values) });

export function passesAttributes(policy: object, attributes: Attributes): boolean {
  return compileFilterPolicy(policy, 'MessageAttributes')(new PublishedMessage('id', 0, { message: 'x', attributes }).filterAttributes());
}

/** @param body the text of a message, or what to write as JSON */
export function passesBody(policy: object, body: unknown): boolean {
  const message = typeof body === 'string' ? body : JSON.stringify(body);
  return compileFilterPolicy(policy, 'MessageBody')(new PublishedMessage('id', 0, { message }).filterBody('sqs'));
}
