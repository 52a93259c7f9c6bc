import { ServiceError } from '../contracts';
import type { AlarmState } from './missing-data';

/** A composite alarm's rule: does it hold, given the states of the alarms it names? */
export interface CompositeRule {
  /** The names or ARNs of the alarms, in the order of the rule, each once. */
  readonly alarms: readonly string[];
  holds(stateOf: (alarm: string) => AlarmState | undefined): boolean;
}

type Condition = (stateOf: (alarm: string) => AlarmState | undefined) => boolean;

const TOKEN = /\s*(?:([(),])|"([^"]*)"|'([^']*)'|([^\s(),"']+))/y;

interface RuleToken {
  readonly text: string;
  readonly quoted: boolean;
}

const STATES = ['ALARM', 'OK', 'INSUFFICIENT_DATA'] as const;

/**
 * Reads `ALARM("name")`, `OK(…)`, `INSUFFICIENT_DATA(…)`, `AT_LEAST(2, ALARM, (…))`, `AT_LEAST(60%, NOT OK, (…))`, `TRUE`,
 * `FALSE`, `AND`, `OR`, `NOT` and parentheses; names may be ARNs, with or without quotation marks. Throws a
 * `ValidationError` that says what it cannot read.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function parseRule(rule: string): CompositeRule {
  const input = cut(rule);
  const alarms = new Set<string>();
  let position = 0;
  const condition = disjunction();
  if (position < input.length) unexpected();
  return { alarms: [...alarms], holds: condition };

  function disjunction(): Condition {
    let left = conjunction();
    while (take('OR')) {
      const [one, other] = [left, conjunction()];
      left = (stateOf) => one(stateOf) || other(stateOf);
    }
    return left;
  }

  function conjunction(): Condition {
    let left = inversion();
    while (take('AND')) {
      const [one, other] = [left, inversion()];
      left = (stateOf) => one(stateOf) && other(stateOf);
    }
    return left;
  }

  function inversion(): Condition {
    if (!take('NOT')) return operand();
    const inverted = inversion();
    return (stateOf) => !inverted(stateOf);
  }

  function operand(): Condition {
    if (take('TRUE')) return () => true;
    if (take('FALSE')) return () => false;
    if (take('(')) {
      const inner = disjunction();
      expect(')');
      return inner;
    }
    if (take('AT_LEAST')) return atLeast();
    const state = STATES.find(take);
    return state ? inState(state) : unexpected();
  }

  function inState(state: AlarmState): Condition {
    expect('(');
    const alarm = name();
    expect(')');
    return (stateOf) => stateOf(alarm) === state;
  }

  /** Of a number or a share of the alarms of a list, which is rounded up to whole alarms. */
  function atLeast(): Condition {
    expect('(');
    const threshold = /^(\d+)(%?)$/.exec(input[position]?.text ?? '');
    if (!threshold || input[position].quoted) return unexpected();
    position++;
    expect(',');
    const wanted = !take('NOT');
    const state = STATES.find(take) ?? unexpected();
    expect(',');
    expect('(');
    const listed = [name()];
    while (take(',')) listed.push(name());
    expect(')');
    expect(')');
    const [given, most] = [Number(threshold[1]), threshold[2] ? 100 : listed.length];
    if (given < 1 || given > most) {
      throw new ServiceError('ValidationError', `'AlarmRule' must have AT_LEAST of 1 to ${most}${threshold[2]}, got ${threshold[0]}`);
    }
    const least = threshold[2] ? Math.ceil((given / 100) * listed.length) : given;
    return (stateOf) => listed.filter((alarm) => (stateOf(alarm) === state) === wanted).length >= least;
  }

  function name(): string {
    if (position >= input.length || (!input[position].quoted && '(),'.includes(input[position].text))) unexpected();
    const alarm = input[position++].text;
    alarms.add(alarm);
    return alarm;
  }

  function take(text: string): boolean {
    if (position >= input.length || input[position].quoted || input[position].text !== text) return false;
    position++;
    return true;
  }

  function expect(text: string): void {
    if (!take(text)) unexpected();
  }

  function unexpected(): never {
    const got = position < input.length ? `'${input[position].text}'` : 'the end';
    const modelled = 'ALARM, OK, INSUFFICIENT_DATA, AT_LEAST, TRUE, FALSE, AND, OR, NOT';
    throw new ServiceError('ValidationError', `'AlarmRule' has ${got} where it must not (the simulator models ${modelled}): '${rule}'`);
  }
}

function cut(rule: string): RuleToken[] {
  const found: RuleToken[] = [];
  const text = rule.trimEnd();
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) throw new ServiceError('ValidationError', `'AlarmRule' has a quotation mark without its second one: '${rule}'`);
    const quoted = match[2] ?? match[3];
    found.push({ text: quoted ?? match[1] ?? match[4], quoted: quoted !== undefined });
    at = TOKEN.lastIndex;
  }
  return found;
}
