/**
 * What happens in a simulation, as it happens. Services say it here; metrics, traces and reports listen. Times are in
 * milliseconds since the epoch, resources are ARNs, sizes bytes.
 */
export type SimulationEvent = SqsEvent | SnsEvent | S3Event | LambdaEvent | EventSourceMappingEvent | CloudWatchEvent;

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
}

export interface SnsEvent extends Happening {
  readonly service: 'sns';
  /** `redriven`: to the subscription's dead-letter queue `to`. `failed`: given up, for `reason`. */
  readonly action: 'published' | 'delivered' | 'filteredOut' | 'failed' | 'redriven' | 'deduplicated';
  readonly messageId: string;
  readonly bytes: number;
  readonly subscription?: string;
  /** Of a `failed` delivery: the subscription's dead-letter queue, which refused the message as well. */
  readonly deadLetterQueue?: string;
  /** The endpoint, or the dead-letter queue. */
  readonly to?: string;
  /** The ID that the message has at the endpoint, for a delivery to a queue. */
  readonly deliveredMessageId?: string;
  readonly reason?: string;
}

export interface S3Event extends Happening {
  readonly service: 's3';
  /** `notificationFailed`: the destination `to` refused it, for `reason`, and S3 gave it up. */
  readonly action: 'put' | 'get' | 'deleted' | 'notified' | 'notificationFailed';
  readonly key: string;
  readonly bytes: number;
  readonly to?: string;
  readonly reason?: string;
}

export interface LambdaEvent extends Happening {
  readonly service: 'lambda';
  readonly action: 'started' | 'succeeded' | 'failed' | 'timedOut' | 'throttled';
  readonly requestId: string;
  readonly coldStart?: boolean;
  /** Milliseconds on the simulation's clock. */
  readonly duration?: number;
  readonly error?: string;
}

export interface EventSourceMappingEvent extends Happening {
  readonly service: 'eventSourceMapping';
  /** `resource` is the queue. `invoked` carries the batch, `completed` what failed of it. */
  readonly action: 'invoked' | 'completed' | 'filteredOut';
  readonly mapping: string;
  readonly functionArn: string;
  readonly messageIds: readonly string[];
  readonly failedMessageIds: readonly string[];
  readonly error?: string;
}

export interface CloudWatchEvent extends Happening {
  readonly service: 'cloudwatch';
  readonly action: 'alarmChanged';
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

type EventOf<Service extends SimulationEvent['service']> = Extract<SimulationEvent, { service: Service }>;

/** Carries events from the services to those who listen, in the order in which they listened. */
export class Events {
  private readonly listeners: { [service: string]: ((event: never) => void)[] } = {};

  on<Service extends SimulationEvent['service']>(service: Service, listener: (event: EventOf<Service>) => void): void {
    (this.listeners[service] ??= []).push(listener);
  }

  emit(event: SimulationEvent): void {
    const listeners = this.listeners[event.service];
    if (listeners === undefined) return;
    for (const listener of listeners) listener(event as never);
  }
}
