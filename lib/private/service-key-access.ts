import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';

/** Which service may use a key, on behalf of which kind of resource. */
export interface ServiceKeyAccess {
  /** The service principal, for example `cloudwatch.amazonaws.com`. */
  readonly principal: string;

  /** The service's name in an ARN, for example `cloudwatch`; without it, resources of any kind in the account. */
  readonly service?: string;

  /** The resource part of the ARN, with wildcards, for example `alarm:*`; without it, every resource of the service. */
  readonly resource?: string;
}

/**
 * Lets a service encrypt and decrypt with a key when it acts for resources of the scope's account and region. The
 * condition is a pattern: naming the resource would make a cycle where the resource is itself encrypted with the key.
 *
 * @returns the missing statement where the key's policy cannot be changed from this app, otherwise nothing
 */
export function allowServiceToUseKey(scope: IConstruct, key: kms.IKey, access: ServiceKeyAccess): iam.PolicyStatement | undefined {
  const stack = Stack.of(scope);
  const source = `arn:${stack.partition}:${access.service}:${stack.region}:${stack.account}:${access.resource ?? '*'}`;
  const statement = new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(access.principal)],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    resources: ['*'],
    conditions: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      ...(access.service === undefined ? {} : { ArnLike: { 'aws:SourceArn': source } }),
    },
  });
  // The key's policy drops statements that are equal, so that asking twice adds it once.
  return key.addToResourcePolicy(statement, true).statementAdded ? undefined : statement;
}

/** A statement as it would stand in a policy, for error messages. */
export function policyText(scope: IConstruct, statement: iam.PolicyStatement): string {
  return JSON.stringify(Stack.of(scope).resolve(statement.toStatementJson()));
}

/** Whether a key is one of those that AWS manages: their policies cannot be changed, so other services cannot use them. */
export function isManagedByAws(key: kms.IKey | undefined): boolean {
  return key !== undefined && 'aliasName' in key && typeof key.aliasName === 'string' && key.aliasName.startsWith('alias/aws/');
}
