import type { Clock } from '../clock';
import { ServiceError, type Caller, type MessageAttribute, type MessageToSend, type ReceivedMessage } from '../contracts';
import { integer, messageAttributes, optionalInteger, optionalText, text, texts, type Input } from './api-input';
import { invalidParameter, outOfRange } from './errors';
import { longPoll } from './long-poll';
import { md5, md5OfAttributes } from './md5';
import { checkFifoIdentifier, messageBytes } from './message-validation';
import type { Queue } from './queue';

/** Seconds. */
const waitRange = [0, 20] as const;
const traceHeader = 'AWSTraceHeader';
const systemAttributeNames = [
  'All', 'SenderId', 'SentTimestamp', 'ApproximateReceiveCount', 'ApproximateFirstReceiveTimestamp', 'SequenceNumber',
  'MessageDeduplicationId', 'MessageGroupId', traceHeader, 'DeadLetterQueueSourceArn',
];

/** A message that a request has, and the bytes that count against the size limits. */
export interface Measured {
  readonly message: MessageToSend;
  readonly bytes: number;
}

/** Throws what AWS would refuse. */
export function measured(input: Input): Measured {
  const message = messageToSend(input);
  return { message, bytes: messageBytes(message) };
}

function messageToSend(input: Input): MessageToSend {
  const body = text(input, 'MessageBody');
  return {
    body,
    bodyDigest: md5(body),
    attributes: messageAttributes(input, 'MessageAttributes'),
    delaySeconds: optionalInteger(input, 'DelaySeconds'),
    messageGroupId: optionalText(input, 'MessageGroupId'),
    messageDeduplicationId: optionalText(input, 'MessageDeduplicationId'),
    traceHeader: input.MessageSystemAttributes == null ? undefined : systemAttributes(input)[traceHeader]?.stringValue,
  };
}

/**
 * @param bytes of the message, where it was measured
 * @param result what the answer says is added to it
 */
export function send(
  queue: Queue, input: Input, caller: Caller, message = messageToSend(input), bytes?: number, result: Record<string, unknown> = {},
): Record<string, unknown> {
  const { messageId, sequenceNumber } = queue.send(message, caller, bytes);
  result.MessageId = messageId;
  result.MD5OfMessageBody = message.bodyDigest;
  if (message.attributes !== undefined) result.MD5OfMessageAttributes = md5OfAttributes(message.attributes);
  if (message.traceHeader !== undefined) result.MD5OfMessageSystemAttributes = md5OfAttributes(systemAttributes(input));
  if (sequenceNumber !== undefined) result.SequenceNumber = sequenceNumber;
  return result;
}

export function receive(clock: Clock, queue: Queue, input: Input): Record<string, unknown> | Promise<Record<string, unknown>> {
  const maximum = optionalInteger(input, 'MaxNumberOfMessages') ?? 1;
  const waitSeconds = optionalInteger(input, 'WaitTimeSeconds') ?? queue.receiveMessageWaitTimeSeconds;
  if (waitSeconds < waitRange[0] || waitSeconds > waitRange[1]) throw invalidParameter(outOfRange('WaitTimeSeconds', waitRange, 'seconds', waitSeconds));
  const format = formatter(input);
  const options = {
    visibilityTimeout: optionalInteger(input, 'VisibilityTimeout'),
    receiveRequestAttemptId: optionalText(input, 'ReceiveRequestAttemptId'),
  };
  const { receiveRequestAttemptId } = options;
  if (receiveRequestAttemptId !== undefined) {
    checkFifoIdentifier('ReceiveRequestAttemptId', receiveRequestAttemptId);
    if (!queue.fifo) throw invalidParameter("'ReceiveRequestAttemptId' is for FIFO queues only");
  }
  if (waitSeconds === 0 && !queue.fifo && queue.isOverInFlightLimit) {
    throw new ServiceError('OverLimit', 'Too many messages in flight.', 403);
  }
  const shown = (messages: readonly ReceivedMessage[]) => (messages.length === 0 ? {} : { Messages: messages.map(format) });
  return waitSeconds === 0 ? shown(queue.receive(maximum, options)) : longPoll(clock, queue, maximum, waitSeconds, options).then(shown);
}

export function deleteMessage(queue: Queue, input: Input): Record<string, unknown> {
  queue.delete(text(input, 'ReceiptHandle'));
  return {};
}

export function changeVisibility(queue: Queue, input: Input): Record<string, unknown> {
  queue.changeVisibility(text(input, 'ReceiptHandle'), integer(input, 'VisibilityTimeout'));
  return {};
}

/** SQS has one system attribute that can be sent. */
function systemAttributes(input: Input): Record<string, MessageAttribute> {
  const attributes = messageAttributes(input, 'MessageSystemAttributes') ?? {};
  for (const [name, { dataType, stringValue }] of Object.entries(attributes)) {
    if (name !== traceHeader || dataType !== 'String' || !stringValue) {
      throw invalidParameter(`'MessageSystemAttributes' can have ${traceHeader} of type String, got '${name}' of type '${dataType}'`);
    }
  }
  return attributes;
}

function formatter(input: Input): (message: ReceivedMessage) => Record<string, unknown> {
  const systemNames = [...texts(input, 'AttributeNames'), ...texts(input, 'MessageSystemAttributeNames')];
  const unknown = systemNames.find((name) => !systemAttributeNames.includes(name));
  if (unknown !== undefined) throw new ServiceError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const wantsSystem = (name: string): boolean => systemNames.includes('All') || systemNames.includes(name);
  const names = texts(input, 'MessageAttributeNames');
  const wantsMessage = selector(names);

  return (message) => {
    const { messageId, receiptHandle, body, bodyDigest = md5(body) } = message;
    const shownMessage: Record<string, unknown> = { MessageId: messageId, ReceiptHandle: receiptHandle, MD5OfBody: bodyDigest, Body: body };
    if (systemNames.length > 0) Object.assign(shownMessage, defined({ Attributes: orNothing(pick(message.systemAttributes, wantsSystem)) }));
    const attributes = names.length === 0 ? {} : pick(message.attributes, wantsMessage);
    const digest = md5OfAttributes(attributes);
    if (digest === undefined) return shownMessage;
    shownMessage.MD5OfMessageAttributes = digest;
    shownMessage.MessageAttributes = Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, shown(attribute)]));
    return shownMessage;
  };
}

/** `All`, a name, or the start of names as `prefix.*`, which may be empty. */
function selector(names: readonly string[]): (name: string) => boolean {
  const isAll = names.includes('All');
  const prefixes = names.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -2));
  return (name) => isAll || names.includes(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

function shown({ dataType, stringValue, binaryValue }: MessageAttribute): Record<string, unknown> {
  return defined({ DataType: dataType, StringValue: stringValue, BinaryValue: binaryValue?.toString('base64') });
}

function pick<Value>(record: Readonly<Record<string, Value>>, wants: (name: string) => boolean): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => wants(name)));
}

function orNothing<Value extends object>(record: Value): Value | undefined {
  return Object.keys(record).length === 0 ? undefined : record;
}

function defined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
