import { Aspects, type IAspect, Stack, Stage } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { alarmsMayPublish } from './alarm-topic-policy';
import { targetsOf, topicsOf } from './notified-topics';
import { policyText } from './service-key-access';
import { failures, must, type Rule } from './validation';

/**
 * Lets CloudWatch publish to the topics of this app that an alarm notifies. A topic without a policy of the app has SNS's own, by which its
 * account may publish, with every alarm in it. The app's policy replaces that one, and `enforceSSL` alone makes one: then alarms notify
 * nobody. Whether there is a policy shows only when the app is synthesized; what an alarm is given later is checked then, too.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
export function letAlarmPublish(alarm: cloudwatch.AlarmBase): void {
  const topics = topicsOf(alarm);
  for (const topic of topics) NotifiedTopics.around(topic).add(topic);
  alarm.node.addValidation({
    validate: () => topicsOf(alarm).filter((topic) => !topics.includes(topic))
      .flatMap((later) => failures(publishingRules(appOf(later), new Set([later])))),
  });
}

/** The topics of an app or a stage that alarms notify. It looks at the policies once for all alarms, since there may be thousands. */
class NotifiedTopics implements IAspect {
  static around(topic: sns.CfnTopic): NotifiedTopics {
    const scope = appOf(topic);
    const present = Aspects.of(scope).all.find((aspect) => aspect instanceof NotifiedTopics);
    return present ?? new NotifiedTopics(scope);
  }

  private readonly topics = new Set<sns.CfnTopic>();

  private constructor(scope: IConstruct) {
    Aspects.of(scope).add(this);
    scope.node.addValidation({ validate: () => failures(publishingRules(scope, this.topics)) });
  }

  add(topic: sns.CfnTopic): void {
    this.topics.add(topic);
  }

  visit(node: IConstruct): void {
    if (!(node instanceof sns.CfnTopicPolicy) || !(node.policyDocument instanceof iam.PolicyDocument)) return;
    for (const topic of topicsUnder(node, this.topics)) {
      if (!letsAlarmsPublish(node, topic)) node.policyDocument.addStatements(alarmsMayPublish(topic, topic.ref));
    }
  }
}

function publishingRules(scope: IConstruct, topics: ReadonlySet<sns.CfnTopic>): Rule[] {
  const policies = scope.node.findAll().filter((construct) => construct instanceof sns.CfnTopicPolicy);
  return policies.flatMap((policy) => topicsUnder(policy, topics).map((topic) => must(letsAlarmsPublish(policy, topic),
    `the policy '${policy.node.path}' must let CloudWatch publish to the topic '${topic.node.path}', or alarms notify nobody. It lacks `
    + policyText(topic, alarmsMayPublish(topic, topic.ref)))));
}

/** Those of the topics that a policy is for. */
function topicsUnder(policy: sns.CfnTopicPolicy, topics: ReadonlySet<sns.CfnTopic>): sns.CfnTopic[] {
  return targetsOf(policy, policy.topics).filter((target): target is sns.CfnTopic => topics.has(target as sns.CfnTopic));
}

interface TopicStatement {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action?: string | string[];
  readonly Resource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Whether a policy lets CloudWatch publish to a topic. For which account a condition on the source lets it, is for who wrote that to know. */
function letsAlarmsPublish(policy: sns.CfnTopicPolicy, topic: sns.CfnTopic): boolean {
  const stack = Stack.of(policy);
  const { Statement: statements } = stack.resolve(policy.policyDocument) as { Statement?: TopicStatement | TopicStatement[] };
  const topicArn = JSON.stringify(stack.resolve(topic.ref));
  return listed(statements).some(({ Effect, Principal, Action, Resource, Condition = {} }) => (
    Effect === 'Allow'
    && namesCloudWatch(Principal)
    && listed(Action).some((action) => /^(\*|sns:\*|sns:publish)$/i.test(action))
    && (Resource === undefined || listed(Resource).some((resource) => resource === '*' || JSON.stringify(resource) === topicArn))
    // a statement for everybody is often for an organization, or for identities: a service has neither
    && Object.values(Condition).flatMap((keys) => Object.keys(keys)).every((key) => /^aws:source(account|arn|owner)$/i.test(key))));
}

function namesCloudWatch(principal: unknown): boolean {
  const { Service, AWS } = (principal === '*' ? { AWS: '*' } : principal ?? {}) as { Service?: unknown; AWS?: unknown };
  return listed(AWS).includes('*') || listed(Service).includes('cloudwatch.amazonaws.com');
}

function listed<T>(value: T | T[] | undefined): T[] {
  return value === undefined ? [] : [value].flat() as T[];
}

function appOf(construct: IConstruct): IConstruct {
  return Stage.of(construct)!;
}
