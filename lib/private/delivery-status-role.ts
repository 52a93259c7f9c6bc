import { Stack, Token, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { serviceForThisAccount } from './service-trust';

/**
 * The role with which SNS writes the delivery status of one topic, and of no other, to CloudWatch Logs.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/topics-attrib-prereq.html
 */
export class DeliveryStatusRole extends Construct {
  /**
   * The L2 role inside.
   */
  public readonly role: iam.Role;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.role = new iam.Role(this, 'Resource', { assumedBy: serviceForThisAccount(this, 'sns') });
  }

  /** Lets the role write the two log groups of a topic: one for successes, one for failures. */
  public allow(topic: sns.Topic): void {
    const stack = Stack.of(this);
    const { partition, region, account } = stack;
    this.role.addToPolicy(new iam.PolicyStatement({
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: logStreams({ partition, region, account, topicName: topic.topicName }),
    }));

    // cdk-nag objects to the wildcard, and names what is not known yet in angle brackets
    const known = (value: string, name: string): string => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
    logStreams({
      partition: known(partition, 'Partition'), region: known(region, 'Region'), account: known(account, 'AccountId'),
      topicName: `<${stack.getLogicalId(topic.node.defaultChild as sns.CfnTopic)}.TopicName>`,
    }).forEach((arn) => Validations.of(this.role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::${arn}]`, reason: 'SNS names the log streams: only their log group is known',
    }));
  }
}

function logStreams({ partition, region, account, topicName }: Readonly<Record<'partition' | 'region' | 'account' | 'topicName', string>>): string[] {
  const group = `arn:${partition}:logs:${region}:${account}:log-group:sns/${region}/${account}/${topicName}`;
  return [`${group}:*`, `${group}/Failure:*`];
}
