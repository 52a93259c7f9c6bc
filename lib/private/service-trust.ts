import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** What more a trust policy says than which service may assume the role. */
export interface ServiceTrust {
  /** The resource part of the ARNs for which the service may act, with wildcards. @default - any resource of the account */
  readonly resource?: string;

  /** What must hold besides. @default - nothing */
  readonly conditions?: iam.Conditions;
}

/**
 * A service that may assume a role of the scope's account, and only for that account.
 *
 * The pages of Lambda, SNS, Firehose and Amazon Q Developer do not say whether they tell for whom they assume a role. The condition
 * counts where they do: another account's use is refused then, and otherwise nothing breaks. A condition on a key that is never sent
 * would stop the service.
 *
 * @param service the service's name, for example `lambda`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function serviceForThisAccount(scope: IConstruct, service: string, { resource, conditions }: ServiceTrust = {}): iam.ServicePrincipal {
  const { account, region, partition } = Stack.of(scope);
  return new iam.ServicePrincipal(`${service}.amazonaws.com`, {
    conditions: {
      ...conditions,
      ...fromAccount(scope),
      ...(resource === undefined ? {} : { ArnLikeIfExists: { 'aws:SourceArn': `arn:${partition}:${service}:${region}:${account}:${resource}` } }),
    },
  });
}

/** Limits a role with one trusted service that aws-cdk-lib makes, and takes no principal for. */
export function limitTrustToAccount(role: iam.IRole): void {
  const resource = role.node.defaultChild as iam.CfnRole;
  resource.addPropertyOverride('AssumeRolePolicyDocument.Statement.0.Condition', fromAccount(role));
}

function fromAccount(scope: IConstruct): iam.Conditions {
  return { StringEqualsIfExists: { 'aws:SourceAccount': Stack.of(scope).account } };
}
