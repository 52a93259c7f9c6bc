import type { Place } from '../../contracts';
import { awsManagedPolicy, type AccessControl, type PolicyDocument } from '../../iam';
import type { Random } from '../../random';
import { alreadyExists, NotModelled, type Properties, type ResourceProvider } from '../provider';

export function iamProviders(place: Place, random: Random, access: AccessControl): ResourceProvider[] {
  const { partition, account } = place;
  const roles = new Set<string>();
  const managed = new ManagedPolicies(access);
  const setOwnPolicies = (role: string, properties: Properties): void => {
    access.setTrustPolicy(role, properties.object<PolicyDocument>('AssumeRolePolicyDocument'));
    access.setRolePolicies(role, 'AWS::IAM::Role',
      (properties.list<{ PolicyDocument: PolicyDocument }>('Policies') ?? []).map(({ PolicyDocument: document }) => document));
  };
  const arnsOf = (properties: Properties): string[] => properties.list<string>('ManagedPolicyArns') ?? [];
  const rolesOf = (properties: Properties): string[] => properties.list<string>('Roles') ?? [];
  const attach = (policyId: string, properties: Properties): void => {
    for (const role of rolesOf(properties)) access.setRolePolicies(role, policyId, [properties.object<PolicyDocument>('PolicyDocument')!]);
  };
  return [
    {
      type: 'AWS::IAM::Role',
      modelled: ['RoleName', 'AssumeRolePolicyDocument', 'ManagedPolicyArns', 'Policies'],
      withoutEffect: ['Description', 'MaxSessionDuration', 'Path', 'Tags'],
      replaces: ['RoleName', 'Path'],
      namedBy: 'RoleName',
      create({ type, properties, physicalName }) {
        const name = properties.text('RoleName') ?? physicalName(64);
        if (roles.has(name)) throw alreadyExists(type, name);
        arnsOf(properties).forEach((arn) => managed.check(arn));
        setOwnPolicies(name, properties);
        managed.attach(name, arnsOf(properties));
        roles.add(name);
        return { ref: name, attributes: { Arn: `arn:${partition}:iam::${account}:role/${name}`, RoleId: `AROA${random.hex(17).toUpperCase()}` } };
      },
      update({ ref, properties, previous }) {
        arnsOf(properties).forEach((arn) => managed.check(arn));
        setOwnPolicies(ref, properties);
        managed.detach(ref, arnsOf(previous).filter((arn) => !arnsOf(properties).includes(arn)));
        managed.attach(ref, arnsOf(properties));
      },
      delete({ ref, properties }) {
        access.removeRolePolicies(ref, 'AWS::IAM::Role');
        access.setTrustPolicy(ref, undefined);
        managed.detach(ref, arnsOf(properties));
        roles.delete(ref);
      },
    },
    {
      type: 'AWS::IAM::Policy',
      modelled: ['PolicyName', 'PolicyDocument', 'Roles'],
      create({ stackId, logicalId, properties }) {
        const id = `${stackId}/${logicalId}`; // two stacks may have policies of one name
        attach(id, properties);
        return { ref: properties.requiredText('PolicyName'), attributes: { Id: id } };
      },
      update({ stackId, logicalId, properties, previous }) {
        const id = `${stackId}/${logicalId}`;
        for (const role of rolesOf(previous)) access.removeRolePolicies(role, id);
        attach(id, properties);
        return { ref: properties.requiredText('PolicyName'), attributes: { Id: id } };
      },
      delete({ attributes, properties }) {
        for (const role of rolesOf(properties)) access.removeRolePolicies(role, attributes.Id);
      },
    },
    {
      type: 'AWS::IAM::ManagedPolicy',
      modelled: ['ManagedPolicyName', 'PolicyDocument', 'Roles', 'Path'],
      withoutEffect: ['Description'],
      replaces: ['ManagedPolicyName', 'Path', 'Description'],
      namedBy: 'ManagedPolicyName',
      create({ type, properties, physicalName }) {
        const name = properties.text('ManagedPolicyName') ?? physicalName(128);
        const arn = `arn:${partition}:iam::${account}:policy${properties.text('Path') ?? '/'}${name}`;
        if (managed.has(arn)) throw alreadyExists(type, name);
        managed.put(arn, properties.object<PolicyDocument>('PolicyDocument')!);
        for (const role of rolesOf(properties)) managed.attach(role, [arn]);
        return { ref: arn, attributes: { PolicyArn: arn } };
      },
      update({ ref, properties, previous }) {
        managed.put(ref, properties.object<PolicyDocument>('PolicyDocument')!);
        for (const role of rolesOf(previous).filter((one) => !rolesOf(properties).includes(one))) managed.detach(role, [ref]);
        for (const role of rolesOf(properties)) managed.attach(role, [ref]);
      },
      delete({ ref, properties }) {
        for (const role of rolesOf(properties)) managed.detach(role, [ref]);
        managed.delete(ref);
      },
    },
  ];
}

/** The managed policies of the account, and which roles have them or those of AWS. */
class ManagedPolicies {
  private readonly own = new Map<string, PolicyDocument>();
  private readonly attached = new Map<string, Set<string>>();

  constructor(private readonly access: AccessControl) {}

  has(arn: string): boolean {
    return this.own.has(arn);
  }

  /** Every role that has the policy has the new one from now on. */
  put(arn: string, document: PolicyDocument): void {
    this.own.set(arn, document);
    for (const role of this.rolesWith(arn)) this.access.setRolePolicies(role, arn, [document]);
  }

  /** @throws where a role has the policy still, as IAM does */
  delete(arn: string): void {
    const [role] = this.rolesWith(arn);
    if (role !== undefined) throw new Error(`Cannot delete a policy attached to entities: the role '${role}' has '${arn}'`);
    this.own.delete(arn);
  }

  /** @throws for a policy that does not exist, or whose content is not known */
  check(arn: string): void {
    this.contentOf(arn);
  }

  attach(role: string, arns: readonly string[]): void {
    for (const arn of arns) {
      this.access.setRolePolicies(role, arn, [this.contentOf(arn)]);
      this.attached.set(arn, this.rolesWith(arn).add(role));
    }
  }

  detach(role: string, arns: readonly string[]): void {
    for (const arn of arns) {
      this.access.removeRolePolicies(role, arn);
      this.rolesWith(arn).delete(role);
    }
  }

  private rolesWith(arn: string): Set<string> {
    return this.attached.get(arn) ?? new Set();
  }

  private contentOf(arn: string): PolicyDocument {
    const known = this.own.get(arn) ?? awsManagedPolicy(arn);
    if (known) return known;
    const name = arn.slice(arn.lastIndexOf('/') + 1);
    throw new NotModelled(`'ManagedPolicyArns' names '${name}', whose content the simulator does not know: '${arn}'`);
  }
}
