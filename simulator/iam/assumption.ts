import { ServiceError, type Caller } from '../contracts';
import type { AccessControl } from './access-control';

/**
 * Lets a service assume a role, as it tries when what uses the role is made.
 *
 * @param refused what the service says when the trust policy does not allow it
 * @throws an error that begins with `refused` and names the missing statement
 */
export function assumeRole(access: AccessControl, roleArn: string, caller: Caller, refused: string, externalId?: string): void {
  try {
    access.authorizeAssumption(roleArn, caller, externalId);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new Error(`${refused} ${error.message}`, { cause: error });
  }
}
