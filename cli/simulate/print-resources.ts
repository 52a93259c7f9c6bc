import type { Simulation } from '../../simulator';
import type { Output } from '../start/print-report';

/** What is there, by construct path, with what a client needs to address it. */
export function printResources(simulation: Simulation, output: Output): void {
  const { queues, topics, functions, buckets, alarms } = simulation;
  const kinds: [string, { path: string; address: string }[]][] = [
    ['Queues', queues.map(({ path, url }) => ({ path, address: url }))],
    ['Topics', topics.map(({ path, arn }) => ({ path, address: arn }))],
    ['Functions', functions.map(({ path, name }) => ({ path, address: name }))],
    ['Buckets', buckets.map(({ path, name }) => ({ path, address: `s3://${name}` }))],
  ];
  const width = Math.max(0, ...kinds.flatMap(([, ones]) => ones.map(({ path }) => path.length)));
  for (const [kind, ones] of kinds) {
    if (ones.length === 0) continue;
    output.write(`\n${kind}\n`);
    for (const { path, address } of ones.sort(byPath)) output.write(`  ${path.padEnd(width)}  ${address}\n`);
  }
  output.write(`\n${alarms.length} alarms are evaluated each minute.\n`);
}

const byPath = (one: { path: string }, other: { path: string }): number => (one.path < other.path ? -1 : 1);
