import { Names, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as xray from 'aws-cdk-lib/aws-xray';
import type { Construct } from 'constructs';

const id = 'TopicTracingPolicy';

/**
 * The X-Ray resource policy that lets the topics of this stack's account and region send segments. X-Ray has room for 5 policies,
 * so a stack gets one, not each topic.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sns.html
 */
export function tracingPolicy(scope: Construct): xray.CfnResourcePolicy {
  const stack = Stack.of(scope);
  const existing = stack.node.tryFindChild(id);
  if (existing) return existing as xray.CfnResourcePolicy;
  const statement = new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('sns.amazonaws.com')],
    actions: ['xray:PutTraceSegments', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    resources: ['*'],
    conditions: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      StringLike: { 'aws:SourceArn': stack.formatArn({ service: 'sns', resource: '*' }) },
    },
  });
  return new xray.CfnResourcePolicy(stack, id, {
    policyName: `${Names.uniqueResourceName(stack, { maxLength: 100, separator: '-' })}-${id}`,
    policyDocument: stack.toJsonString(new iam.PolicyDocument({ statements: [statement] })),
  });
}
