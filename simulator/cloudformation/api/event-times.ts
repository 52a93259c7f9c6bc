import type { LiveStack } from '../stack-engine';

/**
 * The moment of each event, in milliseconds since the epoch. Clients sort events by time: what happens at one moment of the
 * clock is a millisecond apart here, and the events of a nested stack follow the one that begins it.
 */
export function eventTimes(stack: LiveStack, find: (id: string) => LiveStack | undefined): number[] {
  const outer = stack.parent === undefined ? undefined : find(stack.parent);
  const outerTimes = outer && eventTimes(outer, find);
  let last = 0;
  return stack.events.map(({ at }) => {
    const begun = outer?.events.findIndex((event) => event.at === at && event.physicalId === stack.id) ?? -1;
    last = Math.max(begun < 0 ? at : outerTimes![begun], last + 1);
    return last;
  });
}
