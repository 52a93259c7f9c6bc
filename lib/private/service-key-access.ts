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

  /** The account that the service acts for; without it, the scope's. */
  readonly account?: string;
}

/** The condition is a pattern: naming the resource would make a cycle where the resource is itself encrypted with the key. */
export function serviceKeyStatement(scope: IConstruct, access: ServiceKeyAccess): iam.PolicyStatement {
  const stack = Stack.of(scope);
  const { account = stack.account } = access;
  const source = `arn:${stack.partition}:${access.service}:${stack.region}:${account}:${access.resource ?? '*'}`;
  return new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(access.principal)],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    resources: ['*'],
    conditions: {
      StringEquals: { 'aws:SourceAccount': account },
      ...(access.service === undefined ? {} : { ArnLike: { 'aws:SourceArn': source } }),
    },
  });
}

/**
 * Lets a service encrypt and decrypt with a key when it acts for resources of an account and region.
 *
 * @returns the missing statement where the key's policy cannot be changed from this app, otherwise nothing
 */
export function allowServiceToUseKey(scope: IConstruct, key: kms.IKey, access: ServiceKeyAccess): iam.PolicyStatement | undefined {
  const statement = serviceKeyStatement(scope, access);
  // The key's policy drops statements that are equal, so that asking twice adds it once.
  return key.addToResourcePolicy(statement, true).statementAdded ? undefined : statement;
}

/**
 * A key for an L2 construct to hold. Some integrations of aws-cdk-lib, bucket notifications for one, let a service use the key of
 * their target without any condition: for whichever account it acts. Through this key such a statement is limited to the scope's
 * account.
 */
export function limitedToAccount(scope: IConstruct, key: kms.IKey): kms.IKey {
  const addToResourcePolicy: kms.IKey['addToResourcePolicy'] = (statement, allowNoOp) => {
    if (statement.hasPrincipal && isForServiceAlone(statement)) {
      statement.addCondition('StringEquals', { 'aws:SourceAccount': Stack.of(scope).account });
    }
    return key.addToResourcePolicy(statement, allowNoOp);
  };
  return Object.create(key, { addToResourcePolicy: { value: addToResourcePolicy } }) as kms.IKey;
}

function isForServiceAlone(statement: iam.PolicyStatement): boolean {
  return Object.keys(statement.conditions as object).length === 0
    && statement.principals.every(({ policyFragment }) => 'Service' in policyFragment.principalJson);
}

/** A statement as it would stand in a policy, for error messages. */
export function policyText(scope: IConstruct, statement: iam.PolicyStatement): string {
  return JSON.stringify(Stack.of(scope).resolve(statement.toStatementJson()));
}

/** Whether a key is one of those that AWS manages: their policies cannot be changed, so other services cannot use them. */
export function isManagedByAws(key: kms.IKey | undefined): boolean {
  return key !== undefined && 'aliasName' in key && typeof key.aliasName === 'string' && key.aliasName.startsWith('alias/aws/');
}
