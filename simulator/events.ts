/**
 * What happens in a simulation, as it happens. Services say it here; metrics, traces and reports listen. Times are in
 * milliseconds since the epoch, resources are ARNs, sizes bytes.
 */
export type SimulationEvent =
  SqsEvent | SnsEvent | S3Event | S3RequestEvent | LambdaEvent | AsynchronousInvocationEvent | EventSourceMappingEvent | CloudWatchEvent | LogEvent
  | FaultEvent | FirehoseEvent | EventBridgeEvent;

interface Happening {
  readonly at: number;
  readonly resource: string;
}

export interface SqsEvent extends Happening {
  readonly service: 'sqs';
  /**
   * `moved`: to the dead-letter queue `to`, or by a redrive back from it. `returned`: a visibility timeout ended or was
   * set to 0. `deduplicated`: a FIFO send whose ID was sent within five minutes. `emptyReceive`: a receive without messages.
   */
  readonly action: 'sent' | 'received' | 'deleted' | 'returned' | 'moved' | 'expired' | 'purged' | 'deduplicated' | 'emptyReceive';
  /** Empty for `emptyReceive`. */
  readonly messageId: string;
  readonly bytes: number;
  readonly receiveCount: number;
  readonly to?: string;
  /** Of a `moved` message that a message move task gave a new ID: that ID. */
  readonly movedMessageId?: string;
  /** Of a `sent` message. */
  readonly body?: string;
}

export interface SnsEvent extends Happening {
  readonly service: 'sns';
  /** `redriven`: to the subscription's dead-letter queue `to`. `retried`: an attempt failed for `reason`. `failed`: given up, for `reason`. */
  readonly action: 'published' | 'delivered' | 'filteredOut' | 'retried' | 'failed' | 'redriven' | 'deduplicated';
  readonly messageId: string;
  readonly bytes: number;
  readonly subscription?: string;
  /** Of a `failed` delivery: the subscription's dead-letter queue, which refused the message as well. */
  readonly deadLetterQueue?: string;
  /** The endpoint, or the dead-letter queue. */
  readonly to?: string;
  /** The ID that the message has at the endpoint, for a delivery to a queue. */
  readonly deliveredMessageId?: string;
  /** The invocation that a delivery to a function began. */
  readonly requestId?: string;
  /** Of a `published` message. */
  readonly body?: string;
  readonly reason?: string;
}

export interface S3Event extends Happening {
  readonly service: 's3';
  /**
   * `expired` and `transitioned`: by the bucket's lifecycle. `notificationFailed`: the destination `to` refused it, for `reason`, and
   * S3 gave it up.
   */
  readonly action: 'put' | 'get' | 'deleted' | 'expired' | 'transitioned' | 'notified' | 'notificationFailed';
  readonly key: string;
  readonly bytes: number;
  readonly to?: string;
  readonly reason?: string;
}

/** A request to a bucket, which is `resource`, was answered, whether S3 did what it asked for or not; only what a metrics configuration counts. */
export interface S3RequestEvent extends Happening {
  readonly service: 's3Request';
  readonly action: 'answered';
  /** `delete`: also of several objects at once. `list`: of the objects or versions. `other`: of the parts of an upload. */
  readonly kind: 'get' | 'put' | 'delete' | 'head' | 'post' | 'list' | 'other';
  /** Of HTTP. */
  readonly status: number;
  /** Bytes of the bodies of the request and of the response. */
  readonly received: number;
  readonly sent: number;
  /** Milliseconds until the response began, and until it ended. */
  readonly firstByteLatency: number;
  readonly totalLatency: number;
  /** The IDs of the bucket's metrics configurations that count it. */
  readonly filterIds: readonly string[];
}

export interface LambdaEvent extends Happening {
  readonly service: 'lambda';
  readonly action: 'started' | 'succeeded' | 'failed' | 'timedOut' | 'throttled';
  readonly requestId: string;
  readonly coldStart?: boolean;
  /** Milliseconds on the simulation's clock. */
  readonly duration?: number;
  readonly error?: string;
  /** Whether the function has reserved concurrency. */
  readonly reserved?: boolean;
  /** When it `started`: concurrency of the account that no other function can have, as it runs unreserved or is reserved. */
  readonly claimed?: number;
}

export interface AsynchronousInvocationEvent extends Happening {
  readonly service: 'asynchronousInvocation';
  /**
   * `attempted`: the function is about to be invoked. `dropped`: the last attempt failed, or the event is too old; what has
   * a dead-letter target goes there. `deadLetterFailed`: the target did not take it. `destinationFailed`: a destination did not
   * take the record of the invocation.
   */
  readonly action: 'received' | 'attempted' | 'dropped' | 'deadLetterFailed' | 'destinationFailed';
  readonly requestId: string;
  /** Milliseconds since Lambda took the event. */
  readonly age: number;
}

