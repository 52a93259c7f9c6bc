import { Duration } from 'aws-cdk-lib';
import { atLeast, type ConstructName, durations, numbers, type Props, shares } from './wrong-props';

/** A property that a case sets, what it sets it to, and what the error says of it. */
export interface Wrong {
  readonly construct: ConstructName;
  readonly property: string;
  readonly value: unknown;
  readonly shown: string;
  readonly others: Props;
  readonly message: string;
}

const ofNumbers: Wrong[] = numbers.flatMap(([construct, property, lowest, highest, others = {}]) => [
  ...[lowest - 1, highest + 1].map((value) => ({ value, range: `from ${lowest} to ${highest}` })),
  { value: lowest + 0.5, range: `a whole number from ${lowest} to ${highest}` },
].map(({ value, range }) => ({
  construct, property, value, shown: String(value), others, message: `'${property}' must be ${range}, got ${value}`,
})));

const ofDurations: Wrong[] = durations.flatMap(([construct, property, shortest, shortestText, longest, longestText, others = {}]) => {
  const tooLong = Duration.seconds(longest.toSeconds() + 1);
  const tooShort = shortest.toSeconds() > 1 ? Duration.seconds(shortest.toSeconds() - 1) : Duration.seconds(0);
  const range = `from ${shortestText} to ${longestText}`;
  return [
    { value: tooLong, shown: tooLong.toHumanString(), range },
    ...(shortest.toSeconds() > 0 ? [{ value: tooShort, shown: tooShort.toSeconds() === 0 ? '0 seconds' : tooShort.toHumanString(), range }] : []),
    { value: Duration.millis(shortest.toMilliseconds() + 500), shown: `${shortest.toMilliseconds() + 500} milliseconds`, range: `whole seconds ${range}` },
  ].map(({ value, shown, range: must }) => ({
    construct, property, value, shown, others, message: `'${property}' must be ${must}, got ${shown}`,
  }));
});

const ofOpenNumbers: Wrong[] = atLeast.flatMap(([construct, property, lowest]) => [
  { value: lowest - 1, range: `${lowest} or more` }, { value: lowest + 0.5, range: `a whole number of ${lowest} or more` },
].map(({ value, range }) => ({
  construct, property, value, shown: String(value), others: {}, message: `'${property}' must be ${range}, got ${value}`,
})));

const ofShares: Wrong[] = shares.flatMap(([construct, property]) => [0, 1.01, Number.NaN].map((value) => ({
  construct, property, value, shown: String(value), others: {}, message: `'${property}' must be above 0 and up to 1, got ${value}`,
})));

/** Every value outside of the range of a property that is a number, a share or a duration. */
export const wrongValues: readonly Wrong[] = [...ofNumbers, ...ofDurations, ...ofOpenNumbers, ...ofShares];
