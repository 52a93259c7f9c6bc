export { Simulation, type SimulationOptions, type StackChanges, type TimeSpan } from './simulation';
export type { LeftOut, UnmodelledPolicy } from './cloudformation/left-out';
export type { StackParameters } from './cloudformation/deployment';
export type { ResourceChange } from './cloudformation/stack-engine';
export type { SimulationSource } from './source';
export {
  SimulatedAlarm, SimulatedBucket, SimulatedEventBus, SimulatedFunction, SimulatedQueue, SimulatedRule, SimulatedSlackChannel, SimulatedTable,
  SimulatedTopic, type EventToPut, type Message, type SendOptions,
} from './resources';
export type { Delivery, Ledger, PublishedMessage, QueuedMessage } from './ledger';
export type { FunctionTally, QueueTally, RuleTally, TopicTally } from './tally';
export type { SlackNotification } from './chatbot';
export type { Denial } from './iam';
export type { DeliveryFault, Fault, Faults, FunctionFault, InjectedFault, Moment, ServiceFault } from './faults';
export { messagingMatchers, type MessageMatcher, type MessagingMatchers } from './matchers/index';
export type { Trace, TraceAction, TraceStep } from './trace';
export type { Events, SimulationEvent } from './events';
