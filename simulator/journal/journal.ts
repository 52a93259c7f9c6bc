import type { EventBridgeEvent, EventSourceMappingEvent, Events, FaultEvent, LambdaEvent, S3Event, SnsEvent, SqsEvent } from '../events';
import { PendingRows, type RowReader } from './pending-rows';
import { RecentBodies } from './recent-bodies';
import { traceActions, type TraceAction } from './trace-action';

/** Beside the actions that a trace shows: links between messages, and from an invocation to what it sent. */
export const CAUSED = traceActions.length;
export const CAME_FROM = traceActions.length + 1;
/** Added to an action: it counts only for a subject, or names another subject only, that something else has happened to. */
export const SUBJECT_IF_KNOWN = 64;
export const OTHER_IF_KNOWN = 128;

export const numberOf = Object.fromEntries(traceActions.map((action, index) => [action, index])) as Readonly<Record<TraceAction, number>>;

/** A handler that is running: what is sent or written now is its doing. */
export interface RunningInvocation {
  readonly requestId: string;
  readonly functionArn: string;
}

/**
 * Writes down what happens to each message, and which invocations had it, once for all who want to know later: a row an event.
 * The bodies that were last are kept, 64 Mi characters of them.
 */
export class Journal {
  readonly bodies = new RecentBodies();
  private readonly rows = new PendingRows();

  /** @param running the invocation whose handler really runs at this moment */
  constructor(events: Events, private readonly running: () => RunningInvocation | undefined) {
    events.on('sns', (event) => this.onSns(event));
    events.on('sqs', (event) => this.onSqs(event));
    events.on('s3', (event) => this.onS3(event));
    events.on('lambda', (event) => this.onLambda(event));
    events.on('eventSourceMapping', (event) => this.onMapping(event));
    events.on('fault', (event) => this.onFault(event));
    events.on('eventbridge', (event) => this.onEventBridge(event));
  }

  /** To be called before anything happens. */
  reader(): RowReader {
    return this.rows.reader();
  }

  private onSns({ action, messageId, at, resource, to, deliveredMessageId, requestId, reason, body }: SnsEvent): void {
    if (action === 'published') {
      this.begin(messageId, numberOf.published, at, resource, body);
      return;
    }
    const shown = action === 'failed' ? 'undelivered' : action;
    this.rows.push(numberOf[shown], at, messageId, to ?? resource, deliveredMessageId ?? requestId, reason);
    if (deliveredMessageId !== undefined) this.rows.push(CAME_FROM, at, deliveredMessageId, undefined, messageId);
  }

  private onSqs({ action, messageId, at, resource, receiveCount, to, movedMessageId, body }: SqsEvent): void {
    if (action === 'emptyReceive') return;
    if (action === 'sent') {
      this.begin(messageId, numberOf.sent, at, resource, body);
      return;
    }
    const shown = movedMessageId === undefined ? action : 'movedBack';
    this.rows.push(numberOf[shown], at, messageId, resource, movedMessageId, to, receiveCount);
    if (movedMessageId !== undefined) this.rows.push(CAME_FROM, at, movedMessageId, undefined, messageId);
  }

  /** What a handler wrote; other objects belong to no message. */
  private onS3({ action, at, resource, key }: S3Event): void {
    const running = action === 'put' ? this.running() : undefined;
    if (running) this.rows.push(numberOf.archived, at, running.requestId, resource, undefined, key);
  }

  /** Only of invocations that something is known of: those that SNS began, and those that sent something. */
  private onLambda({ action, at, resource, requestId, error }: LambdaEvent): void {
    if (action === 'started') return;
    const shown = action === 'succeeded' ? 'processed' : action;
    this.rows.push(numberOf[shown] + SUBJECT_IF_KNOWN, at, requestId, resource, undefined, error);
  }

  private onMapping({ action, at, functionArn, messageIds, failedMessageIds, error, requestId }: EventSourceMappingEvent): void {
    if (action === 'invoked') return;
    const failed = failedMessageIds.length > 0 ? new Set(failedMessageIds) : undefined;
    for (const messageId of messageIds) {
      const shown = action !== 'completed' ? action : failed?.has(messageId) ? 'failed' : 'processed';
      const reason = shown === 'failed' ? error ?? 'the function reported it in batchItemFailures' : undefined;
      this.rows.push(numberOf[shown] + OTHER_IF_KNOWN, at, messageId, functionArn, requestId, reason, messageIds.length);
    }
  }

  private onEventBridge({ action, eventId, at, resource, to, deliveredMessageId, requestId, reason, body }: EventBridgeEvent): void {
    switch (action) {
      case 'put': this.begin(eventId, numberOf.published, at, resource, body); break;
      case 'unmatched': this.rows.push(numberOf.filteredOut, at, eventId, resource, undefined, 'no rule matches'); break;
      case 'triggered': this.rows.push(numberOf.matched, at, eventId, resource); break;
      case 'delivered': case 'retried': case 'redriven': case 'failed': {
        const shown = action === 'failed' ? 'undelivered' : action;
        this.rows.push(numberOf[shown], at, eventId, to, deliveredMessageId ?? requestId, reason);
        if (deliveredMessageId !== undefined) this.rows.push(CAME_FROM, at, deliveredMessageId, undefined, eventId);
      }
    }
  }

  private onFault({ at, resource, requestId, fault }: FaultEvent): void {
    if (requestId !== undefined) this.rows.push(numberOf.fault, at, requestId, resource, undefined, fault);
  }

  private begin(messageId: string, action: number, at: number, resource: string, body: string | undefined): void {
    if (body !== undefined) this.bodies.add(messageId, body);
    const running = this.running();
    this.rows.push(action, at, messageId, resource, undefined, running?.functionArn);
    if (running) this.rows.push(CAUSED, at, running.requestId, running.functionArn, messageId);
  }
}
