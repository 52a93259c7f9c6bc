/** One figure as the report shows it. */
export interface Figure {
  readonly group: string;
  readonly name: string;
  /** With its unit, as it is read. */
  readonly result: string;
  readonly goal?: string;
  readonly met?: boolean;
}

const units: Readonly<Record<string, (value: number) => string>> = {
  rate: (value) => `${Math.round(value).toLocaleString('en')}/s`,
  time: (value) => (value < 1000 ? `${value.toFixed(value < 10 ? 1 : 0)} ms` : `${(value / 1000).toFixed(1)} s`),
  ratio: (value) => `${value.toFixed(2)}x`,
  memory: (value) => `${Math.round(value / 2 ** 20)} MiB`,
};

interface Goal {
  readonly atLeast?: number;
  readonly below?: number;
}

/** A measurement, held against its goal where it has one. Times are milliseconds, memory is bytes. */
export function figure(group: string, name: string, unit: 'rate' | 'time' | 'ratio' | 'memory', value: number, goal: Goal = {}): Figure {
  const show = units[unit];
  const { atLeast, below } = goal;
  if (atLeast !== undefined) return { group, name, result: show(value), goal: `at least ${show(atLeast)}`, met: value >= atLeast };
  if (below !== undefined) return { group, name, result: show(value), goal: `below ${show(below)}`, met: value < below };
  return { group, name, result: show(value) };
}

/** Hands the figures to the process that prints them, or prints them where there is none. */
export function report(figures: readonly Figure[]): void {
  if (process.send) process.send(figures);
  else console.table(figures);
}

/** The middle of several rounds: one that another program disturbed does not count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
