import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { ResourceEnvironment } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import { addToKeyPolicy, letSendersUseKey } from './sender-key-access';
import { serviceKeyStatement } from './service-key-access';

/**
 * A construct that is usable as a queue: everything that a queue has is asked of the L2 queue inside.
 *
 * @internal
 */
export abstract class QueueFacade extends Construct implements sqs.IQueue, iam.IEncryptedResource {
  /**
   * The queue inside.
   */
  public abstract readonly queue: sqs.IQueue;

  /**
   * The stack that the queue is in.
   */
  public get stack(): Stack {
    return this.queue.stack;
  }

  /**
   * The account and region that the queue is in.
   */
  public get env(): ResourceEnvironment {
    return this.queue.env;
  }

  /**
   * The ARN of the queue.
   */
  public get queueArn(): string {
    return this.queue.queueArn;
  }

  /**
   * The URL of the queue.
   */
  public get queueUrl(): string {
    return this.queue.queueUrl;
  }

  /**
   * The name of the queue.
   */
  public get queueName(): string {
    return this.queue.queueName;
  }

  /**
   * A reference to the queue.
   */
  public get queueRef(): sqs.QueueReference {
    return this.queue.queueRef;
  }

  /**
   * Whether the queue is a FIFO queue.
   */
  public get fifo(): boolean {
    return this.queue.fifo;
  }

  /**
   * The customer key that encrypts the messages; undefined with SSE-SQS.
   */
  public get encryptionMasterKey(): kms.IKey | undefined {
    return this.queue.encryptionMasterKey;
  }

  /**
   * How the messages are encrypted.
   */
  public get encryptionType(): sqs.QueueEncryption | undefined {
    return this.queue.encryptionType;
  }

  /**
   * What happens to the queue, not to its dead-letter queue, when it leaves the stack.
   */
  public applyRemovalPolicy(policy: RemovalPolicy): void {
    this.queue.applyRemovalPolicy(policy);
  }

