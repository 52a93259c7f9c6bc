import { type Fault, services } from './fault';

type Rule = readonly [holds: (value: never) => boolean, must: string];

const integerFrom = (lowest: number) => (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= lowest;
const moment = (value: unknown): boolean => (typeof value === 'number' ? value >= 0 : !Number.isNaN(new Date(value as string).getTime()));
const text = (value: unknown): boolean => typeof value === 'string' && value !== '';

const when: Readonly<Record<string, Rule>> = {
  kind: [() => true, ''],
  share: [(value: unknown) => typeof value === 'number' && value > 0 && value <= 1, 'above 0 and at most 1'],
  from: [moment, 'a date, ISO 8601 text, or milliseconds from 0 since the simulation began'],
  until: [moment, 'a date, ISO 8601 text, or milliseconds from 0 since the simulation began'],
  calls: [(value: unknown) => Array.isArray(value) && value.length > 0 && value.every(integerFrom(1)), 'a list of whole numbers from 1'],
  times: [integerFrom(1), 'a whole number from 1'],
  resource: [text, 'a construct path'],
};
const delay: Rule = [(value: unknown) => typeof value === 'number' && Number.isFinite(value) && value > 0, 'milliseconds above 0'];
const ofCall: Readonly<Record<string, Rule>> = {
  ...when,
  service: [(value: unknown) => services.includes(value as 'sqs'), `one of ${services.join(', ')}`],
  operation: [text, "AWS's name of an operation"],
};

const properties: Readonly<Record<Fault['kind'], Readonly<Record<string, Rule>>>> = {
  functionError: { ...when, message: [text, 'text'] },
  functionTimeout: when,
  functionThrottle: when,
  functionKill: { ...when, afterCalls: [integerFrom(1), 'a whole number from 1'] },
  functionDelay: { ...when, delay },
  serviceError: ofCall,
  serviceThrottle: ofCall,
  serviceDelay: { ...ofCall, delay },
  lostResponse: ofCall,
  deliveryFailure: {
    ...when,
    topic: [text, 'a construct path'],
    status: [(value: unknown) => integerFrom(400)(value) && (value as number) <= 599, 'from 400 to 599'],
  },
};

/** What is wrong with a fault, each problem by property, range and value. */
export function problemsOf(fault: unknown): string[] {
  if (typeof fault !== 'object' || fault === null || Array.isArray(fault)) return [`must be an object, got ${shown(fault)}`];
  const given = fault as Readonly<Record<string, unknown>>;
  const { kind } = given;
  const known = typeof kind === 'string' && Object.hasOwn(properties, kind) ? properties[kind as Fault['kind']] : undefined;
  if (known === undefined) return [`'kind' must be one of ${Object.keys(properties).join(', ')}, got ${shown(kind)}`];
  const problems = Object.entries(given).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (!Object.hasOwn(known, name)) return [`'${name}' is no property of a ${kind as string}, only ${Object.keys(known).join(', ')}`];
    const [holds, must] = known[name];
    return holds(value as never) ? [] : [`'${name}' must be ${must}, got ${shown(value)}`];
  });
  if (known.delay !== undefined && given.delay === undefined) problems.push(`'delay' must be ${known.delay[1]}, got undefined`);
  return problems;
}

function shown(value: unknown): string {
  return value instanceof Date ? String(value) : JSON.stringify(value) ?? String(value);
}
