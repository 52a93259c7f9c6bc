import type { EventSourceMappingEvent, Events, FaultEvent, LambdaEvent, S3Event, SnsEvent, SqsEvent } from '../events';
import { PendingRows, type TakeRow } from '../pending-rows';
import { RecentBodies } from './bodies';
import { type Row, TraceLog } from './log';
import { traceActions, type TraceAction } from './trace';

/** Beside the actions that a trace shows: links between messages, and from an invocation to what it sent. */
const CAUSED = traceActions.length;
const CAME_FROM = traceActions.length + 1;
/** Added to an action: it counts only for a subject, or names another subject only, that something else has happened to. */
const SUBJECT_IF_KNOWN = 64;
const OTHER_IF_KNOWN = 128;

const numberOf = Object.fromEntries(traceActions.map((action, index) => [action, index])) as Readonly<Record<TraceAction, number>>;

/** A handler that is running: what is sent or written now is its doing. */
export interface RunningInvocation {
  readonly requestId: string;
  readonly functionArn: string;
}

/**
 * Keeps what happened to each message, and which invocations had it, for traces that are built when one is asked for. Until
 * then that is 29 to 45 bytes an event, in order; from then on an index of the subjects and some 36 bytes a row. The bodies that
 * were last are kept, 64 Mi characters of them.
 */
export class TraceRecorder {
  readonly bodies = new RecentBodies();
  private readonly pending = new PendingRows();
  private readonly log = new TraceLog();
  private readonly subjects = new Map<string, number>();
  private readonly ids: string[] = [];
  private readonly texts: string[] = [];
  private readonly textNumbers = new Map<string, number>();

  /** @param running the invocation whose handler really runs at this moment */
  constructor(events: Events, private readonly running: () => RunningInvocation | undefined) {
    events.on('sns', (event) => this.onSns(event));
    events.on('sqs', (event) => this.onSqs(event));
    events.on('s3', (event) => this.onS3(event));
    events.on('lambda', (event) => this.onLambda(event));
    events.on('eventSourceMapping', (event) => this.onMapping(event));
    events.on('fault', (event) => this.onFault(event));
  }

  /** The rows of a message or an invocation, oldest first. */
  rows(subject: number): Row[] {
    return this.log.rows(subject);
  }

  /** Of an ID, with everything that has happened by now; undefined where that is nothing. */
  subject(id: string): number | undefined {
    this.pending.drain(this.index);
    return this.subjects.get(id);
  }

  id(subject: number): string {
    return this.ids[subject];
  }

  text(number: number): string | undefined {
    return this.texts[number];
  }

  is(row: Row, kind: TraceAction | 'caused' | 'cameFrom'): boolean {
    return row.action === (kind === 'caused' ? CAUSED : kind === 'cameFrom' ? CAME_FROM : numberOf[kind]);
  }

  private onSns({ action, messageId, at, resource, to, deliveredMessageId, requestId, reason, body }: SnsEvent): void {
    if (action === 'published') {
      this.begin(messageId, numberOf.published, at, resource, body);
      return;
    }
    const shown = action === 'failed' ? 'undelivered' : action;
    this.pending.push(numberOf[shown], at, messageId, to ?? resource, deliveredMessageId ?? requestId, reason);
    if (deliveredMessageId !== undefined) this.pending.push(CAME_FROM, at, deliveredMessageId, undefined, messageId);
  }

  private onSqs({ action, messageId, at, resource, receiveCount, to, movedMessageId, body }: SqsEvent): void {
    if (action === 'emptyReceive') return;
    if (action === 'sent') {
      this.begin(messageId, numberOf.sent, at, resource, body);
      return;
    }
    const shown = movedMessageId === undefined ? action : 'movedBack';
    this.pending.push(numberOf[shown], at, messageId, resource, movedMessageId, to, receiveCount);
    if (movedMessageId !== undefined) this.pending.push(CAME_FROM, at, movedMessageId, undefined, messageId);
  }

  /** What a handler wrote; other objects belong to no message. */
  private onS3({ action, at, resource, key }: S3Event): void {
    const running = action === 'put' ? this.running() : undefined;
    if (running) this.pending.push(numberOf.archived, at, running.requestId, resource, undefined, key);
  }

  /** Only of invocations that something is known of: those that SNS began, and those that sent something. */
  private onLambda({ action, at, resource, requestId, error }: LambdaEvent): void {
    if (action === 'started') return;
    const shown = action === 'succeeded' ? 'processed' : action;
    this.pending.push(numberOf[shown] + SUBJECT_IF_KNOWN, at, requestId, resource, undefined, error);
  }

  private onMapping({ action, at, functionArn, messageIds, failedMessageIds, error, requestId }: EventSourceMappingEvent): void {
    if (action === 'invoked') return;
    const failed = failedMessageIds.length > 0 ? new Set(failedMessageIds) : undefined;
    for (const messageId of messageIds) {
      const shown = action !== 'completed' ? action : failed?.has(messageId) ? 'failed' : 'processed';
      const reason = shown === 'failed' ? error ?? 'the function reported it in batchItemFailures' : undefined;
      this.pending.push(numberOf[shown] + OTHER_IF_KNOWN, at, messageId, functionArn, requestId, reason, messageIds.length);
    }
  }

  private onFault({ at, resource, requestId, fault }: FaultEvent): void {
    if (requestId !== undefined) this.pending.push(numberOf.fault, at, requestId, resource, undefined, fault);
  }

  private begin(messageId: string, action: number, at: number, resource: string, body: string | undefined): void {
    if (body !== undefined) this.bodies.add(messageId, body);
    const running = this.running();
    this.pending.push(action, at, messageId, resource, undefined, running?.functionArn);
    if (running) this.pending.push(CAUSED, at, running.requestId, running.functionArn, messageId);
  }

  private readonly index: TakeRow = (code, at, subject, resource, other, detail, count) => {
    if ((code & SUBJECT_IF_KNOWN) !== 0 && !this.subjects.has(subject)) return;
    const from = this.known(subject);
    const to = other === undefined ? -1 : (code & OTHER_IF_KNOWN) !== 0 ? this.subjects.get(other) ?? -1 : this.known(other);
    this.log.append(from, at, code & (SUBJECT_IF_KNOWN - 1), this.number(resource), to, this.number(detail), count);
  };

  private known(id: string): number {
    let subject = this.subjects.get(id);
    if (subject === undefined) {
      subject = this.log.subject();
      this.subjects.set(id, subject);
      this.ids.push(id);
    }
    return subject;
  }

  /** The number of a text, of which most come again and again, such as ARNs; -1 for none. */
  private number(text: string | undefined): number {
    if (text === undefined) return -1;
    let number = this.textNumbers.get(text);
    if (number === undefined) this.textNumbers.set(text, number = this.texts.push(text) - 1);
    return number;
  }
}
