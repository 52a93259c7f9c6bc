export { AccessControl, type Denial } from './access-control';
export { assumeRole } from './assumption';
export { awsManagedPolicy } from './managed-policies';
export { permissionStatement } from './permission';
export type { PolicyDocument, Statement } from './policy';
export { authorizePolling } from './polling';
