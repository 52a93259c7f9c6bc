import type { CloudWatchService, PutMetricOptions } from '.';
import type { Events } from '../events';

type Document = Readonly<Record<string, unknown>>;

const DEFINITIONS = 100;
const VALUES = 100;
const DIMENSIONS = 30;
const TEXT = 255;
const DIMENSION_VALUE = 1024;
const HOUR = 3_600_000;
const OLDEST = 14 * 24 * HOUR;
const NEWEST = 2 * HOUR;

/** One sample that a log line has. */
export interface EmbeddedSample {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Record<string, string>;
  readonly value: number;
  readonly options: PutMetricOptions;
}

/**
 * Puts the metrics that functions write into their logs in the embedded metric format. As on AWS, what is malformed yields
 * no metrics and no error; the line stays in the logs.
 */
export function publishEmbeddedMetrics(events: Events, cloudWatch: CloudWatchService): void {
  events.on('logs', ({ line, at }) => {
    for (const { namespace, name, dimensions, value, options } of embeddedSamples(line, at)) {
      cloudWatch.putMetric(namespace, name, dimensions, value, options);
    }
  });
}

/**
 * The samples of a line; none for a line of another kind. What Lambda writes before the document is no part of it.
 * @param now in milliseconds since the epoch
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedSamples(line: string, now: number): EmbeddedSample[] {
  if (!line.includes('"CloudWatchMetrics"')) return [];
  const root = read(line.slice(line.indexOf('{')));
  if (!root || !isDocument(root._aws) || !Array.isArray(root._aws.CloudWatchMetrics)) return [];
  const { Timestamp: at = now } = root._aws;
  if (typeof at !== 'number' || !(at >= now - OLDEST && at <= now + NEWEST)) return [];
  return root._aws.CloudWatchMetrics.flatMap((directive: unknown) => (isDocument(directive) ? samplesOf(directive, root, at) : []));
}

function samplesOf({ Namespace: namespace, Dimensions: sets, Metrics: definitions }: Document, root: Document, at: number): EmbeddedSample[] {
  if (!isText(namespace) || !Array.isArray(sets) || !Array.isArray(definitions) || definitions.length > DEFINITIONS) return [];
  const dimensionSets = (sets.length > 0 ? sets : [[]]).map((keys: unknown) => dimensionsOf(keys, root));
  return definitions.flatMap((definition: unknown) => {
    if (!isDocument(definition) || !isText(definition.Name)) return [];
    const { Name: name, Unit: unit = 'None', StorageResolution: resolution = 60 } = definition;
    if (typeof unit !== 'string' || (resolution !== 1 && resolution !== 60)) return [];
    const options: PutMetricOptions = { at, unit, storageResolution: resolution };
    return dimensionSets.flatMap((dimensions) => (dimensions === undefined ? [] : (
      valuesOf(root[name]).map((value) => ({ namespace, name, dimensions, value, options }))
    )));
  });
}

/** Undefined for a set that names what is no text on the root. */
function dimensionsOf(keys: unknown, root: Document): Record<string, string> | undefined {
  if (!Array.isArray(keys) || keys.length > DIMENSIONS || !keys.every((key) => isText(key) && isText(root[key], DIMENSION_VALUE))) return undefined;
  return Object.fromEntries((keys as string[]).map((key) => [key, root[key] as string]));
}

function valuesOf(target: unknown): number[] {
  const values: unknown[] = Array.isArray(target) ? target : [target];
  return values.length <= VALUES && values.every((value) => Number.isFinite(value)) ? values as number[] : [];
}

function read(text: string): Document | undefined {
  try {
    const root: unknown = JSON.parse(text);
    return isDocument(root) ? root : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, atMost = TEXT): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= atMost;
}
