import { Duration, Lazy } from 'aws-cdk-lib';
import { type ConstructName, durations, failureOf, numbers, type Props, tokensRefused } from './wrong-props';

/** A property that a case sets, what it sets it to, and what the error says of it. */
interface Wrong {
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

const wrong = [...ofNumbers, ...ofDurations];

describe('a value outside of its range is refused with property, range and value:', () => {
  test.each(wrong.map((each) => [`${each.construct} with ${each.property} of ${each.shown}`, each] as const))('%s', (_case, each) => {
    expect(failureOf(each.construct, { ...each.others, [each.property]: each.value })).toBe(`Test/It: ${each.message}`);
  });
});

describe('the ends of a range are accepted:', () => {
  const ends: [ConstructName, string, unknown, Props | undefined, string][] = [
    ...numbers.flatMap(([construct, property, lowest, highest, others]) => [lowest, highest].map((end): [ConstructName, string, unknown, Props | undefined, string] => (
      [construct, property, end, others, String(end)]))),
    ...durations.flatMap(([construct, property, shortest, shortestText, longest, longestText, others]): [ConstructName, string, unknown, Props | undefined, string][] => [
      [construct, property, shortest, others, shortestText], [construct, property, longest, others, longestText],
    ]),
  ];
  test.each(ends.map((end) => [`${end[0]} with ${end[1]} of ${end[4]}`, end] as const))('%s', (_case, [construct, property, value, others]) => {
    expect(failureOf(construct, { ...others, [property]: value })).toBeUndefined();
  });
});

describe('a token is accepted, or refused with what would have to be known:', () => {
  const token = Lazy.number({ produce: () => 60 });
  const all = [
    ...numbers.map(([construct, property, , , others]) => ({ construct, property, value: token, others })),
    ...durations.map(([construct, property, , , , , others]) => ({ construct, property, value: Duration.seconds(token), others })),
  ];
  test.each(all.map((each) => [`${each.construct} with ${each.property}`, each] as const))('%s', (_case, { construct, property, value, others }) => {
    expect(failureOf(construct, { ...others, [property]: value })).toBe(tokensRefused[`${construct}.${property}`]);
  });
});

describe('all that is wrong with a construct is told at once:', () => {
  const constructs = [...new Set(wrong.map(({ construct }) => construct))];
  test.each(constructs.filter((name) => new Set(wrong.filter(({ construct }) => construct === name).map(({ property }) => property)).size > 1))('%s', (name) => {
    const last = new Map(wrong.filter(({ construct }) => construct === name).map((each) => [each.property, each]));
    const props = Object.assign({}, ...[...last.values()].map(({ others, property, value }) => ({ ...others, [property]: value }))) as Props;
    const failure = failureOf(name, props);
    expect(failure).toMatch(new RegExp(`^Test/It: ${last.size} rules do not hold:`));
    for (const { message } of last.values()) expect(failure).toContain(`\n  - ${message}`);
  });
});
