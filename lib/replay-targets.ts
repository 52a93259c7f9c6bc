import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';

/**
 * What a replay sends to.
 */
export interface ReplayTargets {
  /**
   * A queue that messages are sent to again.
   *
   * @default - no queue
   */
  readonly queue?: sqs.IQueue;

  /**
   * A topic that messages are published to again; all its subscribers get them.
   *
   * @default - no topic
   */
  readonly topic?: sns.ITopic;
}
