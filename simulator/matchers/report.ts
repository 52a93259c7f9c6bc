import type { Traces } from '../trace';

/** What Jest and Vitest give to a matcher. */
export interface MatcherContext {
  readonly isNot?: boolean;
  readonly equals: (one: unknown, other: unknown) => boolean;
  readonly utils: {
    matcherHint(name: string, received?: string, expected?: string, options?: { isNot?: boolean }): string;
    printExpected(value: unknown): string;
    printReceived(value: unknown): string;
  };
}

export interface MatcherResult {
  readonly pass: boolean;
  message(): string;
}

/** Paths that a failure shows: a screen of them. */
const shownTraces = 3;

/** The text of a failure: the call, what was expected and what was found, and the way of the messages that it is about. */
export function report(
  { utils, isNot }: MatcherContext, call: readonly [name: string, received: string, expected: string],
  lines: readonly (readonly [label: string, value: string])[], about: { traces: Traces; messageIds: readonly string[] },
): string {
  const width = Math.max(...lines.map(([label]) => label.length)) + 1;
  const shown = [...new Set(about.messageIds)].slice(0, shownTraces).map((messageId) => String(about.traces.of(messageId)));
  const left = about.messageIds.length - shownTraces;
  return [
    utils.matcherHint(...call, { isNot }), '',
    ...lines.map(([label, value]) => `${`${label}:`.padEnd(width)} ${value}`),
    ...shown.map((trace) => `\n${trace}`),
    ...left > 0 ? [`\nand ${left} more ${left === 1 ? 'message' : 'messages'}`] : [],
  ].join('\n');
}
