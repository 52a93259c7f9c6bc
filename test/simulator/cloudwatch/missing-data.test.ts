import { evaluate, evaluationRange, TREATMENTS, type AlarmState } from '../../../simulator/cloudwatch/missing-data';
import { documented } from '../documented';

const PAGE = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html';

/**
 * The page's tables, row by row.
 * 0 is within the threshold, X breaches it, - is missing; the most recent data point stands on the right.
 */
const RETAIN = undefined;
type Row = [points: string, filled: number, missing: AlarmState | undefined, ignore: AlarmState | undefined, breaching: AlarmState, notBreaching: AlarmState];

const THREE_OF_THREE: Row[] = [
  ['0 - X - X', 0, 'OK', 'OK', 'OK', 'OK'],
  ['0 - - - -', 2, 'OK', 'OK', 'OK', 'OK'],
  ['- - - - -', 3, 'INSUFFICIENT_DATA', RETAIN, 'ALARM', 'OK'],
  ['0 X X - X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['- - X - -', 2, 'ALARM', RETAIN, 'ALARM', 'OK'],
];
const TWO_OF_THREE: Row[] = [
  ['0 - X - X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 0 X 0 X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 - X - -', 1, 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - - 0', 2, 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - X -', 2, 'ALARM', RETAIN, 'ALARM', 'OK'],
];

const read = (points: string) => points.split(' ').map((point) => (point === '-' ? undefined : point === 'X'));

documented('missing data', PAGE, () => {
  describe.each([['3 out of 3', 3, THREE_OF_THREE], ['2 out of 3', 2, TWO_OF_THREE]] as const)('for an alarm of %s', (_, datapointsToAlarm, rows) => {
    test.each(rows)("with the data points '%s' fills %i", (points, filled, missing, ignore, breaching, notBreaching) => {
      const results = TREATMENTS.map((treatMissingData) => (
        [treatMissingData, evaluate({ breaching: read(points), evaluationPeriods: 3, datapointsToAlarm, treatMissingData })] as const
      ));
      expect(Object.fromEntries(results.map(([treatment, { state }]) => [treatment, state]))).toEqual({ missing, ignore, breaching, notBreaching });
      expect(results.map(([, result]) => result.filled)).toEqual([filled, filled, filled, filled]);
    });
  });

  test('makes an alarm look back over 5 periods for 3 evaluation periods', () => {
    expect(evaluationRange(3)).toBe(5);
  });

  test('is left aside while there are enough data points: the most recent ones are evaluated, and those are named', () => {
    const result = evaluate({ breaching: read('X 0 - X X'), evaluationPeriods: 2, datapointsToAlarm: 2, treatMissingData: 'missing' });
    expect(result).toEqual({ state: 'ALARM', evaluated: [3, 4], filled: 0 });
  });
});

documented('a premature alarm state', PAGE, () => {
  const stateOf = (points: string) => (
    evaluate({ breaching: read(points), evaluationPeriods: 3, datapointsToAlarm: 3, treatMissingData: 'missing' }).state
  );

  test.each(['- - - - X', '- - - X -', '- - - X X'])("is avoided: '%s' retains the state", (points) => {
    expect(stateOf(points)).toBeUndefined();
  });

  test.each(['- - - X 0', '- - X - 0'])("is avoided: '%s' is OK", (points) => {
    expect(stateOf(points)).toBe('OK');
  });

  test.each(['- - X - -', '- X - - -', 'X - - - -', '- - X - X'])("does not last: '%s' is ALARM", (points) => {
    expect(stateOf(points)).toBe('ALARM');
  });
});
