import { ELSEWHERE, FUNCTIONS } from './functions';
import type { Expression } from './parser';
import { describe, finite, isList, Literal, refuse, TimeSeries, type Parameter, type Value } from './values';

/** The time series that an expression can name, all of the same periods. */
export interface Names {
  /** A metric or the result of another expression. */
  series(id: string): Value | undefined;
  /** The metrics of the request, without expressions, by their IDs. */
  metrics(): ReadonlyMap<string, TimeSeries>;
  /** The metrics that a search finds; `period` is in seconds. @default - nothing can be searched */
  search?(text: string, statistic: string, period: number | undefined): readonly TimeSeries[];
  /** The series of a search that found none. @default - the expression searches nothing */
  readonly none?: () => TimeSeries;
}

const truth = (value: boolean): number => (value ? 1 : 0);

const OPERATORS: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
  '<': (left, right) => truth(left < right),
  '<=': (left, right) => truth(left <= right),
  '>': (left, right) => truth(left > right),
  '>=': (left, right) => truth(left >= right),
  '==': (left, right) => truth(left === right),
  '!=': (left, right) => truth(left !== right),
  AND: (left, right) => truth(left !== 0 && right !== 0),
  OR: (left, right) => truth(left !== 0 || right !== 0),
};

const ARITHMETIC = '+-*/^';

/** Computes an expression. Throws a `ValidationError` for what AWS would refuse or the simulator does not model. */
export function evaluate(expression: Expression, names: Names): Value {
  const value = parameter(expression, names);
  return value instanceof Literal ? refuse(`an expression must not be ${describe(value)} alone`) : value;
}

function parameter(expression: Expression, names: Names): Parameter {
  switch (expression.type) {
    case 'number': return expression.value;
    case 'text': return new Literal(expression.text, true);
    case 'keyword': return new Literal(expression.text, false);
    case 'reference': return names.series(expression.id) ?? refuse(`no metric or expression has the ID '${expression.id}'`);
    case 'list': return expression.items.flatMap((item) => listed(parameter(item, names)));
    case 'call': return call(expression.name, expression.parameters.map((each) => parameter(each, names)), names);
    case 'negation': return operate('*', -1, parameter(expression.operand, names));
    case 'operation': return operate(expression.operator, parameter(expression.left, names), parameter(expression.right, names));
  }
}

function listed(value: Parameter): readonly TimeSeries[] {
  if (value instanceof TimeSeries) return [value];
  return isList(value) ? value : refuse(`an array holds time series, got ${describe(value)}`);
}

function call(name: string, parameters: readonly Parameter[], names: Names): Value {
  if (name === 'METRICS') return metrics(parameters, names);
  if (name === 'TIME_SERIES') return timeSeries(parameters, names);
  if (name === 'SEARCH') return search(parameters, names);
  const called = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!called) {
    const reason = Object.hasOwn(ELSEWHERE, name) ? `: ${ELSEWHERE[name]}` : '';
    return refuse(`the function '${name}' is not modelled by the simulator${reason}`);
  }
  const [least, most] = called.takes;
  if (parameters.length < least || parameters.length > most) {
    refuse(`${name} takes ${least === most ? least : `${least} to ${most}`} parameters, got ${parameters.length}`);
  }
  return called.apply(parameters, names.none);
}

function metrics(parameters: readonly Parameter[], names: Names): readonly TimeSeries[] {
  const [part] = parameters;
  if (parameters.length > 1 || (part !== undefined && !(part instanceof Literal && part.quoted))) {
    refuse(`METRICS takes at most one text, got ${parameters.map(describe).join(', ')}`);
  }
  const found = [...names.metrics()].filter(([id]) => part === undefined || id.includes((part).text));
  return found.map(([, series]) => series);
}

function search([text, statistic, period, ...others]: readonly Parameter[], names: Names): readonly TimeSeries[] {
  const isText = (value: Parameter | undefined): value is Literal => value instanceof Literal && value.quoted;
  if (!isText(text) || !isText(statistic) || (period !== undefined && typeof period !== 'number') || others.length > 0) {
    return refuse('SEARCH takes a text to look for, a text with the statistic, and the period in seconds or none');
  }
  return names.search?.(text.text, statistic.text, period) ?? refuse('SEARCH has no metrics to look into');
}

/** As long as the metrics of the request. */
function timeSeries(parameters: readonly Parameter[], names: Names): TimeSeries {
  const [value] = parameters;
  if (parameters.length !== 1 || typeof value !== 'number') {
    return refuse(`TIME_SERIES takes one number, got ${parameters.map(describe).join(', ') || 'none'}`);
  }
  const frame = [...names.metrics().values()][0] ?? names.none?.();
  return frame ? frame.with(frame.points.map(() => finite(value))) : refuse('TIME_SERIES needs a metric in the request, for its periods');
}

function operate(operator: string, left: Parameter, right: Parameter): Value {
  for (const operand of [left, right]) {
    if (operand instanceof Literal) refuse(`'${operator}' takes numbers and time series, got ${describe(operand)}`);
    if (isList(operand) && !ARITHMETIC.includes(operator)) refuse(`'${operator}' does not take an array of time series`);
  }
  if (isList(left) && isList(right)) return refuse(`'${operator}' takes at most one array of time series`);
  const compute = OPERATORS[operator];
  if (isList(left)) return left.map((series) => pointwise(compute, series, right as number | TimeSeries));
  if (isList(right)) return right.map((series) => pointwise(compute, left as number | TimeSeries, series).labelled(series.label));
  if (typeof left === 'number' && typeof right === 'number') return compute(left, right);
  return pointwise(compute, left as number | TimeSeries, right as number | TimeSeries);
}

/** A point that only one of two series has meets a 0; a point that neither has stays missing. */
function pointwise(
  compute: (left: number, right: number) => number, left: number | TimeSeries, right: number | TimeSeries,
): TimeSeries {
  if (typeof left === 'number') return (right as TimeSeries).map((point) => compute(left, point));
  if (typeof right === 'number') return left.map((point) => compute(point, right));
  return left.with(left.points.map((point, index) => {
    const other = right.points[index];
    return point === undefined && other === undefined ? undefined : finite(compute(point ?? 0, other ?? 0));
  }));
}
