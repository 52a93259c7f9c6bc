import { inspect } from 'node:util';
import type { TraceAction } from '../journal';

/** One step on the path of a message. */
export interface TraceStep {
  /**
   * `filteredOut`: by a filter policy or an event filter. `retried`: a delivery failed, another follows. `undelivered`: SNS gave the
   * delivery up. `redriven`: SNS sent it to the subscription's dead-letter queue. `returned`: visible again. `moved`: to the dead-letter
   * queue. `movedBack`: by a message move task. `processed`, `failed`, `throttled`, `timedOut`: by a function. `archived`: an object that
   * the function wrote while it had the message. `matched`: by a rule of EventBridge. `fault`: what `simulation.faults` injected.
   */
  readonly action: TraceAction;
  readonly at: Date;
  /** Milliseconds since the first step. */
  readonly elapsed: number;
  /** The construct path of the topic, queue, function or bucket; its ARN where no stack has it. */
  readonly resource: string;
  /** The message that it happened to: each queue gives it an ID of its own. Undefined for what an invocation did. */
  readonly messageId?: string;
  /** Where a delivery or a move went. */
  readonly to?: string;
  /** The ID that the message has there. */
  readonly newMessageId?: string;
  /** Of `published` and `sent`: the function that did it while it handled the message. */
  readonly by?: string;
  /** Of `received`: how often by now. */
  readonly receiveCount?: number;
  /** The error of an invocation, why a filter or an endpoint refused the message, or what a fault was. */
  readonly reason?: string;
  /** The key of an archived object. */
  readonly key?: string;
}

/** The path of a message through the system. As text it is a table with times relative to the first step. */
export class Trace {
  constructor(
    /** The message that was asked for. */
    readonly messageId: string,
    /** From its publishing or sending, through topics, queues and functions, to what they published because of it; in order of time. */
    readonly steps: readonly TraceStep[],
  ) {}

  toString(): string {
    const rows = this.steps.map((step) => [`+${clockTime(step.elapsed)}`, step.action, step.resource, detailsOf(step)]);
    const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column].length)));
    const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
    const start = this.steps[0]?.at.toISOString();
    return [`message ${this.messageId}${start === undefined ? '' : `, from ${start}`}`, ...lines.map((line) => `  ${line}`)].join('\n');
  }

  /** What `console.log` shows. */
  [inspect.custom](): string {
    return this.toString();
  }
}

function clockTime(milliseconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const seconds = milliseconds / 1000;
  return `${two(seconds / 3600)}:${two(seconds / 60 % 60)}:${two(seconds % 60)}.${String(Math.floor(milliseconds % 1000)).padStart(3, '0')}`;
}

function detailsOf({ action, to, by, newMessageId, receiveCount, reason, key }: TraceStep): string {
  return [
    to && `→ ${to}`,
    newMessageId && `as ${newMessageId}`,
    action === 'received' && `receive ${receiveCount}`,
    by && `by ${by}`,
    key,
    reason?.split('\n')[0],
  ].filter(Boolean).join(' ');
}
