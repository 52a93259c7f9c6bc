import type { SQSMessageAttributes } from 'aws-lambda';

/** What SNS wraps around a message for a subscription without raw message delivery. */
export interface Notification {
  readonly topic: string;
  readonly body: string;
  readonly attributes: SQSMessageAttributes;
  /** Of FIFO topics only. */
  readonly sequenceNumber?: string;
}

interface NotificationJson {
  readonly Type: 'Notification';
  readonly TopicArn: string;
  readonly Message: string;
  readonly SequenceNumber?: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>;
}

/**
 * The notification that a body is; nothing where it is none, as a message that was sent to the queue past its topics.
 * @see https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html
 */
export function notificationIn(body: string): Notification | undefined {
  const json = parsed(body);
  if (!isNotification(json)) return undefined;
  return {
    topic: json.TopicArn,
    body: json.Message,
    attributes: Object.fromEntries(Object.entries(json.MessageAttributes ?? {}).map(([name, { Type, Value }]) => [
      name, { dataType: Type, ...(Type.startsWith('Binary') ? { binaryValue: Value } : { stringValue: Value }) },
    ])),
    sequenceNumber: json.SequenceNumber,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isNotification(json: unknown): json is NotificationJson {
  const { Type, TopicArn, Message } = (json ?? {}) as Partial<Record<keyof NotificationJson, unknown>>;
  return Type === 'Notification' && typeof TopicArn === 'string' && typeof Message === 'string';
}
