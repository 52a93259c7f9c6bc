export { Simulation, type SimulationOptions, type TimeSpan } from './simulation';
export type { SimulationSource } from './source';
export {
  SimulatedAlarm, SimulatedBucket, SimulatedFunction, SimulatedQueue, SimulatedTopic, type Message, type SendOptions,
} from './resources';
export type { Delivery, Ledger, PublishedMessage, QueuedMessage } from './ledger';
export type { FunctionTally, QueueTally, TopicTally } from './tally';
export type { Denial } from './iam';
export type { Events, SimulationEvent } from './events';
