import type { Simulation } from '../../simulator';
import type { Output } from '../report/page';

/** Prints what an operator would want to be told of: alarms that change, messages that are given up, functions that fail. */
export function printActivity(simulation: Simulation, output: Output): void {
  const nameOf = names(simulation);
  const print = (at: number, text: string): void => {
    output.write(`${new Date(at).toISOString().slice(11, 19)}  ${text}\n`);
  };
  const { events } = simulation;
  events.on('cloudwatch', ({ at, resource, from, to, reason }) => {
    print(at, `alarm ${nameOf(resource)}: ${from} → ${to}: ${reason}`);
  });
  events.on('sqs', ({ at, action, resource, messageId, to, receiveCount }) => {
    if (action === 'moved') print(at, `message ${messageId} moved from ${nameOf(resource)} to ${nameOf(to!)} (receive count ${receiveCount})`);
    if (action === 'expired') print(at, `message ${messageId} expired in ${nameOf(resource)}`);
  });
  events.on('sns', ({ at, action, resource, messageId, to, reason }) => {
    if (action === 'failed') print(at, `message ${messageId} of ${nameOf(resource)} could not be delivered: ${reason}`);
    if (action === 'redriven') print(at, `message ${messageId} of ${nameOf(resource)} went to the subscription's dead-letter queue ${nameOf(to!)}`);
  });
  events.on('s3', ({ at, action, resource, key, to, reason }) => {
    if (action === 'notificationFailed') print(at, `object ${key} of ${nameOf(resource)} could not be notified to ${nameOf(to!)}: ${reason}`);
  });
  events.on('lambda', ({ at, action, resource, error }) => {
    if (action === 'failed') print(at, `function ${nameOf(resource)} failed: ${error ?? 'no reason given'}`);
    if (action === 'timedOut') print(at, `function ${nameOf(resource)} timed out`);
    if (action === 'throttled') print(at, `function ${nameOf(resource)} was throttled`);
  });
}

/** The construct path for an ARN or an alarm's name; looked up again while it is unknown, as a deployment may add it. */
function names(simulation: Simulation): (resource: string) => string {
  const known = new Map<string, string>();
  return (resource) => {
    const found = known.get(resource) ?? simulation.traces.name(resource);
    if (found !== resource) known.set(resource, found);
    return found;
  };
}
