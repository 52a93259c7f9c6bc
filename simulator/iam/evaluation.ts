import { conditionsHold, type RequestContext } from './conditions';
import { list, matchesPattern, statementsOf, type PolicyDocument, type PrincipalElement, type Statement } from './policy';
import { withVariables } from './variables';

/** Who makes a request. */
export type Principal =
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'role'; readonly arn: string; readonly account: string }
  /** Someone in the account with every permission: who uses the simulator with credentials of their own. */
  | { readonly kind: 'account'; readonly account: string };

export interface AccessRequest {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
  /** The account that the resource belongs to. @default - the principal's */
  readonly owner?: string;
}

export interface Policies {
  /** Of the resource; undefined where it has none. */
  readonly resource?: PolicyDocument;
  /** Of the role. @default - they are not known, and taken as allowing what another account's resource allows */
  readonly identity?: readonly PolicyDocument[];
  /** A KMS key is governed by its policy alone: identity policies count only where that delegates to the account. */
  readonly resourcePolicyGoverns?: boolean;
}

export type Decision = 'allowed' | 'explicitlyDenied' | 'notAllowed'
  /** Of two policies that must both allow it across accounts, the resource's or the role's does not. */
  | 'notAllowedByOwner' | 'notAllowedByRole';

/**
 * Decides: within one account a role needs its own policy or the resource's, for the resource of another account both; a service needs
 * the resource's.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(request: AccessRequest, { resource, identity, resourcePolicyGoverns = false }: Policies): Decision {
  const ofResource = resource ? statementsOf(resource).filter((statement) => covers(statement, request)) : [];
  const ofIdentity = (identity ?? []).flatMap(statementsOf).filter((statement) => covers(statement, request));
  const named = ofResource.filter((statement) => nameOf(statement, request.principal) !== 'nobody');
  if ([...named, ...ofIdentity].some(({ Effect }) => Effect === 'Deny')) return 'explicitlyDenied';

  const allows = named.filter(({ Effect }) => Effect === 'Allow');
  const direct = allows.some((statement) => nameOf(statement, request.principal) === 'principal');
  const delegated = allows.length > 0;
  const byIdentity = ofIdentity.length > 0;
  if (request.principal.kind !== 'service' && request.principal.account !== (request.owner ?? request.principal.account)) {
    if (!delegated) return 'notAllowedByOwner';
    return request.principal.kind === 'account' || byIdentity || identity === undefined ? 'allowed' : 'notAllowedByRole';
  }
  switch (request.principal.kind) {
    case 'service': return direct ? 'allowed' : 'notAllowed';
    case 'account': return 'allowed';
    case 'role': return direct || (byIdentity && (delegated || !resourcePolicyGoverns)) ? 'allowed' : 'notAllowed';
  }
}

function covers(statement: Statement, { action, resource, context }: AccessRequest): boolean {
  const { Action, NotAction, Resource, NotResource } = statement;
  const actionMatches = (patterns: string | readonly string[]): boolean => list(patterns).some((one) => matchesPattern(one, action, false));
  const resourceMatches = (patterns: readonly string[]): boolean => patterns.some((one) => matchesPattern(one, resource));
  const known = (patterns: string | readonly string[]): string[] => (
    list(patterns).map((one) => withVariables(one, context)).filter((one) => one !== undefined)
  );
  if (Action !== undefined ? !actionMatches(Action) : NotAction === undefined || actionMatches(NotAction)) return false;
  // the policy of a resource may leave the resource out
  if (Resource !== undefined && !resourceMatches(known(Resource))) return false;
  if (Resource === undefined && NotResource !== undefined) {
    const excluded = known(NotResource);
    if (excluded.length < list(NotResource).length || resourceMatches(excluded)) return false;
  }
  return conditionsHold(statement, context);
}

/** Whether a statement names the principal itself, or only its account, which then delegates to its identity policies. */
function nameOf({ Principal: wanted, NotPrincipal }: Statement, principal: Principal): 'principal' | 'account' | 'nobody' {
  if (NotPrincipal !== undefined) return matches(NotPrincipal, principal) === 'nobody' ? 'principal' : 'nobody';
  return wanted === undefined ? 'nobody' : matches(wanted, principal);
}

function matches(element: PrincipalElement, principal: Principal): 'principal' | 'account' | 'nobody' {
  if (element === '*') return 'principal';
  if (principal.kind === 'service') {
    const names = namesOf(principal.name);
    return list(element.Service ?? []).some((name) => names.includes(name)) || list(element.AWS ?? []).includes('*') ? 'principal' : 'nobody';
  }
  const names = list(element.AWS ?? []);
  if (names.includes('*') || (principal.kind === 'role' && names.includes(principal.arn))) return 'principal';
  const { account } = principal;
  return names.some((name) => name === account || new RegExp(`^arn:[^:]+:iam::${account}:root$`).test(name)) ? 'account' : 'nobody';
}

/**
 * A service that calls by its name in a region is known by its name without, too.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalservicenameslist
 */
function namesOf(service: string): string[] {
  return [service, service.replace(/^([^.]+)\.[a-z]+(-[a-z]+)+-\d+\.amazonaws\.com$/, '$1.amazonaws.com')];
}
