/**
 * The interfaces by which the services of the simulator meet, so that none imports another: queues that are delivered to
 * and polled, functions that are invoked, targets that are notified, and the API that the server speaks for each of them.
 */
import type { Timer } from './clock';

/** An error as the service's API reports it. */
export class ServiceError extends Error {
  /**
   * @param code AWS's error code, for example `QueueDoesNotExist` or `InvalidParameterValue`
   * @param status the HTTP status, 400 for most errors of the caller
   */
  constructor(readonly code: string, message: string, readonly status: number = 400) {
    super(message);
    this.name = code;
  }

  get fault(): 'Sender' | 'Receiver' {
    return this.status < 500 ? 'Sender' : 'Receiver';
  }
}

/** Who calls, from the access key that signed the request. */
export interface Caller {
  /** The account ID, an ARN of a role, or a service principal such as `sns.amazonaws.com`. */
  readonly principal: string;
  /** The resource on whose behalf a service calls: `aws:SourceArn`. */
  readonly sourceArn?: string;
  /** `aws:SourceAccount`. @default - the account in `sourceArn`, or that of who is asked where it names none */
  readonly sourceAccount?: string;
  /** What conditions can ask of the request itself, by their keys in lower case: `s3:prefix` for one. */
  readonly request?: Readonly<Record<string, string>>;
}

/** What the services of one simulation have in common. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** The address of the simulator's server, without a slash at the end: queue URLs begin with it. */
  endpoint: string;
}

/** The API of one service: operations by AWS's names, with AWS's members in and out (PascalCase, as the SDKs show them). */
export interface ServiceApi {
  /** Rejects with a `ServiceError`; an unknown operation is `InvalidAction`. */
  call(operation: string, input: Record<string, unknown>, caller: Caller): Promise<Record<string, unknown>>;
  /** As `call`, but answers at once, or throws, where that takes no simulated time. @default - every answer is a promise */
  callNow?(operation: string, input: Record<string, unknown>, caller: Caller): Record<string, unknown> | Promise<Record<string, unknown>>;
}

export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, with an optional label after a dot; SNS also has `String.Array`. */
  readonly dataType: string;
  readonly stringValue?: string;
  readonly binaryValue?: Buffer;
}

export interface MessageToSend {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
  /** Seconds. */
  readonly delaySeconds?: number;
  readonly messageGroupId?: string;
  readonly messageDeduplicationId?: string;
  /** The X-Ray trace header, `AWSTraceHeader`. */
  readonly traceHeader?: string;
  /** The MD5 digest of the body, in hexadecimal digits, where the sender knows it: for whoever has to show it again. */
  readonly bodyDigest?: string;
}

export interface SentMessage {
  readonly messageId: string;
  /** Of FIFO queues: 20 digits that only grow. */
  readonly sequenceNumber?: string;
}

export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** What the sender gave with it. @default - unknown */
  readonly bodyDigest?: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** AWS's names and text values: `SentTimestamp`, `ApproximateReceiveCount`, `MessageGroupId`, `SequenceNumber` and so on. */
  readonly systemAttributes: Readonly<Record<string, string>>;
}

/** A queue, as what delivers to it and what polls it sees it. All calls act at once. */
export interface MessageQueue {
  readonly arn: string;
  readonly fifo: boolean;
  /** Seconds. */
  readonly visibilityTimeout: number;
  /** Throws a `ServiceError` for what AWS would refuse. */
  send(message: MessageToSend, caller: Caller): SentMessage;
  /** Up to `maximum` (1 to 10) messages that are visible now. */
  receive(maximum: number, options?: { visibilityTimeout?: number }): ReceivedMessage[];
  delete(receiptHandle: string): void;
  /** Seconds; 0 makes the message visible at once. */
  changeVisibility(receiptHandle: string, visibilityTimeout: number): void;
  /** Calls back once, as an event of the clock, as soon as a receive would find a message. */
  whenReceivable(callback: () => void): Timer;
}

export interface InvocationResult {
  readonly status: 'succeeded' | 'failed' | 'timedOut' | 'throttled';
  /** What the handler returned, as JSON would carry it. */
  readonly payload?: unknown;
  readonly error?: { readonly type: string; readonly message: string; readonly stack?: readonly string[] };
  /** Milliseconds on the simulation's clock. */
  readonly duration: number;
  readonly requestId: string;
}

/** What goes wrong with one invocation, because a test wants it. */
export type InvocationFault =
  /** Lambda answers 429. */
  | { readonly kind: 'throttle' }
  /** The handler is not called. */
  | { readonly kind: 'throw'; readonly errorType: string; readonly errorMessage: string }
  /** The handler is not called; the environment is lost at the function's timeout. */
  | { readonly kind: 'timeOut' }
  /** The process dies: after its call number `afterCalls` took effect, or when the handler has ended and before it answers. */
  | { readonly kind: 'kill'; readonly afterCalls?: number }
  /** The handler takes so many milliseconds more. */
  | { readonly kind: 'delay'; readonly delay: number };

/** A function, as what invokes it sees it. */
export interface InvokableFunction {
  readonly arn: string;
  /** Seconds. */
  readonly timeout: number;
  /** Resolves when the invocation ends on the simulation's clock; never rejects for what the handler does. */
  invoke(event: unknown, caller: Caller): Promise<InvocationResult>;
  /**
   * Takes the event for an invocation as an event of the clock, with Lambda's retries, and gives back the request ID. Throws
   * a `ServiceError` for what AWS would refuse.
   */
  invokeAsync?(event: unknown, caller: Caller): string;
}

/** A delivery stream, as what puts records to it sees it. */
export interface RecordStream {
  readonly arn: string;
  /** Gives back the record's ID. Throws a `ServiceError` for what AWS would refuse. */
  putRecord(record: Buffer, caller: Caller): string;
}

/** What a service tells the default event bus of EventBridge. */
export interface ServiceEvent {
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: object;
}

/** Finds what ARNs name. Undefined where there is no such resource. */
export interface Directory {
  queue(arn: string): MessageQueue | undefined;
  function(arn: string): InvokableFunction | undefined;
  /** Publishes to a topic on a service's behalf, and may give back its ID. Throws a `ServiceError` for what AWS would refuse. */
  publish(topicArn: string, message: string, subject: string | undefined, caller: Caller): SentMessage | void;
  hasTopic(arn: string): boolean;
  /** @default - there are no delivery streams */
  deliveryStream?(arn: string): RecordStream | undefined;
  /**
   * Tells the default event bus what happened in a service, whose name in events is `source`; it is described only when there is a rule
   * that may want it. @default - nobody is told
   */
  putServiceEvent?(source: string, describe: () => ServiceEvent): void;
}
