import { Construct } from 'constructs';
import { acknowledgeRules } from './private/rule-packs';
import { textWithin, validate } from './private/validation';

/**
 * Properties of RulePackDecisions: the reason of each decision that was taken.
 */
export interface RulePackDecisionsProps {
  /**
   * Why functions run outside a VPC: the rule `LambdaInsideVPC`.
   *
   * @default - not decided, so that the packs report it
   */
  readonly functionsOutsideVpc?: string;

  /**
   * Why log groups have no customer key: the rule `CloudWatchLogGroupEncrypted`. CloudWatch Logs encrypts them with its own.
   *
   * @default - not decided, so that the packs report it
   */
  readonly logGroupsWithoutCustomerKey?: string;

  /**
   * Why topics have no customer key: the rule `SNSEncryptedKMS`. SNS encrypts what it stores with keys of its own.
   *
   * @default - not decided, so that the packs report it
   */
  readonly topicsWithoutCustomerKey?: string;

  /**
   * Why buckets have no customer key: the rule `S3DefaultEncryptionKMS`. A bucket for server access logs cannot have one.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
   * @default - not decided, so that the packs report it
   */
  readonly bucketsWithoutCustomerKey?: string;

  /**
   * Why buckets are not replicated: the rule `S3BucketReplicationEnabled`.
   *
   * @default - not decided, so that the packs report it
   */
  readonly bucketsWithoutReplication?: string;

  /**
   * Why buckets have no versions: the rule `S3BucketVersioningEnabled`.
   *
   * @default - not decided, so that the packs report it
   */
  readonly bucketsWithoutVersions?: string;

  /**
   * Why roles have policies inside them: the rule `IAMNoInlinePolicy`. The grants of aws-cdk-lib make one for each role.
   *
   * @default - not decided, so that the packs report it
   */
  readonly inlinePolicies?: string;
}

/**
 * Decisions about what the rule packs NIST 800-53 R5 and PCI DSS of cdk-nag ask for and this library leaves to whoever deploys:
 * each with its reason, which is written down at the scope. They hold for all that is under the scope. What is not decided is
 * reported.
 *
 * Makes no resources. The pack AwsSolutions finds nothing in the constructs of this library that needs a decision.
 *
 * @throws an error with every reason that is empty
 */
export class RulePackDecisions extends Construct {
  constructor(scope: Construct, id: string, props: RulePackDecisionsProps) {
    super(scope, id);
    validate(this, Object.entries(props).map(([name, reason]) => textWithin(name, reason as string | undefined, 1, 1000)));
    acknowledgeRules(scope, {
      LambdaInsideVPC: props.functionsOutsideVpc,
      CloudWatchLogGroupEncrypted: props.logGroupsWithoutCustomerKey,
      SNSEncryptedKMS: props.topicsWithoutCustomerKey,
      S3DefaultEncryptionKMS: props.bucketsWithoutCustomerKey,
      S3BucketReplicationEnabled: props.bucketsWithoutReplication,
      S3BucketVersioningEnabled: props.bucketsWithoutVersions,
      IAMNoInlinePolicy: props.inlinePolicies,
    });
  }
}