  /**
   * Adds a statement to the queue's policy. A service that it lets send is let use the customer key, too: with the statement's
   * conditions, or where these name a resource of the app, for this account only, because the key naming that resource would be a
   * dependency cycle.
   */
  public addToResourcePolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    letSendersUseKey(this, this.encryptionMasterKey, statement);
    return this._addToQueuePolicy(statement);
  }

  /**
   * Adds a statement to the queue's policy for a construct that sees to the key itself.
   *
   * @internal
   */
  public _addToQueuePolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    return this.queue.addToResourcePolicy(statement);
  }

  /**
   * Lets the grantee receive and delete messages, and decrypt them.
   */
  public grantConsumeMessages(grantee: iam.IGrantable): iam.Grant {
    return this.queue.grantConsumeMessages(grantee);
  }

  /**
   * Lets the grantee send messages, and encrypt them: with the two actions on the key that SQS asks of a producer. A service that comes
   * without a condition is let in for this account only. The target of an EventBridge rule comes with the rule's ARN for a queue without
   * a customer key, and without a condition for one with a key, whose policy cannot name the rule without a dependency cycle.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
   */
  public grantSendMessages(grantee: iam.IGrantable): iam.Grant {
    const grant = this.grant(this.limited(grantee), 'sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl');
    const onKey = this.grantEncryption(grantee);
    return onKey ? grant.combine(onKey) : grant;
  }

  /**
   * Lets the grantee delete all messages at once.
   */
  public grantPurge(grantee: iam.IGrantable): iam.Grant {
    return this.queue.grantPurge(grantee);
  }

  /**
   * Lets the grantee do the actions on the queue. Grants nothing on the queue's key: see `grantSendMessages` and `grantOnKey`.
   */
  public grant(grantee: iam.IGrantable, ...queueActions: string[]): iam.Grant {
    return this.queue.grant(grantee, ...queueActions);
  }

  /**
   * Lets the grantee do the actions with the queue's customer key; nothing happens where there is none.
   */
  public grantOnKey(grantee: iam.IGrantable, ...actions: string[]): iam.GrantOnKeyResult {
    return iam.EncryptedResources.of(this.queue)?.grantOnKey(grantee, ...actions) ?? {};
  }

  /**
   * A metric of the queue by its name in the namespace AWS/SQS.
   */
  public metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metric(metricName, props);
  }

  /**
   * The age in seconds of the oldest message that is not deleted; leaves out messages that were received three times. Maximum over 5 minutes.
   */
  public metricApproximateAgeOfOldestMessage(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metricApproximateAgeOfOldestMessage(props);
  }

  /**
   * The number of messages that are delayed. Maximum over 5 minutes.
   */
  public metricApproximateNumberOfMessagesDelayed(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metricApproximateNumberOfMessagesDelayed(props);
  }

  /**
   * The number of messages in flight. Maximum over 5 minutes.
   */
  public metricApproximateNumberOfMessagesNotVisible(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metricApproximateNumberOfMessagesNotVisible(props);
  }

  /**
   * The number of messages that can be received. Maximum over 5 minutes.
   */
  public metricApproximateNumberOfMessagesVisible(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metricApproximateNumberOfMessagesVisible(props);
  }

  /**
   * The number of messages that can be received plus the number in flight. Maximum over 5 minutes.
   */
  public metricApproximateNumberOfMessagesOutstanding(props?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return this.queue.metricApproximateNumberOfMessagesOutstanding(props);
  }

  /**
   * The number of receives that returned no message. Sum over 5 minutes.
   */
  public metricNumberOfEmptyReceives(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metricNumberOfEmptyReceives(props);
  }

  /**
   * The number of messages deleted. Sum over 5 minutes.
   */
  public metricNumberOfMessagesDeleted(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metricNumberOfMessagesDeleted(props);
  }

  /**
   * The number of messages received. Sum over 5 minutes.
   */
  public metricNumberOfMessagesReceived(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metricNumberOfMessagesReceived(props);
  }

  /**
   * The number of messages sent. Counts neither a redrive nor a move to a dead-letter queue. Sum over 5 minutes.
   */
  public metricNumberOfMessagesSent(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metricNumberOfMessagesSent(props);
  }

  /**
   * The size of the messages sent, in bytes. Average over 5 minutes.
   */
  public metricSentMessageSize(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metricSentMessageSize(props);
  }

  /**
   * The number of message groups that take more than their share of a standard queue's consumers: fair queues. Counted where
   * messages are sent with a message group ID. Maximum over 5 minutes.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
   */
  public metricApproximateNumberOfNoisyGroups(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metric('ApproximateNumberOfNoisyGroups', { statistic: 'Maximum', ...props });
  }

  /**
   * As `metricApproximateNumberOfMessagesVisible`, without the messages of noisy groups. Maximum over 5 minutes.
   */
  public metricApproximateNumberOfMessagesVisibleInQuietGroups(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metric('ApproximateNumberOfMessagesVisibleInQuietGroups', { statistic: 'Maximum', ...props });
  }

  /**
   * As `metricApproximateNumberOfMessagesNotVisible`, without the messages of noisy groups. Maximum over 5 minutes.
   */
  public metricApproximateNumberOfMessagesNotVisibleInQuietGroups(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metric('ApproximateNumberOfMessagesNotVisibleInQuietGroups', { statistic: 'Maximum', ...props });
  }

  /**
   * As `metricApproximateNumberOfMessagesDelayed`, without the messages of noisy groups. Maximum over 5 minutes.
   */
  public metricApproximateNumberOfMessagesDelayedInQuietGroups(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metric('ApproximateNumberOfMessagesDelayedInQuietGroups', { statistic: 'Maximum', ...props });
  }

  /**
   * The age in seconds of the oldest message that is not of a noisy group: how long everybody else waits. Maximum over 5 minutes.
   */
  public metricApproximateAgeOfOldestMessageInQuietGroups(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metric('ApproximateAgeOfOldestMessageInQuietGroups', { statistic: 'Maximum', ...props });
  }

  /** EventBridge's target, for one, lets the service send for whichever account it acts, where the queue has a key. */
  private limited(grantee: iam.IGrantable): iam.IGrantable {
    const { principalJson, conditions } = grantee.grantPrincipal.policyFragment;
    if (principalJson.Service === undefined || Object.keys(conditions).length > 0) return grantee;
    return new iam.PrincipalWithConditions(grantee.grantPrincipal, { StringEquals: { 'aws:SourceAccount': this.stack.account } });
  }

  /** A service is let in by the key's policy, where the conditions of its principal would name the sender: a cycle with its key. */
  private grantEncryption(grantee: iam.IGrantable): iam.Grant | undefined {
    const [service] = grantee.grantPrincipal.policyFragment.principalJson.Service ?? [];
    if (service === undefined || !this.encryptionMasterKey) return this.grantOnKey(grantee, 'kms:Decrypt', 'kms:GenerateDataKey').grant;
    addToKeyPolicy(this, this.encryptionMasterKey, serviceKeyStatement(this, { principal: service }));
    return undefined;
  }
}
