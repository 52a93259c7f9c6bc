import { ServiceError, type Caller, type Place, type ServiceApi } from '../contracts';
import { type Operations, operation, operations, text } from './shapes';

export const stsOperations: Operations = operations({
  GetCallerIdentity: operation({}, { UserId: text, Account: text, Arn: text }),
});

/** AWS STS, as far as clients ask it who they are. */
export class CallerIdentity implements ServiceApi {
  constructor(private readonly place: Place) {}

  call(name: string, _input: Record<string, unknown>, caller: Caller): Promise<Record<string, unknown>> {
    if (name !== 'GetCallerIdentity') {
      return Promise.reject(new ServiceError('InvalidAction', `The action ${name} is not modelled by the simulator`));
    }
    return Promise.resolve(this.identity(caller.principal));
  }

  private identity(principal: string): Record<string, unknown> {
    const { partition, account } = this.place;
    const role = /^arn:([^:]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(principal);
    if (role !== null) {
      const [, rolePartition, roleAccount, name] = role;
      const session = `arn:${rolePartition}:sts::${roleAccount}:assumed-role/${name}/simulator`;
      return { UserId: `${name}:simulator`, Account: roleAccount, Arn: session };
    }
    if (principal.startsWith('arn:')) return { UserId: principal, Account: principal.split(':')[4] || account, Arn: principal };
    const own = /^\d{12}$/.test(principal) ? principal : account;
    return { UserId: own, Account: own, Arn: `arn:${partition}:iam::${own}:root` };
  }
}
