import type { IncomingHttpHeaders } from 'node:http';
import type { Caller, ServiceError } from '../contracts';

/** A request before its body has been read. */
export interface Head {
  readonly method: string;
  /** As it stands in the request line, still percent-encoded. */
  readonly path: string;
  /** What follows the question mark, still percent-encoded; empty without one. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string;
  readonly accessKeyId: string | undefined;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface TextReply extends Reply {
  readonly body: string;
}

/** One wire protocol of one service. */
export interface Protocol {
  /** The longest body that is read, in bytes. */
  readonly bodyLimit: number;
  /** Throws, or rejects with, what `refuse` is to be asked about. */
  handle(head: Head, body: Buffer): Reply | Promise<Reply>;
  /** An error in the shape in which clients of this protocol read it. */
  refuse(head: Head, error: ServiceError): Reply;
}

export interface TextProtocol extends Protocol {
  /** At once, where that takes no simulated time. */
  handle(head: Head, body: Buffer): TextReply | Promise<TextReply>;
  refuse(head: Head, error: ServiceError): TextReply;
}

/** What every protocol needs from the simulation. */
export interface Surroundings {
  callerOf(accessKeyId: string | undefined): Caller;
  /** The account that an access key belongs to; undefined for keys of nobody in particular. @default - all are nobody's */
  accountOf?(accessKeyId: string): string | undefined;
  /** Asked before every request to S3; throws `AccessDenied`. @default - everything is allowed */
  authorizeS3?(action: string, resource: string, caller: Caller): void;
  /** Makes a call to a service that is no `ServiceApi`, or what goes wrong instead. @default - the call is made */
  intercept?<T>(call: { service: 's3'; operation: string; resourceName: string | undefined }, proceed: () => Promise<T>): Promise<T>;
  /** Told when a request begins to wait for simulated time; what it returns is called before the request is answered. */
  parked?(accessKeyId: string): () => void;
}

/**
 * Awaits what may take simulated time, and tells `parked` as soon as it is seen to: a handler that polls would otherwise
 * hold the very clock that it waits for.
 */
export async function parkedWhile<T>(work: Promise<T>, surroundings: Surroundings, accessKeyId: string | undefined): Promise<T> {
  if (surroundings.parked === undefined || accessKeyId === undefined) return work;
  let end: (() => void) | undefined;
  const look = setImmediate(() => { end = surroundings.parked?.(accessKeyId); });
  try {
    return await work;
  } finally {
    clearImmediate(look);
    end?.();
  }
}
