import type { PolicyDocument } from './policy';

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
export interface Key {
  readonly arn: string;
  policy: PolicyDocument;
}

/**
 * What all who decide in one simulation know: the roles of every account, which have no region, the keys that ARNs name, and
 * what was refused.
 */
export class Identities {
  readonly denials: Denial[] = [];
  /** By account and name of the role, then by what gave it the policies: the role itself, or a policy resource. */
  readonly rolePolicies = new Map<string, Map<string, readonly PolicyDocument[]>>();
  /** By account and name of the role. */
  readonly trustPolicies = new Map<string, PolicyDocument>();
  /** By the ARN of the key or of its alias. */
  readonly keys = new Map<string, Key>();
}
