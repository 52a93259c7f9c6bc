import { Annotations, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { AlarmTopic } from '../alarm-topic';
import { alarmsOnKey } from './alarm-topic-policy';
import { targetsOf, topicsOf } from './notified-topics';
import { allowServiceToUseKey, policyText, serviceKeyStatement } from './service-key-access';
import { failures, must, type Rule } from './validation';

/**
 * Lets CloudWatch use the keys of the topics of this app that an alarm notifies, and warns of a key that is imported. An AlarmTopic does
 * both for itself. What an alarm is given later is checked when the app is synthesized.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function letAlarmUseKeys(alarm: cloudwatch.AlarmBase): void {
  for (const topic of encryptedTopicsOf(alarm)) {
    const key = keyOf(topic);
    if (key === undefined) warnOfImportedKey(alarm, topic);
    else if (!letsAlarms(key) && key.node.scope instanceof kms.Key) allowServiceToUseKey(topic, key.node.scope, alarmsOnKey);
  }
  alarm.node.addValidation({ validate: () => failures(encryptedTopicsOf(alarm).map(keyRule)) });
}

function keyRule(topic: sns.CfnTopic): Rule {
  const key = keyOf(topic);
  const needed = `CloudWatch use the key of the topic '${topic.node.path}', or alarms notify nobody`;
  if (key !== undefined) {
    return must(letsAlarms(key), `the policy of the key '${key.node.path}' must let ${needed}. It lacks ${statementFor(topic)}`);
  }
  return must(!/(^|:)alias\/aws\//.test(String(topic.kmsMasterKeyId)),
    `'kmsMasterKeyId' must let ${needed}: the policy of a key that AWS manages does not, got '${String(topic.kmsMasterKeyId)}'. Use a customer key`);
}

function warnOfImportedKey(alarm: IConstruct, topic: sns.CfnTopic): void {
  if (failures([keyRule(topic)]).length > 0) return;
  Annotations.of(Stack.of(alarm)).addWarningV2('cdk-messaging:importedAlarmTopicKey',
    `Alarms notify the topic '${topic.node.path}', and the policy of its key cannot be changed from here. Notifications are lost in silence unless `
    + `it has this statement: ${statementFor(topic)}`);
}

function statementFor(topic: IConstruct): string {
  return policyText(topic, serviceKeyStatement(topic, alarmsOnKey));
}

function encryptedTopicsOf(alarm: cloudwatch.AlarmBase): sns.CfnTopic[] {
  return topicsOf(alarm).filter((topic) => topic.kmsMasterKeyId !== undefined && !topic.node.scopes.some((scope) => scope instanceof AlarmTopic));
}

/** Undefined for a key that this app does not make. */
function keyOf(topic: sns.CfnTopic): kms.CfnKey | undefined {
  return targetsOf(topic, topic.kmsMasterKeyId).find((target) => target instanceof kms.CfnKey);
}

/** Whether a policy has what CloudWatch must be let do; under which conditions is for who wrote it to know. */
function letsAlarms(key: kms.CfnKey): boolean {
  const { Statement: statements = [] } = Stack.of(key).resolve(key.keyPolicy) as { Statement?: KeyStatement[] };
  const allowed = statements.filter(({ Effect, Principal }) => Effect === 'Allow' && namesCloudWatch(Principal))
    .flatMap(({ Action }) => Action ?? []);
  return ['kms:Decrypt', 'kms:GenerateDataKey'].every((needed) => allowed.some((action) => (
    action.endsWith('*') ? needed.startsWith(action.slice(0, -1)) : action === needed)));
}

interface KeyStatement {
  readonly Effect: string;
  readonly Principal?: '*' | { readonly Service?: unknown };
  readonly Action?: string | string[];
}

function namesCloudWatch(principal: KeyStatement['Principal']): boolean {
  return principal === '*' || [principal?.Service].flat().includes(alarmsOnKey.principal);
}