export interface EventSourceMappingEvent extends Happening {
  readonly service: 'eventSourceMapping';
  /** `resource` is the queue. `invoked` carries the batch, `completed` what failed of it. `throttled`: an attempt that came to nothing. */
  readonly action: 'invoked' | 'throttled' | 'completed' | 'filteredOut';
  /** Whether the mapping publishes metrics: `EventCount` in its `MetricsConfig`. */
  readonly counted?: boolean;
  readonly mapping: string;
  readonly functionArn: string;
  readonly messageIds: readonly string[];
  readonly failedMessageIds: readonly string[];
  /** The invocation that was `throttled` or that `completed` the batch. */
  readonly requestId?: string;
  readonly error?: string;
}

export interface CloudWatchEvent extends Happening {
  readonly service: 'cloudwatch';
  readonly action: 'alarmChanged';
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** A fault that a test asked for, and that now happened to `resource`. */
export interface FaultEvent extends Happening {
  readonly service: 'fault';
  readonly action: 'injected';
  /** What it was, for people. */
  readonly fault: string;
  /** The invocation that it hit. */
  readonly requestId?: string;
}

/** What happens at a delivery stream, which is `resource`. */
export interface FirehoseEvent extends Happening {
  readonly service: 'firehose';
  /**
   * `put`: a request was accepted. `throttled`: one was refused for the stream's quota. `delivered`: an object was written. `retried`:
   * writing one failed for `reason` and will be tried again. `failed`: records are given up, for `reason`. `processed`: a function
   * transformed so many records in `duration`; the first of those that it failed, failed for `reason`. `described`:
   * DescribeDeliveryStream was called.
   */
  readonly action: 'put' | 'throttled' | 'delivered' | 'retried' | 'failed' | 'processed' | 'described';
  /** Milliseconds. */
  readonly duration?: number;
  /** The request of a `put`. */
  readonly operation?: 'PutRecord' | 'PutRecordBatch';
  readonly records: number;
  /** Of the records, before they are compressed. */
  readonly bytes: number;
  /** Milliseconds that the oldest of the records has waited: `DeliveryToS3.DataFreshness`. */
  readonly age?: number;
  /** The key of the object that was `delivered`. */
  readonly key?: string;
  readonly reason?: string;
}

/** What happens to an event of EventBridge. `resource` is the rule, and the bus where it says so. */
export interface EventBridgeEvent extends Happening {
  readonly service: 'eventbridge';
  /**
   * `put`: the bus accepted it, or a schedule made it. `matched`: some rule of the bus matches it. `unmatched`: none does. `triggered`:
   * this rule matches it, or its time has come. `attempted`: a target is called. `retried`: that failed for `reason`, another attempt
   * follows. `redriven`: given up, and sent to the target's dead-letter queue `to`. `failed`: given up, for `reason`.
   */
  readonly action: 'put' | 'matched' | 'unmatched' | 'triggered' | 'attempted' | 'delivered' | 'retried' | 'redriven' | 'failed';
  readonly eventId: string;
  /** The target, or the dead-letter queue. */
  readonly to?: string;
  /** The ID that the event has at a queue or topic. */
  readonly deliveredMessageId?: string;
  /** The invocation that a delivery to a function began. */
  readonly requestId?: string;
  readonly reason?: string;
  /** Of a `failed` delivery: the target's dead-letter queue, which refused the event as well. */
  readonly deadLetterQueue?: string;
  /** Of the first attempt: milliseconds since the event was put. */
  readonly latency?: number;
  /** Of an event that was `put`: the event, as JSON. */
  readonly body?: string;
}

/** A function, which is `resource`, wrote something. */
export interface LogEvent extends Happening {
  readonly service: 'logs';
  readonly action: 'written';
  readonly line: string;
  readonly logGroup: string;
  /** Empty for what the simulator itself says about the function, which AWS would not write. */
  readonly logStream: string;
}

type EventOf<Service extends SimulationEvent['service']> = Extract<SimulationEvent, { service: Service }>;

/** Carries events from the services to those who listen, in the order in which they listened. */
export class Events {
  private readonly listeners: { [service: string]: ((event: never) => void)[] } = {};

  /** @param wider hears everything that is said here, before the listeners here do. @default - nobody else hears it */
  constructor(private readonly wider?: Events) {}

  on<Service extends SimulationEvent['service']>(service: Service, listener: (event: EventOf<Service>) => void): void {
    (this.listeners[service] ??= []).push(listener);
  }

  /** Whether anybody listens: nobody need make an event for no one. */
  hasListeners(service: SimulationEvent['service']): boolean {
    return this.listeners[service] !== undefined || (this.wider?.hasListeners(service) ?? false);
  }

  emit(event: SimulationEvent): void {
    this.wider?.emit(event);
    const listeners = this.listeners[event.service];
    if (listeners === undefined) return;
    for (const listener of listeners) listener(event as never);
  }
}
