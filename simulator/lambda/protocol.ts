/** What the host and the worker of an execution environment say to each other. Events and payloads travel as JSON text. */

export interface EnvironmentSettings {
  /** The unpacked asset, or the text of inline code. */
  readonly code: { readonly folder: string } | { readonly inline: string };
  /** `file.export`, as the function's configuration has it. */
  readonly handler: string;
  readonly virtual: boolean;
  /** Of what the handler finds random in virtual time, so that a run can be repeated. */
  readonly seed: number;
  /** Milliseconds that the simulation's clock is ahead of the machine's, where it follows real time. */
  readonly ahead: number;
  /** One double: the moment of the virtual clock. Shared, because a handler asks for the time without waiting. */
  readonly time: SharedArrayBuffer;
}

export interface InvocationContext {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** As AWS puts an error into the response. */
export interface ErrorResponse {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type ToWorker =
  | {
    readonly type: 'invoke'; readonly event: string; readonly context: InvocationContext; /** Milliseconds. */ readonly timeout: number;
    /** `_X_AMZN_TRACE_ID`. */ readonly traceHeader: string;
  }
  /** The clock has reached the moment that `idle` named. */
  | { readonly type: 'wake' }
  /** How many HTTP requests of this environment wait for time to pass. */
  | { readonly type: 'parked'; readonly count: number };

export type FromWorker =
  /** `printed`: what `console` was given, where the line in the log is more than that. */
  | { readonly type: 'log'; readonly line: string; readonly printed?: string }
  /** Nothing goes on but waiting: for the moment `due`, if there is one, and for `parked` requests. */
  | { readonly type: 'idle'; readonly due?: number; readonly parked: number }
  | { readonly type: 'returned'; readonly payload: string }
  /** `fatal`: the process that runs the handler cannot go on. */
  | { readonly type: 'failed'; readonly error: ErrorResponse; readonly fatal: boolean };
