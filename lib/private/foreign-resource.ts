import { Annotations, type IResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { policyText } from './service-key-access';
import { isKnown } from './validation';

/** What a role of this app does with a resource that another account has. */
export interface ForeignUse {
  /** How the resource is called in the warning, for example `queue`. */
  readonly what: string;
  readonly resource: IResource;
  readonly role: iam.IRole;
  readonly actions: string[];
  readonly arn: string;
  /** The customer key of the resource, and what the role does with it. */
  readonly key?: kms.IKey;
  readonly onKey: string;
}

/**
 * Warns of an imported resource in another account, where a role needs the resource's policy besides its own, and aws-cdk-lib drops the
 * statement in silence.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export function warnOfForeignResource(scope: IConstruct, use: ForeignUse): void {
  const [own, other] = [Stack.of(use.role).account, use.resource.env.account];
  const imported = use.resource.node.defaultChild === undefined;
  if (!imported || !isKnown(own) || !isKnown(other) || own === other) return;
  const statement = (actions: string[], resource: string): string => policyText(scope, new iam.PolicyStatement({
    principals: [new iam.ArnPrincipal(`<ARN of ${use.role.node.path}>`)], actions, resources: [resource],
  }));
  const { path } = use.resource.node;
  Annotations.of(scope).addWarningV2('cdk-messaging:foreignResourcePolicy',
    `The ${use.what} '${path}' is in the account ${other}, and its policy cannot be changed from here. It must have this statement: `
    + statement(use.actions, use.arn)
    + (use.key ? ` and the policy of its customer key this: ${statement([use.onKey], '*')}` : ''));
}
