export { EventSourceMapping } from './event-source-mapping';
export { type FilterCriteria } from './filter';
export { type EventSourceMappingProperties } from './properties';
export { type SqsRecord } from './record';
