import { isArn, parseArn } from '../arn';
import type { Clock } from '../clock';
import { ServiceError, type Caller, type Place } from '../contracts';
import type { RequestContext } from './conditions';
import { decide, type Decision, type Principal } from './evaluation';
import { type Denial, Identities, type Key } from './identities';
import { statementsOf, type PolicyDocument, type Statement } from './policy';

/** A simulation keeps the first denials: they are the ones that explain. */
const keptDenials = 10_000;

/** Decides by policies who may do what with the resources of one account and region, and remembers what it refused. */
export class AccessControl {
  private readonly resourcePolicies = new Map<string, PolicyDocument>();
  /** By what names them in this place only: the ID, or the alias. */
  private readonly keys = new Map<string, Key>();

  constructor(private readonly clock: Clock, private readonly place: Place, private readonly identities = new Identities()) {}

  get denials(): Denial[] {
    return this.identities.denials;
  }

  /** Gives a role the policies of one source, in place of those that it had from there. */
  setRolePolicies(roleName: string, source: string, policies: readonly PolicyDocument[]): void {
    const { rolePolicies } = this.identities;
    const role = this.ownRole(roleName);
    rolePolicies.set(role, (rolePolicies.get(role) ?? new Map<string, readonly PolicyDocument[]>()).set(source, policies));
  }

  removeRolePolicies(roleName: string, source: string): void {
    this.identities.rolePolicies.get(this.ownRole(roleName))?.delete(source);
  }

  /** @param policy undefined for a role that is gone */
  setTrustPolicy(roleName: string, policy: PolicyDocument | undefined): void {
    if (policy) this.identities.trustPolicies.set(this.ownRole(roleName), policy);
    else this.identities.trustPolicies.delete(this.ownRole(roleName));
  }

  setResourcePolicy(arn: string, policy: PolicyDocument): void {
    this.resourcePolicies.set(arn, policy);
  }

  removeResourcePolicy(arn: string): void {
    this.resourcePolicies.delete(arn);
  }

  removeResourceStatement(arn: string, sid: string): void {
    const statements = statementsOf(this.resourcePolicies.get(arn) ?? {});
    this.resourcePolicies.set(arn, { Statement: statements.filter(({ Sid }) => Sid !== sid) });
  }

  addResourceStatement(arn: string, statement: Statement): void {
    const present = this.resourcePolicies.get(arn);
    this.resourcePolicies.set(arn, { Statement: [...present ? statementsOf(present) : [], statement] });
  }

  resourcePolicy(arn: string): PolicyDocument | undefined {
    return this.resourcePolicies.get(arn);
  }

  /** @param name the ID, the ARN or the alias of the key */
  addKey(name: string, key: Key): void {
    (isArn(name) ? this.identities.keys : this.keys).set(name, key);
  }

  key(name: string): Key | undefined {
    return isArn(name) ? this.identities.keys.get(name) : this.keys.get(name);
  }

  /** @throws ServiceError `AccessDenied` when no policy allows the action, or one denies it */
  authorize(action: string, resource: string, caller: Caller, policy = this.resourcePolicies.get(resource)): void {
    // who owns the account may do everything that no policy denies
    if (policy === undefined && caller.principal === this.place.account) return;
    this.check(action, resource, caller, policy, false);
  }

  /**
   * Asks whom a role trusts. A role that the simulation does not have is another account's or an imported one: what its policy says is
   * not known here, and it is taken as trusting.
   *
   * @param externalId what the service sends as `sts:ExternalId`; nothing for most
   * @throws ServiceError `AccessDenied` when the trust policy does not allow it
   */
  authorizeAssumption(roleArn: string, caller: Caller, externalId?: string): void {
    const policy = this.identities.trustPolicies.get(roleOf(roleArn));
    if (policy) this.check('sts:AssumeRole', roleArn, caller, policy, true, { 'sts:externalid': externalId });
  }

  /**
   * Asks for the use of the key that encrypts a resource. A key that the simulation does not have is another account's or an
   * imported one: what its policy says is not known here, and it is taken as allowing.
   *
   * @param service the service on whose behalf the key is used, `sqs` or `sns`
   */
  authorizeKey(actions: readonly string[], keyId: string, caller: Caller, service: string): void {
    const managed = keyId.includes('alias/aws/');
    const key = managed ? { arn: keyId, policy: { Statement: [] } } : this.key(keyId);
    const principal = this.principalOf(caller);
    if (!key || (managed && principal.kind !== 'service')) return;
    const callerAccount = principal.kind === 'service' ? this.place.account : principal.account;
    const context = { 'kms:viaservice': `${service}.${this.place.region}.amazonaws.com`, 'kms:calleraccount': callerAccount };
    for (const action of actions) this.check(action, key.arn, caller, key.policy, true, context);
  }

