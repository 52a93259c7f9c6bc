import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';

/**
 * Lets Lambda decrypt filters for event source mappings of the scope's account and region. The L2 event source mapping would let
 * `lambda.amazonaws.com` in for anyone's mappings, and AWS names the principal of the region. The mapping itself cannot be named,
 * because it names the key.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filter-criteria-encryption
 * @returns the missing statement where the key's policy cannot be changed from this app, otherwise nothing
 */
export function allowFilterDecryption(scope: IConstruct, key: kms.IKey): iam.PolicyStatement | undefined {
  const { partition, region, account } = Stack.of(scope);
  const statement = new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(`lambda.${region}.amazonaws.com`)],
    actions: ['kms:Decrypt'],
    resources: ['*'],
    conditions: { ArnLike: { 'aws:SourceArn': `arn:${partition}:lambda:${region}:${account}:event-source-mapping:*` } },
  });
  return key.addToResourcePolicy(statement, true).statementAdded ? undefined : statement;
}
