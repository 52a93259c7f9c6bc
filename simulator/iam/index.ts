export { AccessControl, type Denial } from './access-control';
export { assumeRole } from './assumption';
export { permissionStatement } from './permission';
export type { PolicyDocument, Statement } from './policy';
export { authorizePolling } from './polling';
