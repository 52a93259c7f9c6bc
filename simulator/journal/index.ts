export { CAME_FROM, CAUSED, Journal, numberOf, OTHER_IF_KNOWN, SUBJECT_IF_KNOWN } from './journal';
export type { RowReader, TakeRow } from './pending-rows';
export type { RecentBodies } from './recent-bodies';
export { traceActions, type TraceAction } from './trace-action';
