import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { QueueFacade } from './private/queue-facade';
import { isManagedByAws, policyText } from './private/service-key-access';
import { failures, must, textLike, validate } from './private/validation';

/**
 * Properties of an ImportedQueue.
 */
export interface ImportedQueueProps {
  /**
   * The ARN of the queue; of a FIFO queue it ends in `.fifo`.
   */
  readonly queueArn: string;

  /**
   * Whether the queue is a FIFO queue. Only for an ARN that is known at deployment only.
   *
   * @default - read from the ARN
   */
  readonly fifo?: boolean;

  /**
   * The customer key that encrypts the queue.
   *
   * @default - the queue is encrypted with SSE-SQS, or not at all
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Acknowledges that the queue's policy is changed outside this app and has every statement that this app's senders need. The error
   * without it has them word for word.
   *
   * @default false
   */
  readonly policiesManagedElsewhere?: boolean;
}

/**
 * A queue that another app made, usable wherever an `IQueue` is. In contrast to a queue of `sqs.Queue.fromQueueArn`, it tells which
 * statements its policy lacks: whatever this app connects with it, a bucket, a topic, an EventBridge rule, a role of another account,
 * would otherwise be refused in silence.
 *
 * @throws an error with every rule that the properties break; at synthesis, one for each statement that the queue's policy needs,
 * unless `policiesManagedElsewhere`
 */
export class ImportedQueue extends QueueFacade {
  /**
   * The imported queue inside.
   */
  public readonly queue: sqs.IQueue;

  private readonly missing = new Map<string, string>();
  private readonly props: ImportedQueueProps;

  constructor(scope: Construct, id: string, props: ImportedQueueProps) {
    super(scope, id);
    this.props = props;
    validate(this, [
      textLike('queueArn', props.queueArn, /^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/, 'be the ARN of a queue'),
      must(!isManagedByAws(props.encryptionKey),
        "'encryptionKey' must be a customer key: SNS, S3 and EventBridge cannot use a key that AWS manages"),
    ]);
    const { queueArn, fifo } = props;
    this.queue = sqs.Queue.fromQueueAttributes(this, 'Resource', { queueArn, fifo, keyArn: props.encryptionKey?.keyArn });
    this.node.addValidation({
      validate: () => failures([...this.missing.values()].map((statement) => must(props.policiesManagedElsewhere === true,
        `the policy of the queue '${queueArn}' cannot be changed from here. Add this statement to it and set 'policiesManagedElsewhere': ${statement}`))),
    });
  }

  /**
   * The customer key that encrypts the messages.
   */
  public override get encryptionMasterKey(): kms.IKey | undefined {
    return this.props.encryptionKey;
  }

  /**
   * Notes a statement that the queue's policy must have. It counts as added where the policies are managed elsewhere.
   *
   * @internal
   */
  public override _addToQueuePolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    const text = policyText(this, statement);
    this.missing.set(text, text);
    return { statementAdded: this.props.policiesManagedElsewhere === true };
  }

  /**
   * Lets the grantee do the actions on the queue: by its own policy, or where it has none, by the queue's, which must have the
   * statement already.
   */
  public override grant(grantee: iam.IGrantable, ...queueActions: string[]): iam.Grant {
    return iam.Grant.addToPrincipalOrResource({ grantee, actions: queueActions, resourceArns: [this.queueArn], resource: this });
  }

  /**
   * Lets the grantee receive and delete messages, and decrypt them, as `grant` does.
   */
  public override grantConsumeMessages(grantee: iam.IGrantable): iam.Grant {
    return sqs.QueueGrants.fromQueue(this).consumeMessages(grantee);
  }

  /**
   * Lets the grantee delete all messages at once, as `grant` does.
   */
  public override grantPurge(grantee: iam.IGrantable): iam.Grant {
    return sqs.QueueGrants.fromQueue(this).purge(grantee);
  }
}
