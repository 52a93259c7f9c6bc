export { AccessControl } from './access-control';
export { assumeRole } from './assumption';
export { type Denial, Identities } from './identities';
export { awsManagedPolicy } from './managed-policies';
export { permissionStatement } from './permission';
export type { PolicyDocument, Statement } from './policy';
export { authorizeFilterDecryption, authorizePolling } from './polling';
