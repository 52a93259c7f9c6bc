import type { Trace, TraceStep } from '../trace';

/** What happened to one message under all the IDs that it had, without what functions sent on because of it. */
export function ownSteps({ messageId, steps }: Trace): TraceStep[] {
  const ids = new Set([steps[0].messageId, messageId]);
  const functions = new Set<string>();
  return steps.filter((step) => {
    const own = step.messageId === undefined ? functions.has(step.resource) : ids.has(step.messageId);
    if (own && step.newMessageId !== undefined) ids.add(step.newMessageId);
    // of a delivery to a function the invocation tells the end
    if (own && step.action === 'delivered' && step.newMessageId === undefined) functions.add(step.resource);
    return own;
  });
}
