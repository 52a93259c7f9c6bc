import { parseArn } from '../arn';
import { traceActions, type Journal, type RecentBodies } from '../journal';
import type { Row } from './log';
import { TraceRecorder } from './recorder';
import { Trace, type TraceStep } from './trace';

export type { TraceAction } from '../journal';
export { Trace, type TraceStep } from './trace';

/** Finds the paths of messages in what was recorded. */
export class Traces {
  private readonly recorder: TraceRecorder;

  /** @param names finds the construct path of an ARN */
  constructor(private readonly journal: Journal, private readonly names: { of(arn: string): string }) {
    this.recorder = new TraceRecorder(journal);
  }

  /** The bodies of recent messages. */
  get bodies(): RecentBodies {
    return this.journal.bodies;
  }

  /** The construct path by which traces name the resource with this ARN, or with this name at its end. */
  name(arn: string): string {
    return this.names.of(arn);
  }

  has(messageId: string): boolean {
    return this.recorder.subject(messageId) !== undefined;
  }

  /** @throws when no topic or queue ever had the message */
  of(messageId: string): Trace {
    const subject = this.recorder.subject(messageId);
    if (subject === undefined) throw new Error(`no message '${messageId}' in this simulation: no topic or queue accepted it`);
    const rows = new Map<number, Row>();
    this.collectAncestors(subject, rows);
    this.collect(subject, rows);
    const ordered = [...rows.values()].sort((one, other) => this.moment(one) - this.moment(other) || this.order(one) - this.order(other));
    return new Trace(messageId, ordered.map((row) => this.stepOf(row, ordered[0].at)));
  }

  /** What Lambda deletes after an invocation happens at the moment of its end, and reads better after it. */
  private moment(row: Row): number {
    return row.at + (this.recorder.is(row, 'deleted') ? 0.5 : 0);
  }

  /** A queue or topic has a message before it is said to be delivered there; who reads wants to know the other way round. */
  private order(row: Row): number {
    const { recorder } = this;
    const begins = recorder.is(row, 'sent') || recorder.is(row, 'published');
    const delivery = begins ? recorder.rows(row.subject).find((one) => recorder.is(one, 'cameFrom')) : undefined;
    return delivery?.index ?? row.index;
  }

  /** What happened to the message before it had this ID: the path that leads here, not the topic's other deliveries. */
  private collectAncestors(subject: number, rows: Map<number, Row>): void {
    const { recorder } = this;
    const from = recorder.rows(subject).find((row) => recorder.is(row, 'cameFrom'))?.other;
    if (from === undefined) return;
    const before = recorder.rows(from);
    const link = before.find(({ other }) => other === subject)!;
    this.collectAncestors(from, rows);
    for (const row of before) {
      const elsewhere = !recorder.is(link, 'movedBack') && row !== link && !recorder.is(row, 'published')
        && !(recorder.is(row, 'retried') && row.resource === link.resource);
      if (!elsewhere && !recorder.is(row, 'cameFrom')) rows.set(row.index, row);
    }
  }

  private collect(subject: number, rows: Map<number, Row>): void {
    const { recorder } = this;
    for (const row of recorder.rows(subject)) {
      if (recorder.is(row, 'cameFrom') || rows.has(row.index)) continue;
      rows.set(row.index, row);
      if (row.other < 0) continue;
      const handled = ['processed', 'failed', 'throttled'].includes(traceActions[row.action]);
      if (handled) this.collectInvocation(row.other, rows, false);
      else if (this.isInvocation(row)) this.collectInvocation(row.other, rows, true);
      else this.collect(row.other, rows);
    }
  }

  /** A delivery to a function leads to an invocation, one to a queue to a message. */
  private isInvocation(row: Row): boolean {
    return this.recorder.is(row, 'delivered') && parseArn(this.recorder.text(row.resource)!).service === 'lambda';
  }

  /** @param whole also how it ended: the messages of a batch say that themselves */
  private collectInvocation(subject: number, rows: Map<number, Row>, whole: boolean): void {
    const { recorder } = this;
    for (const row of recorder.rows(subject)) {
      if (recorder.is(row, 'caused')) this.collectCaused(row.other, rows);
      else if (whole || recorder.is(row, 'archived') || recorder.is(row, 'fault')) rows.set(row.index, row);
    }
  }

  /** Not what a topic delivered while a handler happened to run. */
  private collectCaused(subject: number, rows: Map<number, Row>): void {
    if (!this.recorder.rows(subject).some((row) => this.recorder.is(row, 'cameFrom'))) this.collect(subject, rows);
  }

  private stepOf(row: Row, start: number): TraceStep {
    const { recorder } = this;
    const action = traceActions[row.action];
    const resource = this.names.of(recorder.text(row.resource)!);
    const detail = recorder.text(row.detail);
    const messageId = recorder.rows(row.subject).some((one) => this.belongsToMessage(one)) ? recorder.id(row.subject) : undefined;
    const base = { action, at: new Date(row.at), elapsed: row.at - start, resource, ...messageId && { messageId } };
    switch (action) {
      case 'published': case 'sent':
        return { ...base, ...detail !== undefined && { by: this.names.of(detail) } };
      case 'received':
        return { ...base, receiveCount: row.count };
      case 'moved': case 'movedBack':
        return { ...base, to: this.names.of(detail!), ...row.other >= 0 && { newMessageId: recorder.id(row.other) } };
      case 'delivered': case 'redriven':
        return {
          ...base, ...row.other >= 0 && !this.isInvocation(row) && { newMessageId: recorder.id(row.other) },
          ...detail !== undefined && { reason: detail },
        };
      case 'archived':
        return { ...base, key: detail };
      default:
        return { ...base, ...detail !== undefined && { reason: detail } };
    }
  }

  private belongsToMessage(row: Row): boolean {
    return ['published', 'sent', 'received', 'cameFrom'].some((kind) => this.recorder.is(row, kind as 'sent'));
  }
}
