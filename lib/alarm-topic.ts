import { Annotations, Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { alarmsMayPublish, alarmsOnKey } from './private/alarm-topic-policy';
import { allowServiceToUseKey, isManagedByAws, policyText } from './private/service-key-access';
import { limitTrustToAccount } from './private/service-trust';
import { must, textLike, validate } from './private/validation';

/**
 * Properties of an AlarmTopic.
 */
export interface AlarmTopicProps {
  /**
   * The customer key that encrypts the notifications.
   *
   * Its policy must let CloudWatch use it. A key that is made in the app is given the statement; for an imported key, whose
   * policy cannot be changed from here, a warning shows the statement that the key's owner must add.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   * @default - a key is made, rotated each year and retained when the stack is deleted
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Who is notified by e-mail. SNS asks each address for a confirmation first; until then nothing is sent to it.
   *
   * @default - nobody; add other subscriptions to `topic`
   */
  readonly emailAddresses?: string[];

  /**
   * The sender's name in e-mails, up to 100 characters.
   *
   * @default - none, e-mails come from "AWS Notifications"
   */
  readonly displayName?: string;

  /**
   * The ID of the Slack workspace, capital letters and digits. Someone must have allowed Amazon Q Developer in chat applications
   * (AWS Chatbot) into the workspace, in the console, once for each account. Goes with `slackChannelId`.
   *
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html
   * @default - no Slack channel is notified
   */
  readonly slackWorkspaceId?: string;

  /**
   * The ID of the Slack channel that is notified, letters and digits: the last part of the channel's link. A private channel must
   * have the app as a member. Goes with `slackWorkspaceId`.
   *
   * From the channel nobody can do anything in the account: its role has no permissions.
   *
   * @default - no Slack channel is notified
   */
  readonly slackChannelId?: string;
}

/**
 * An encrypted SNS topic to which CloudWatch alarms can really publish.
 *
 * An alarm that may not use the topic's key, or may not publish to the topic, fails in silence: it changes its state and nobody
 * is told. Here the key's policy and the topic's policy both allow the alarms of the topic's account and region, and no one
 * else's.
 *
 * Errors: an `encryptionKey` that AWS manages, since its policy cannot let CloudWatch in; an address without `@` or given twice;
 * a Slack channel without its workspace, or the other way round; an alarm of another region.
 */
export class AlarmTopic extends Construct implements cloudwatch.IAlarmAction {
  /**
   * The topic.
   */
  public readonly topic: sns.Topic;

  /**
   * The customer key that encrypts the notifications.
   */
  public readonly encryptionKey: kms.IKey;

  constructor(scope: Construct, id: string, props: AlarmTopicProps = {}) {
    super(scope, id);

    const emailAddresses = props.emailAddresses ?? [];
    validate(this, [
      must(
        !isManagedByAws(props.encryptionKey),
        "'encryptionKey' must be a customer key: CloudWatch cannot use a key that AWS manages, and alarms would fail in silence",
      ),
      must(
        props.displayName === undefined || Token.isUnresolved(props.displayName) || props.displayName.length <= 100,
        `'displayName' must have at most 100 characters, got ${props.displayName?.length}`,
      ),
      ...emailAddresses.map((address) => textLike('emailAddresses', address, /^[^@\s]+@[^@\s]+$/, 'hold e-mail addresses')),
      ...repeated(emailAddresses).map((address) => must(false, `'emailAddresses' must hold each address once, got '${address}' twice`)),
      must(
        (props.slackWorkspaceId === undefined) === (props.slackChannelId === undefined),
        "'slackWorkspaceId' and 'slackChannelId' must be given together",
      ),
      textLike('slackWorkspaceId', props.slackWorkspaceId, /^[0-9A-Z]{1,255}$/, 'be the ID of a workspace, in capitals and digits'),
      textLike('slackChannelId', props.slackChannelId, /^[0-9A-Za-z]{1,255}$/, 'be the ID of a channel, letters and digits'),
    ]);

    this.encryptionKey = props.encryptionKey ?? new kms.Key(this, 'Key', {
      description: `Notifications of ${this.node.path}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.topic = new sns.Topic(this, 'Resource', {
      masterKey: this.encryptionKey,
      enforceSSL: true,
      displayName: props.displayName,
    });
    for (const address of emailAddresses) this.topic.addSubscription(new subscriptions.EmailSubscription(address));
    if (props.slackWorkspaceId !== undefined && props.slackChannelId !== undefined) {
      this.notifySlack(props.slackWorkspaceId, props.slackChannelId);
    }

    this.topic.addToResourcePolicy(alarmsMayPublish(this, this.topic.topicArn));
    this.allowAlarmsToUseKey();
  }

  /**
   * Makes the topic an action of an alarm. CloudWatch calls for it; use `alarm.addAlarmAction(alarmTopic)`.
   */
  public bind(_scope: Construct, alarm: cloudwatch.IAlarm): cloudwatch.AlarmActionConfig {
    for (const place of ['region', 'account'] as const) {
      const [own, other] = [Stack.of(this)[place], Stack.of(alarm)[place]];
      // CloudWatch takes only topics of the alarm's region; the policies here allow only the alarms of the topic's account
      if (own !== other && !Token.isUnresolved(own) && !Token.isUnresolved(other)) {
        throw new Error(`${this.node.path}: an alarm must be in the topic's ${place}, ${own}, but ${alarm.node.path} is in ${other}`);
      }
    }
    return { alarmActionArn: this.topic.topicArn };
  }

  private notifySlack(slackWorkspaceId: string, slackChannelId: string): void {
    const { role } = new chatbot.SlackChannelConfiguration(this, 'SlackChannel', {
      slackWorkspaceId,
      slackChannelId,
      slackChannelConfigurationName: Names.uniqueResourceName(this, {
        maxLength: 128, separator: '-', allowedSpecialCharacters: '-_',
      }),
      notificationTopics: [this.topic],
      // without guardrails AWS lets the channel do whatever its roles may, up to administrator access
      guardrailPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('CloudWatchReadOnlyAccess')],
    });
    limitTrustToAccount(role!);
  }

  private allowAlarmsToUseKey(): void {
    const missing = allowServiceToUseKey(this, this.encryptionKey, alarmsOnKey);
    if (!missing) return;
    Annotations.of(this).addWarningV2(
      'cdk-messaging:alarmTopicKeyPolicy',
      `Alarms fail in silence unless the policy of the imported key has this statement: ${policyText(this, missing)}`,
    );
  }
}

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
