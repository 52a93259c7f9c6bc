export { SimulatedAlarm } from './alarm';
export { SimulatedBucket } from './bucket';
export { SimulatedFunction } from './function';
export type { Message, SendOptions } from './message';
export { SimulatedQueue } from './queue';
export type { SimulatedResource } from './resource';
export { SimulatedSlackChannel } from './slack-channel';
export { SimulatedTable } from './table';
export { SimulatedTopic } from './topic';
