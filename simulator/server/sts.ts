import { createHash } from 'node:crypto';
import { parseArn } from '../arn';
import { ServiceError, type Caller, type Place, type ServiceApi } from '../contracts';
import { type Operations, integer, operation, operations, structure, text, timestamp } from './shapes';

export const stsOperations: Operations = operations({
  AssumeRole: operation({ RoleArn: text, RoleSessionName: text, DurationSeconds: integer, ExternalId: text, Policy: text }, {
    Credentials: structure({ AccessKeyId: text, SecretAccessKey: text, SessionToken: text, Expiration: timestamp }),
    AssumedRoleUser: structure({ AssumedRoleId: text, Arn: text }),
  }),
  GetCallerIdentity: operation({}, { UserId: text, Account: text, Arn: text }),
});

/** AWS STS, as far as clients ask it who they are, or for a role: what they get has the rights of the account. */
export class CallerIdentity implements ServiceApi {
  constructor(private readonly place: Place) {}

  call(name: string, input: Record<string, unknown>, caller: Caller): Promise<Record<string, unknown>> {
    return new Promise((resolve) => { resolve(name === 'AssumeRole' ? assumeRole(input) : this.identity(caller.principal)); });
  }

  private identity(principal: string): Record<string, unknown> {
    const { partition, account } = this.place;
    const role = /^arn:([^:]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(principal);
    if (role !== null) {
      const [, rolePartition, roleAccount, name] = role;
      const session = `arn:${rolePartition}:sts::${roleAccount}:assumed-role/${name}/simulator`;
      return { UserId: `${name}:simulator`, Account: roleAccount, Arn: session };
    }
    if (principal.startsWith('arn:')) return { UserId: principal, Account: parseArn(principal).account || account, Arn: principal };
    const own = /^\d{12}$/.test(principal) ? principal : account;
    return { UserId: own, Account: own, Arn: `arn:${partition}:iam::${own}:root` };
  }
}

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
function assumeRole({ RoleArn, RoleSessionName, DurationSeconds = 3600 }: Record<string, unknown>): Record<string, unknown> {
  const role = /^arn:([^:]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(String(RoleArn));
  if (role === null) throw new ServiceError('ValidationError', `'roleArn' must be the ARN of a role, got '${String(RoleArn)}'`);
  const session = String(RoleSessionName);
  if (!/^[\w+=,.@-]{2,64}$/.test(session)) {
    throw new ServiceError('ValidationError', `'roleSessionName' must be 2 to 64 letters, digits and characters of _+=,.@-, got '${session}'`);
  }
  const seconds = Number(DurationSeconds);
  if (seconds < 900 || seconds > 43_200) throw new ServiceError('ValidationError', `'durationSeconds' must be from 900 to 43200, got ${seconds}`);
  const [, partition, account, name] = role;
  const digest = createHash('sha256').update(`${String(RoleArn)}/${session}`).digest('hex').toUpperCase();
  return {
    Credentials: {
      AccessKeyId: `ASIA${digest.slice(0, 16)}`, SecretAccessKey: digest.slice(0, 40), SessionToken: digest,
      // clients compare it with the time of the machine, whatever the simulation's is
      Expiration: new Date(Date.now() + seconds * 1000),
    },
    AssumedRoleUser: { AssumedRoleId: `AROA${digest.slice(0, 17)}:${session}`, Arn: `arn:${partition}:sts::${account}:assumed-role/${name}/${session}` },
  };
}
