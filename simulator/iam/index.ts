export { AccessControl, type Denial } from './access-control';
export { authorizeObjects, authorizePolling, deliverObjects, guardFunction, guardQueues, guardTables, guardTopics, permissionStatement } from './guards';
export type { PolicyDocument, Statement } from './policy';
