import type { Simulation } from '../../simulator';
import type { Output } from '../report/page';

/** A screen can hold so many of a kind. */
const mostLines = 12;

/** What is there, by construct path, with what a client needs to address it. */
export function printResources(simulation: Simulation, output: Output): void {
  const { queues, topics, functions, buckets, alarms, traces } = simulation;
  const kinds: [string, string, { id: string; address: string }[]][] = [
    ['Queues', 'aws sqs list-queues', queues.map(({ arn, url }) => ({ id: arn, address: url }))],
    ['Topics', 'aws sns list-topics', topics.map(({ arn }) => ({ id: arn, address: arn }))],
    ['Functions', 'the template', functions.map(({ arn, name }) => ({ id: arn, address: name }))],
    ['Buckets', 'aws s3 ls', buckets.map(({ name }) => ({ id: name, address: `s3://${name}` }))],
  ];
  const shown = kinds.filter(([, , ones]) => ones.length > 0).map(([kind, all, ones]) => ({
    kind, all, count: ones.length,
    rows: ones.map(({ id, address }) => ({ path: traces.name(id), address })).sort(byPath).slice(0, mostLines),
  }));
  const width = Math.max(0, ...shown.flatMap(({ rows }) => rows.map(({ path }) => path.length)));
  for (const { kind, all, count, rows } of shown) {
    output.write(`\n${kind}${count > rows.length ? ` (${count.toLocaleString('en')})` : ''}\n`);
    for (const { path, address } of rows) output.write(`  ${path.padEnd(width)}  ${address}\n`);
    if (count > rows.length) output.write(`  … and ${(count - rows.length).toLocaleString('en')} more: see ${all}\n`);
  }
  output.write(`\n${alarms.length.toLocaleString('en')} alarms are evaluated each minute.\n`);
}

const byPath = (one: { path: string }, other: { path: string }): number => (one.path < other.path ? -1 : 1);
