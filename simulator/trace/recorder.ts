import type { EventSourceMappingEvent, Events, FaultEvent, LambdaEvent, S3Event, SnsEvent, SqsEvent } from '../events';
import { RecentBodies } from './bodies';
import { type Row, TraceLog } from './log';
import { traceActions, type TraceAction } from './trace';

/** Beside the actions that a trace shows: links between messages, and from an invocation to what it sent. */
const CAUSED = traceActions.length;
const CAME_FROM = traceActions.length + 1;

const numberOf = Object.fromEntries(traceActions.map((action, index) => [action, index])) as Readonly<Record<TraceAction, number>>;

/** A handler that is running: what is sent or written now is its doing. */
export interface RunningInvocation {
  readonly requestId: string;
  readonly functionArn: string;
}

/** Keeps what happened to each message, and which invocations had it, for traces that are built when one is asked for. */
export class TraceRecorder {
  readonly bodies = new RecentBodies();
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

  /** The rows of a message or an invocation, oldest first; undefined for an ID that nothing happened to. */
  rows(id: number): Row[] {
    return this.log.rows(id);
  }

  subject(id: string): number | undefined {
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
      this.begin(messageId, 'published', at, resource, body);
      return;
    }
    const subject = this.known(messageId);
    const shown = action === 'failed' ? 'undelivered' : action;
    const reached = deliveredMessageId ?? requestId;
    const other = reached === undefined ? -1 : this.known(reached);
    this.log.append(subject, at, numberOf[shown], this.number(to ?? resource), other, reason === undefined ? -1 : this.number(reason));
    if (deliveredMessageId !== undefined) this.log.append(other, at, CAME_FROM, -1, subject);
  }

  private onSqs({ action, messageId, at, resource, receiveCount, to, movedMessageId, body }: SqsEvent): void {
    if (action === 'emptyReceive') return;
    if (action === 'sent') {
      this.begin(messageId, 'sent', at, resource, body);
      return;
    }
    const subject = this.known(messageId);
    const other = movedMessageId === undefined ? -1 : this.known(movedMessageId);
    const shown = movedMessageId === undefined ? action : 'movedBack';
    const detail = to === undefined ? -1 : this.number(to);
    this.log.append(subject, at, numberOf[shown], this.number(resource), other, detail, receiveCount);
    if (other >= 0) this.log.append(other, at, CAME_FROM, -1, subject);
  }

  /** What a handler wrote; other objects belong to no message. */
  private onS3({ action, at, resource, key }: S3Event): void {
    const running = action === 'put' ? this.running() : undefined;
    if (running) this.log.append(this.known(running.requestId), at, numberOf.archived, this.number(resource), -1, this.unique(key));
  }

  /** Only of invocations that something is known of: those that SNS began, and those that sent something. */
  private onLambda({ action, at, resource, requestId, error }: LambdaEvent): void {
    const subject = action === 'started' ? undefined : this.subjects.get(requestId);
    if (subject === undefined) return;
    const shown = action === 'succeeded' ? 'processed' : action as Exclude<LambdaEvent['action'], 'started' | 'succeeded'>;
    this.log.append(subject, at, numberOf[shown], this.number(resource), -1, error === undefined ? -1 : this.unique(error));
  }

  private onMapping({ action, at, functionArn, messageIds, failedMessageIds, error, requestId }: EventSourceMappingEvent): void {
    if (action === 'invoked') return;
    const invocation = (requestId === undefined ? undefined : this.subjects.get(requestId)) ?? -1;
    const resource = this.number(functionArn);
    const failed = failedMessageIds.length > 0 ? new Set(failedMessageIds) : undefined;
    for (const messageId of messageIds) {
      const shown = action !== 'completed' ? action : failed?.has(messageId) ? 'failed' : 'processed';
      const reason = shown === 'failed' ? this.unique(error ?? 'the function reported it in batchItemFailures') : -1;
      this.log.append(this.known(messageId), at, numberOf[shown], resource, invocation, reason, messageIds.length);
    }
  }

  private onFault({ at, resource, requestId, fault }: FaultEvent): void {
    if (requestId !== undefined) this.log.append(this.known(requestId), at, numberOf.fault, this.number(resource), -1, this.unique(fault));
  }

  private begin(messageId: string, action: 'published' | 'sent', at: number, resource: string, body: string | undefined): void {
    const subject = this.known(messageId);
    if (body !== undefined) this.bodies.add(messageId, body);
    const running = this.running();
    const by = running === undefined ? -1 : this.number(running.functionArn);
    this.log.append(subject, at, numberOf[action], this.number(resource), -1, by);
    if (running) this.log.append(this.known(running.requestId), at, CAUSED, by, subject);
  }

  private known(id: string): number {
    let subject = this.subjects.get(id);
    if (subject === undefined) {
      subject = this.log.subject();
      this.subjects.set(id, subject);
      this.ids.push(id);
    }
    return subject;
  }

  /** The number of a text that comes again and again, such as an ARN. */
  private number(text: string): number {
    let number = this.textNumbers.get(text);
    if (number === undefined) this.textNumbers.set(text, number = this.unique(text));
    return number;
  }

  private unique(text: string): number {
    return this.texts.push(text) - 1;
  }
}
