import type { CloudWatchService } from '..';
import type { Operation } from '../api';
import type { StatisticSet } from '../buckets';
import { Members } from '../members';
import type { PutOptions } from '../metric-store';

const HOUR = 3_600_000;
const OLDEST = 14 * 24 * HOUR;
const NEWEST = 2 * HOUR;
const SAMPLES = 1_000;
const VALUES = 150;
const LARGEST = 2 ** 360;

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
export function putMetricData({ metrics, clock }: CloudWatchService): Operation {
  return (input) => {
    const members = new Members(input);
    const namespace = members.required(members.text('Namespace', { atMost: 255 }), 'Namespace');
    if (namespace?.startsWith('AWS/')) members.problem(`'Namespace' must not begin with AWS/, got '${namespace}'`);
    const samples = members.list('MetricData');
    if (samples.length > SAMPLES) members.problem(`'MetricData' must have at most ${SAMPLES} entries, got ${samples.length}`);
    const read = samples.map((sample) => readSample(sample, clock.now()));
    members.nothingElse();
    members.finish('InvalidParameterValue');
    for (const { name, dimensions, options, set, values } of read) {
      const metric = metrics.metric(namespace, name, dimensions);
      if (set) metric.putSet(set, options);
      for (const [value, count] of values) metric.put(value, count, options);
    }
    return {};
  };
}

interface Sample {
  readonly name: string;
  readonly dimensions: Record<string, string>;
  readonly options: PutOptions;
  readonly set?: StatisticSet;
  readonly values: readonly (readonly [value: number, count: number])[];
}

function readSample(members: Members, now: number): Sample {
  const name = members.required(members.text('MetricName', { atMost: 255 }), 'MetricName');
  const dimensions = members.dimensions();
  const at = members.time('Timestamp') ?? now;
  if (at < now - OLDEST || at > now + NEWEST) {
    members.problem(`'Timestamp' of '${name}' must be from two weeks ago to two hours ahead`);
  }
  const resolution = members.number('StorageResolution');
  if (![undefined, 1, 60].includes(resolution)) members.problem(`'StorageResolution' must be 1 or 60, got ${resolution}`);
  const options: PutOptions = { at, unit: members.text('Unit'), storageResolution: resolution === 1 ? 1 : 60 };
  const given = ['Value', 'Values', 'StatisticValues'].filter((each) => members.has(each));
  if (given.length !== 1) {
    members.problem(`'${name}' must have one of Value, Values and StatisticValues, got ${given.join(', ') || 'none'}`);
  }
  const value = members.number('Value');
  checkRange(members, 'Value', value ?? 0);
  const set = members.structure('StatisticValues');
  const values = value === undefined ? readValues(members) : [[value, 1] as const];
  members.nothingElse();
  return { name, dimensions, options, values, set: set && readSet(set) };
}

function readValues(members: Members): (readonly [number, number])[] {
  const values = members.numbers('Values', VALUES);
  const counts = members.numbers('Counts', VALUES);
  checkRange(members, 'Values', ...values);
  if (counts.length > 0 && counts.length !== values.length) {
    members.problem(`'Counts' must have as many entries as 'Values' (${values.length}), got ${counts.length}`);
  }
  if (counts.some((count) => !(count > 0))) members.problem(`'Counts' must be more than 0, got ${counts.join(', ')}`);
  return values.map((value, index) => [value, counts[index] ?? 1] as const);
}

function readSet(members: Members): StatisticSet {
  const member = (name: string): number => members.required(members.number(name), name);
  const set = { sum: member('Sum'), count: member('SampleCount'), minimum: member('Minimum'), maximum: member('Maximum') };
  checkRange(members, 'StatisticValues', set.sum, set.minimum, set.maximum);
  if (!(set.count > 0)) members.problem(`'SampleCount' must be more than 0, got ${set.count}`);
  if (set.minimum > set.maximum) members.problem(`'Minimum' must be at most 'Maximum', got ${set.minimum} and ${set.maximum}`);
  members.nothingElse();
  return set;
}

function checkRange(members: Members, name: string, ...values: readonly number[]): void {
  const outside = values.find((value) => Math.abs(value) > LARGEST);
  if (outside !== undefined) members.problem(`'${name}' must be from -2^360 to 2^360, got ${outside}`);
}
