import { Annotations, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { policyText, serviceKeyStatement, type ServiceKeyAccess } from './service-key-access';

/** What CloudWatch does with the key of a topic. */
export const alarmsOnKey: ServiceKeyAccess = { principal: 'cloudwatch.amazonaws.com', service: 'cloudwatch', resource: 'alarm:*' };

/** What lets the alarms of a scope's account and region publish to a topic, and no one else's. */
export function alarmsMayPublish(scope: IConstruct, topicArn: string): iam.PolicyStatement {
  const { account, region, partition } = Stack.of(scope);
  return new iam.PolicyStatement({
    sid: 'AllowAlarms',
    principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topicArn],
    conditions: {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
    },
  });
}

/**
 * Warns, once a stack, of each topic that alarms notify and that is not made in the app: its ARN is known already. A stack keeps a
 * warning once, however many alarms give it.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function warnOfImportedTopics(alarm: cloudwatch.AlarmBase): void {
  const stack = Stack.of(alarm);
  const { alarmActions } = alarm.node.defaultChild as cloudwatch.CfnAlarm | cloudwatch.CfnCompositeAlarm;
  const topics = ((stack.resolve(alarmActions) ?? []) as unknown[]).filter((action): action is string => /^arn:[\w-]+:sns:/.test(String(action)));
  for (const topicArn of topics) {
    Annotations.of(stack).addWarningV2('cdk-messaging:importedAlarmTopic',
      `Alarms notify the topic '${topicArn}', whose policies cannot be changed from here. Notifications are lost in silence unless its policy has this `
      + `statement: ${policyText(stack, alarmsMayPublish(stack, topicArn))} and the policy of its customer key, where it has one, this: `
      + policyText(stack, serviceKeyStatement(stack, alarmsOnKey)));
  }
}
