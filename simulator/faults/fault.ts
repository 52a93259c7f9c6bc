import type { InvocationFault } from '../contracts';

/** A moment: a date, ISO 8601 text, or milliseconds since the simulation began. */
export type Moment = Date | string | number;

interface When {
  /**
   * The share of the calls that it hits, above 0 and up to 1, chosen under the simulation's seed.
   * @default 1
   */
  readonly share?: number;
  /** Hits from this moment on. @default - from the beginning */
  readonly from?: Moment;
  /** Hits before this moment. @default - to the end */
  readonly until?: Moment;
  /** Which of the calls that it is for it hits, counted from 1. @default - each */
  readonly calls?: readonly number[];
  /** How often it hits at most, from 1. @default - as often as there are calls */
  readonly times?: number;
}

/** Goes wrong with invocations of a function. */
export interface FunctionFault extends When {
  /**
   * - `functionError`: it throws; the handler is not called.
   * - `functionTimeout`: it takes as long as its timeout; the handler is not called, and the environment is lost.
   * - `functionThrottle`: Lambda refuses the invocation with status 429.
   * - `functionKill`: its process dies, with `afterCalls` in the midst, else when all is done and before the answer; what it did
   *   so far took effect, and the environment is lost.
   * - `functionDelay`: it takes `delay` milliseconds longer, up to its timeout.
   */
  readonly kind: 'functionError' | 'functionTimeout' | 'functionThrottle' | 'functionKill' | 'functionDelay';
  /** The construct path of the function. @default - every function */
  readonly resource?: string;
  /** Of `functionError`: what it throws. @default 'injected by a fault' */
  readonly message?: string;
  /**
   * Of `functionKill`: dies after its call to an AWS service with this number, from 1, as soon as it took effect and before the
   * handler has the response. Counted are calls through the simulation's endpoint. @default - when the handler has ended
   */
  readonly afterCalls?: number;
  /** Of `functionDelay`: milliseconds of virtual time, above 0. Required there. */
  readonly delay?: number;
}

/** Goes wrong with calls of handlers and other clients to a service's API. */
export interface ServiceFault extends When {
  /**
   * - `serviceError`: the service answers with status 500 or 503, and does nothing.
   * - `serviceThrottle`: the service refuses the call for its rate.
   * - `serviceDelay`: the call takes `delay` milliseconds of virtual time before it takes effect.
   * - `lostResponse`: the call takes effect, but the caller is answered with status 500 or 503.
   */
  readonly kind: 'serviceError' | 'serviceThrottle' | 'serviceDelay' | 'lostResponse';
  /** @default - every service */
  readonly service?: Service;
  /** The construct path of a queue, topic, bucket, table or delivery stream. @default - every one */
  readonly resource?: string;
  /** AWS's name of the operation, such as `SendMessage`; for S3 the IAM action without `s3:`, such as `PutObject`. @default - every one */
  readonly operation?: string;
  /** Of `serviceDelay`: milliseconds of virtual time, above 0. Required there. */
  readonly delay?: number;
}

/** SNS fails to deliver to a queue or a function. */
export interface DeliveryFault extends When {
  readonly kind: 'deliveryFailure';
  /** The construct path of the queue or function that refuses. @default - every one */
  readonly resource?: string;
  /** The construct path of the topic. @default - every one */
  readonly topic?: string;
  /**
   * What the endpoint answers: SNS retries a status from 500 to 599, and gives up at once, to the subscription's dead-letter queue,
   * for one from 400 to 499.
   * @default 503
   */
  readonly status?: number;
}

/** Something that is to go wrong. */
export type Fault = FunctionFault | ServiceFault | DeliveryFault;

export const services = ['sqs', 'sns', 's3', 'cloudwatch', 'dynamodb', 'firehose', 'cloudformation'] as const;
export type Service = typeof services[number];

/** A fault that happened. */
export interface InjectedFault {
  readonly kind: Fault['kind'];
  readonly at: Date;
  /** The construct path of what it hit; undefined for a call that names no resource. */
  readonly resource?: string;
  /** Of a call to a service: its operation. */
  readonly operation?: string;
  /** The invocation that it hit, or whose call. */
  readonly requestId?: string;
}

/** A call to a service's API, before it is made. */
export interface ServiceCall {
  readonly service: Service;
  readonly operation: string;
  /** The names of what it is for: more than one where a call to DynamoDB is for several tables. */
  readonly resourceNames: readonly string[];
}

/** What a fault says of an invocation, in the words of the Lambda service. */
export function invocationFault({ kind, message, afterCalls, delay }: FunctionFault): InvocationFault {
  switch (kind) {
    case 'functionError': return { kind: 'throw', errorType: 'Error', errorMessage: message ?? 'injected by a fault' };
    case 'functionTimeout': return { kind: 'timeOut' };
    case 'functionThrottle': return { kind: 'throttle' };
    case 'functionKill': return { kind: 'kill', afterCalls };
    case 'functionDelay': return { kind: 'delay', delay: delay! };
  }
}
