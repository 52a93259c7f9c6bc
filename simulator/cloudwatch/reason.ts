import type { AlarmState, Evaluation, TreatMissingData } from './missing-data';

export type ComparisonOperator =
  'GreaterThanOrEqualToThreshold' | 'GreaterThanThreshold' | 'LessThanThreshold' | 'LessThanOrEqualToThreshold';

interface Comparison {
  readonly words: string;
  holds(value: number, threshold: number): boolean;
}

export const COMPARISONS: Readonly<Record<ComparisonOperator, Comparison>> = {
  GreaterThanOrEqualToThreshold: { words: 'greater than or equal to', holds: (value, threshold) => value >= threshold },
  GreaterThanThreshold: { words: 'greater than', holds: (value, threshold) => value > threshold },
  LessThanThreshold: { words: 'less than', holds: (value, threshold) => value < threshold },
  LessThanOrEqualToThreshold: { words: 'less than or equal to', holds: (value, threshold) => value <= threshold },
};

export interface ReasonOf {
  readonly state: AlarmState;
  readonly evaluation: Evaluation;
  readonly breaching: readonly (boolean | undefined)[];
  readonly points: readonly (number | undefined)[];
  /** The start of each point's period, in milliseconds. */
  readonly startOf: (index: number) => number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  /** Whether the alarm names its data points to alarm: AWS words the reason differently then. */
  readonly named: boolean;
  readonly comparison: ComparisonOperator;
  readonly threshold: number;
  readonly treatMissingData: TreatMissingData;
}

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** Numbers as AWS prints them: with at least one decimal place. */
const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

/** `22/11/26 18:05:00`, in UTC. */
function moment(time: number): string {
  const [year, month, day, clock] = new Date(time).toISOString().split(/[-T.]/);
  return `${day}/${month}/${year.slice(2)} ${clock}`;
}

/** The state reason, in the form that people and programs know from AWS's notifications. */
export function reason(of: ReasonOf): string {
  const { state, evaluation, breaching, points, evaluationPeriods: periods } = of;
  const { evaluated, filled } = evaluation;
  const be = (count: number): string => (count === 1 ? 'was' : 'were');
  if (state === 'INSUFFICIENT_DATA') return `Insufficient Data: ${plural(periods, 'datapoint')} ${be(periods)} unknown.`;
  const treatment = of.treatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching';
  const treated = `${plural(filled, 'missing datapoint')} ${be(filled)} treated as [${treatment}]`;
  if (evaluated.length === 0) return `Threshold Crossed: no datapoints were received for ${plural(periods, 'period')} and ${treated}.`;

  // Those data points that speak for the state, newest first; all of them where only filled ones do.
  const alarming = state === 'ALARM';
  const matching = evaluated.filter((index) => breaching[index] === alarming);
  const told = (matching.length > 0 ? matching : [...evaluated]).reverse();
  const breached = matching.length > 0 ? alarming : !alarming;
  const values = told.map((index) => `${decimal(points[index]!)} (${moment(of.startOf(index))})`).join(', ');
  const subject = of.named ? `${told.length} out of the last ${periods} datapoints` : plural(told.length, 'datapoint');
  const relation = `${be(told.length)} ${breached ? '' : 'not '}${COMPARISONS[of.comparison].words} the threshold (${decimal(of.threshold)})`;
  const filling = filled > 0 && ['breaching', 'notBreaching'].includes(of.treatMissingData) ? ` and ${treated}` : '';
  const least = plural(alarming ? of.datapointsToAlarm : periods - of.datapointsToAlarm + 1, 'datapoint');
  const transition = of.named ? ` (minimum ${least} for ${alarming ? 'OK -> ALARM' : 'ALARM -> OK'} transition)` : '';
  return `Threshold Crossed: ${subject} [${values}] ${relation}${filling}${transition}.`;
}
