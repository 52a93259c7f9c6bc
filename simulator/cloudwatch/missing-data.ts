/**
 * What an alarm makes of its data points when some are missing.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export const TREATMENTS = ['breaching', 'notBreaching', 'ignore', 'missing'] as const;
export type TreatMissingData = (typeof TREATMENTS)[number];

export interface Datapoints {
  /** Oldest first, one entry a period of the evaluation range: breaching or not, undefined where missing. */
  readonly breaching: readonly (boolean | undefined)[];
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
}

export interface Evaluation {
  /** Undefined retains the current state. */
  readonly state: AlarmState | undefined;
  /** The places, in `breaching`, of the real data points that decided, oldest first. */
  readonly evaluated: readonly number[];
  /** How many missing data points had to be filled in. */
  readonly filled: number;
}

/**
 * How many periods an alarm looks back, so that it has real data points when recent ones are missing. AWS leaves the
 * number open; its example has 5 for 3 evaluation periods.
 */
export function evaluationRange(evaluationPeriods: number): number {
  return evaluationPeriods + 2;
}

export function evaluate({ breaching, evaluationPeriods, datapointsToAlarm, treatMissingData }: Datapoints): Evaluation {
  const evaluated: number[] = [];
  for (let index = breaching.length - 1; index >= 0 && evaluated.length < evaluationPeriods; index--) {
    if (breaching[index] !== undefined) evaluated.unshift(index);
  }
  const breaches = evaluated.filter((index) => breaching[index]).length;
  const filled = evaluationPeriods - evaluated.length;
  return { state: state(), evaluated, filled };

  function state(): AlarmState | undefined {
    if (breaches >= datapointsToAlarm) return 'ALARM';
    if (filled === 0 || treatMissingData === 'notBreaching') return 'OK';
    if (treatMissingData === 'breaching') return breaches + filled >= datapointsToAlarm ? 'ALARM' : 'OK';
    if (breaches < evaluated.length) return 'OK'; // some real data point is within the threshold
    if (treatMissingData === 'ignore') return undefined;
    if (evaluated.length === 0) return 'INSUFFICIENT_DATA';
    // Only breaching data points, too few of them: premature until the oldest is as old as the data points to alarm.
    return breaching.length - evaluated[0] >= datapointsToAlarm ? 'ALARM' : undefined;
  }
}
