/** What can happen to a message, in the words of the simulation's events. */
export const traceActions = [
  'published', 'filteredOut', 'deduplicated', 'delivered', 'retried', 'undelivered', 'redriven',
  'sent', 'received', 'returned', 'moved', 'movedBack', 'deleted', 'expired', 'purged',
  'processed', 'failed', 'throttled', 'timedOut', 'archived', 'fault', 'matched',
] as const;

export type TraceAction = typeof traceActions[number];
