import { parseArn } from '../arn';
import type { Clock } from '../clock';
import { ServiceError, type Caller, type Place } from '../contracts';
import type { RequestContext } from './conditions';
import { decide, type Principal } from './evaluation';
import { statementsOf, type PolicyDocument, type Statement } from './policy';

/** A request that AWS would refuse, and so did the simulator. */
export interface Denial {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Whose policy lacks the permission, or refuses it. */
  readonly reason: string;
  /** The statement that would allow it, as JSON; undefined for an explicit denial. */
  readonly missingStatement?: string;
}

/** A customer key with its policy, or a key that AWS manages, whose policy lets in nobody but the account. */
interface Key {
  readonly arn: string;
  policy: PolicyDocument;
}

/** A simulation keeps the first denials: they are the ones that explain. */
const keptDenials = 10_000;

/** Decides by the policies of a simulation who may do what, and remembers what it refused. */
export class AccessControl {
  readonly denials: Denial[] = [];
  /** By the name of the role, then by what gave it the policies: the role itself, or a policy resource. */
  private readonly rolePolicies = new Map<string, Map<string, readonly PolicyDocument[]>>();
  /** By the name of the role. */
  private readonly trustPolicies = new Map<string, PolicyDocument>();
  private readonly resourcePolicies = new Map<string, PolicyDocument>();
  private readonly keys = new Map<string, Key>();

  constructor(private readonly clock: Clock, private readonly place: Place) {}

  /** Gives a role the policies of one source, in place of those that it had from there. */
  setRolePolicies(roleName: string, source: string, policies: readonly PolicyDocument[]): void {
    const ofRole = this.rolePolicies.get(roleName) ?? new Map<string, readonly PolicyDocument[]>();
    this.rolePolicies.set(roleName, ofRole.set(source, policies));
  }

  removeRolePolicies(roleName: string, source: string): void {
    this.rolePolicies.get(roleName)?.delete(source);
  }

  /** @param policy undefined for a role that is gone */
  setTrustPolicy(roleName: string, policy: PolicyDocument | undefined): void {
    if (policy) this.trustPolicies.set(roleName, policy);
    else this.trustPolicies.delete(roleName);
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
    this.keys.set(name, key);
  }

  key(name: string): Key | undefined {
    return this.keys.get(name);
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
    const policy = this.trustPolicies.get(roleNameOf(roleArn));
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
    const key = managed ? { arn: keyId, policy: { Statement: [] } } : this.keys.get(keyId);
    if (!key || (managed && this.principalOf(caller).kind !== 'service')) return;
    const context = { 'kms:viaservice': `${service}.${this.place.region}.amazonaws.com`, 'kms:calleraccount': this.place.account };
    for (const action of actions) this.check(action, key.arn, caller, key.policy, true, context);
  }

  private check(
    action: string, resource: string, caller: Caller, policy: PolicyDocument | undefined, governs: boolean, more?: RequestContext,
  ): void {
    const principal = this.principalOf(caller);
    const identity = principal.kind === 'role' ? this.policiesOf(roleNameOf(principal.arn)) : [];
    const decision = decide(
      { principal, action, resource, context: this.contextOf(caller, principal, more) },
      { resource: policy, identity, resourcePolicyGoverns: governs },
    );
    if (decision === 'allowed') return;
    const reason = decision === 'explicitlyDenied'
      ? 'a policy denies it explicitly'
      : `no ${principal.kind === 'service' ? 'policy of the resource' : 'policy of the role or the resource'} allows it`;
    const denial: Denial = {
      at: this.clock.now(), principal: caller.principal, action, resource, reason,
      missingStatement: decision === 'explicitlyDenied' ? undefined : missingStatement(principal, action, resource, caller),
    };
    if (this.denials.length < keptDenials) this.denials.push(denial);
    throw new ServiceError('AccessDenied', describe(denial), 403);
  }

  private policiesOf(roleName: string): PolicyDocument[] {
    return [...this.rolePolicies.get(roleName)?.values() ?? []].flat();
  }

  private principalOf({ principal }: Caller): Principal {
    if (principal.endsWith('.amazonaws.com')) return { kind: 'service', name: principal };
    const [, account] = /^arn:[^:]+:iam::(\d+):role\//.exec(principal) ?? [];
    return account === undefined
      ? { kind: 'account', account: this.place.account }
      : { kind: 'role', arn: principal, account };
  }

  private contextOf({ sourceArn, request }: Caller, principal: Principal, more: RequestContext | undefined): RequestContext {
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
      'aws:sourceaccount': sourceArn === undefined ? undefined : parseArn(sourceArn).account || account,
      'aws:principalarn': principal.kind === 'role' ? principal.arn : undefined,
      'aws:principalaccount': principal.kind === 'service' ? undefined : principal.account,
      'aws:principalisawsservice': String(principal.kind === 'service'),
    };
    return more ? Object.assign(context, more) : context;
  }
}

function roleNameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function missingStatement(principal: Principal, action: string, resource: string, { sourceArn }: Caller): string {
  return JSON.stringify({
    Effect: 'Allow',
    ...(principal.kind === 'service' ? { Principal: { Service: principal.name } } : {}),
    Action: action,
    // the trust policy of a role is about that role alone
    ...(action === 'sts:AssumeRole' ? {} : { Resource: resource }),
    ...(sourceArn === undefined || principal.kind !== 'service' ? {} : { Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } } }),
  });
}

function describe({ principal, action, resource, reason, missingStatement: missing }: Denial): string {
  return `${principal} is not authorized to perform ${action} on ${resource}: ${reason}${missing === undefined ? '' : `; missing is ${missing}`}`;
}
