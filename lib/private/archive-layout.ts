/** The hour in which messages were sent, from its largest part to its smallest: what the keys of the archive are made of. */
export type PartitionKey = 'year' | 'month' | 'day' | 'hour';

export const partitionKeys: readonly PartitionKey[] = ['year', 'month', 'day', 'hour'];

/** The folder of an hour, as Hive names partitions, with a `/` at the end. */
export function partitionFolder(prefix: string, value: (key: PartitionKey) => string): string {
  return `${prefix}/${partitionKeys.map((key) => `${key}=${value(key)}/`).join('')}`;
}

/** Beside the hours: Firehose writes what SNS gives it, which is no envelope of the archiver's. */
export function firehoseFolder(prefix: string): string {
  return `${prefix}/firehose`;
}

export function firehoseErrorFolder(prefix: string): string {
  return `${prefix}/firehose-errors`;
}