  private check(
    action: string, resource: string, caller: Caller, policy: PolicyDocument | undefined, governs: boolean, more?: RequestContext,
  ): void {
    const principal = this.principalOf(caller);
    const identity = principal.kind === 'role' ? this.policiesOf(principal.arn) : [];
    const decision = decide(
      { principal, action, resource, context: this.contextOf(caller, principal, more), owner: parseArn(resource).account || this.place.account },
      { resource: policy, identity, resourcePolicyGoverns: governs },
    );
    if (decision === 'allowed') return;
    const denial: Denial = {
      at: this.clock.now(), principal: caller.principal, action, resource, reason: reasonOf(decision, principal),
      missingStatement: decision === 'explicitlyDenied' ? undefined : missingStatement(decision, principal, action, resource, caller),
    };
    if (this.denials.length < keptDenials) this.identities.denials.push(denial);
    throw new ServiceError('AccessDenied', describe(denial), 403);
  }

  /** Undefined for a role that is none of the simulation's. */
  private policiesOf(roleArn: string): PolicyDocument[] | undefined {
    const policies = this.identities.rolePolicies.get(roleOf(roleArn));
    return policies && [...policies.values()].flat();
  }

  private ownRole(name: string): string {
    return `${this.place.account}/${name}`;
  }

  private principalOf({ principal }: Caller): Principal {
    if (principal.endsWith('.amazonaws.com')) return { kind: 'service', name: principal };
    const [, account] = /^arn:[^:]+:iam::(\d+):role\//.exec(principal) ?? [];
    if (account !== undefined) return { kind: 'role', arn: principal, account };
    return { kind: 'account', account: /^\d{12}$/.test(principal) ? principal : this.place.account };
  }

  private contextOf({ sourceArn, sourceAccount, request }: Caller, principal: Principal, more: RequestContext | undefined): RequestContext {
    const { account, region } = this.place;
    const now = this.clock.now();
    const context = {
      ...request,
      // what reaches the simulator over loopback would reach AWS over TLS
      'aws:securetransport': 'true',
      // few conditions ask for it, and it is the dearest
      get 'aws:currenttime'() { return new Date(now).toISOString(); },
      'aws:requestedregion': region,
      'aws:sourcearn': sourceArn,
      // the ARN of a bucket names no account
      'aws:sourceaccount': sourceAccount ?? (sourceArn === undefined ? undefined : parseArn(sourceArn).account || account),
      'aws:principalarn': principal.kind === 'role' ? principal.arn : undefined,
      'aws:principalaccount': principal.kind === 'service' ? undefined : principal.account,
      'aws:principalisawsservice': String(principal.kind === 'service'),
    };
    return more ? Object.assign(context, more) : context;
  }
}

/** Account and name of a role, whose path is no part of its identity. */
function roleOf(arn: string): string {
  return `${parseArn(arn).account}/${arn.slice(arn.lastIndexOf('/') + 1)}`;
}

function reasonOf(decision: Decision, { kind }: Principal): string {
  switch (decision) {
    case 'explicitlyDenied': return 'a policy denies it explicitly';
    case 'notAllowedByOwner': return 'no policy of the resource, which is another account\'s, allows it';
    case 'notAllowedByRole': return 'no policy of the role allows it, and the resource is another account\'s';
    default: return `no ${kind === 'service' ? 'policy of the resource' : 'policy of the role or the resource'} allows it`;
  }
}

function missingStatement(decision: Decision, principal: Principal, action: string, resource: string, { sourceArn }: Caller): string {
  return JSON.stringify({
    Effect: 'Allow',
    ...(principal.kind === 'service' ? { Principal: { Service: principal.name } } : {}),
    ...(decision === 'notAllowedByOwner' && principal.kind !== 'service' ? { Principal: { AWS: principal.kind === 'role' ? principal.arn : principal.account } } : {}),
    Action: action,
    // the trust policy of a role is about that role alone
    ...(action === 'sts:AssumeRole' ? {} : { Resource: resource }),
    ...(sourceArn === undefined || principal.kind !== 'service' ? {} : { Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } } }),
  });
}

function describe({ principal, action, resource, reason, missingStatement: missing }: Denial): string {
  return `${principal} is not authorized to perform ${action} on ${resource}: ${reason}${missing === undefined ? '' : `; missing is ${missing}`}`;
}
