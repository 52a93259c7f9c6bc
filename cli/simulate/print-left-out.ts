import type { LeftOut, Simulation } from '../../simulator';
import type { Output } from '../report/page';

/** What the simulation goes without: a line for each type, with how many there are. */
export function printLeftOut({ leftOut }: Simulation, output: Output): void {
  if (leftOut.length === 0) return;
  const kinds = new Map<string, LeftOut[]>();
  for (const one of leftOut) {
    const kind = one.property === undefined ? one.type : `${one.type}.${one.property}`;
    kinds.set(kind, [...kinds.get(kind) ?? [], one]);
  }
  output.write('\nLeft out, as the simulator does not model it:\n');
  const width = Math.max(...[...kinds.keys()].map((kind) => kind.length));
  for (const [kind, [{ stackName, path, reason }, ...others]] of [...kinds].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    output.write(`  ${kind.padEnd(width)}  ${stackName}/${path}${more}${reason === undefined ? '' : `: ${reason}`}\n`);
  }
}
