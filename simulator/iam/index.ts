export { AccessControl, type Denial } from './access-control';
export { authorizeObjects, authorizePolling, guardFunction, guardQueues, guardTopics, permissionStatement } from './guards';
export type { PolicyDocument, Statement } from './policy';
