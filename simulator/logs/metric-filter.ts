import { ServiceError } from '../contracts';
import { filterPattern, type FilterPattern, type Match } from './filter-pattern';

export interface MetricTransformation {
  readonly namespace: string;
  readonly name: string;
  /** A number, `$.field` of a JSON event, or `$field` of a space-delimited one. */
  readonly value: string;
  /** For a minute with events of which none matches. @default - nothing is published then */
  readonly defaultValue?: number;
  /** By name, `$.field` or `$field`; at most three, and none beside a default value. */
  readonly dimensions?: Readonly<Record<string, string>>;
  /** @default 'None' */
  readonly unit?: string;
}

/** Puts a value into a metric; `at` is in milliseconds since the epoch. */
export type PutMetric = (
  namespace: string, name: string, dimensions: Record<string, string>, value: number, options: { readonly at: number; readonly unit: string },
) => void;

const MOST_DIMENSIONS = 3;
const LONGEST_NAME = 255;
const LONGEST_VALUE = 100;

/** Makes data points of a metric out of the log events that match its pattern. */
export class MetricFilter {
  private readonly pattern: FilterPattern;
  /** Events since the last full minute. */
  private unmatched = 0;
  private matched = false;

  /** @throws ServiceError `InvalidParameterException` for what CloudWatch Logs would refuse */
  constructor(pattern: string, private readonly transformation: MetricTransformation, private readonly putMetric: PutMetric) {
    this.pattern = filterPattern(pattern);
    const problems = problemsOf(transformation, this.pattern);
    if (problems.length > 0) throw new ServiceError('InvalidParameterException', problems.join('; '));
  }

  take(message: string, at: number): void {
    const match = this.pattern.match(message);
    if (!match) {
      this.unmatched++;
      return;
    }
    this.matched = true;
    const value = this.valueOf(match);
    if (value !== undefined) this.put(value, at, this.dimensionsOf(match));
  }

  /** A minute is over, which began at `at`: without any match, each of its events has the default value. */
  endMinute(at: number): void {
    const { defaultValue } = this.transformation;
    if (!this.matched && defaultValue !== undefined) for (let count = 0; count < this.unmatched; count++) this.put(defaultValue, at, {});
    this.unmatched = 0;
    this.matched = false;
  }

  private put(value: number, at: number, dimensions: Record<string, string>): void {
    const { namespace, name, unit = 'None' } = this.transformation;
    this.putMetric(namespace, name, dimensions, value, { at, unit });
  }

  /** An event whose field is no number yields none. */
  private valueOf(match: Match): number | undefined {
    const { value } = this.transformation;
    const found = value.startsWith('$') ? match.field(value) : value;
    const number = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
    return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
  }

  /** Without a dimension whose field the event has not. */
  private dimensionsOf(match: Match): Record<string, string> {
    const entries = Object.entries(this.transformation.dimensions ?? {}).map(([name, selector]) => [name, match.field(selector)] as const);
    return Object.fromEntries(entries.flatMap(([name, value]) => (
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[name, String(value)]] : []
    )));
  }
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html */
function problemsOf({ namespace, name, value, defaultValue, dimensions = {} }: MetricTransformation, { type }: FilterPattern): string[] {
  const problems: string[] = [];
  for (const [member, text] of [['metricNamespace', namespace], ['metricName', name]]) {
    if (text.length < 1 || text.length > LONGEST_NAME || /[:*$]/.test(text)) {
      problems.push(`'${member}' must have from 1 to ${LONGEST_NAME} characters without ':', '*' and '$', got '${text}'`);
    }
  }
  if (namespace.startsWith('AWS/')) problems.push(`'metricNamespace' must not begin with 'AWS/', got '${namespace}'`);
  const selector = type === 'json' ? /^\$[.[]/ : /^\$\w+$/;
  const selects = (text: string): boolean => type !== 'terms' && selector.test(text);
  const isNumber = value.trim() !== '' && Number.isFinite(Number(value));
  if (value.length > LONGEST_VALUE || !(isNumber || selects(value))) {
    problems.push(`'metricValue' must be a number, or a field that the pattern can find, got '${value}'`);
  }
  const names = Object.entries(dimensions);
  if (names.length > MOST_DIMENSIONS) problems.push(`'dimensions' must have at most ${MOST_DIMENSIONS} entries, got ${names.length}`);
  for (const [dimension, text] of names) {
    if (!selects(text)) problems.push(`the dimension '${dimension}' must be a field that the pattern can find, got '${text}'`);
  }
  if (defaultValue !== undefined && names.length > 0) problems.push("'defaultValue' must not be given beside 'dimensions'");
  if (defaultValue !== undefined && !Number.isFinite(defaultValue)) problems.push(`'defaultValue' must be a number, got ${defaultValue}`);
  return problems;
}
