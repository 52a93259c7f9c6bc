export { queryErrorCode } from './errors';
export { md5, md5OfAttributes } from './md5';
export type { MessageMoveTask, MessageMoveTaskStatus } from './message-move-tasks';
export { Queue } from './queue';
export type { Authorize } from './queue-context';
export { inFlightLimit } from './queue-limits';
export type { QueueProperties, RedriveAllowPolicy, RedrivePolicy } from './queue-properties';
export type { MessageSnapshot, QueueDepth, ReceiveOptions } from './queue-views';
export { SqsService } from './service';
