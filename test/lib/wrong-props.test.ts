import { Duration, Lazy } from 'aws-cdk-lib';
import { atLeast, type ConstructName, durations, failureOf, numbers, type Props, shares, tokensRefused } from './wrong-props';
import { wrongValues as wrong } from './wrong-values';

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
    ...atLeast.map(([construct, property, lowest]): [ConstructName, string, unknown, Props | undefined, string] => (
      [construct, property, lowest, undefined, String(lowest)])),
    ...shares.flatMap(([construct, property]) => [0.01, 1].map((share): [ConstructName, string, unknown, Props | undefined, string] => (
      [construct, property, share, undefined, String(share)]))),
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
    ...[...atLeast, ...shares].map(([construct, property]) => ({ construct, property, value: token, others: {} })),
  ];
  test.each(all.map((each) => [`${each.construct} with ${each.property}`, each] as const))('%s', (_case, { construct, property, value, others }) => {
    expect(failureOf(construct, { ...others, [property]: value })).toBe(tokensRefused[`${construct}.${property}`]);
  });
});

describe('all that is wrong with a construct is told at once:', () => {
  // they exclude 'maxConcurrency', which is one wrong thing more
  const together = wrong.filter(({ property }) => !property.endsWith('Pollers'));
  const of = (name: ConstructName): typeof together => [...new Map(together.filter(({ construct }) => construct === name).map((each) => [each.property, each])).values()];
  const constructs = [...new Set(together.map(({ construct }) => construct))];
  test.each(constructs.filter((name) => of(name).length > 1))('%s', (name) => {
    const all = of(name);
    const props = Object.assign({}, ...all.map(({ others }) => others), ...all.map(({ property, value }) => ({ [property]: value }))) as Props;
    const failure = failureOf(name, props);
    expect(failure).toMatch(new RegExp(`^Test/It: ${all.length} rules do not hold:`));
    for (const { message } of all) expect(failure).toContain(`\n  - ${message}`);
  });
});
