import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { must, validate } from './private/validation';
import { isManagedByAws } from './private/service-key-access';

/** What the L2 table grants on its key for reading and writing, without wildcards. */
const KEY_ACTIONS = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

/**
 * Properties of an IdempotencyTable.
 */
export interface IdempotencyTableProps {
  /**
   * A customer key that encrypts the table. A key that AWS manages is refused, because its use cannot be granted.
   *
   * @default - encryption with a key that DynamoDB owns, which costs nothing
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What happens to the table when it leaves the stack. Its records end by themselves, so that nothing is lost for long.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A DynamoDB table in which functions keep which messages they have processed, so that a message that arrives twice has its
 * effect once: SQS and Lambda deliver at least once. It is on-demand, encrypted, recoverable to any point in time, and laid
 * out as Powertools' idempotency expects by default: the key is `id`, and records end at `expiration`. Functions can share
 * one, as Powertools puts the function's name into the key.
 *
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/
 * @throws an error with every rule that the properties break
 */
export class IdempotencyTable extends Construct {
  /**
   * The environment variable in which a function finds the table's name.
   */
  public static readonly ENVIRONMENT_VARIABLE = 'IDEMPOTENCY_TABLE_NAME';

  /**
   * The L2 table inside.
   */
  public readonly table: dynamodb.Table;

  constructor(scope: Construct, id: string, props: IdempotencyTableProps = {}) {
    super(scope, id);
    validate(this, [
      must(!isManagedByAws(props.encryptionKey),
        "'encryptionKey' must be a customer key, because the use of one that AWS manages cannot be granted"),
    ]);
    this.table = new dynamodb.Table(this, 'Resource', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      timeToLiveAttribute: 'expiration',
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      ...(props.encryptionKey ? { encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED, encryptionKey: props.encryptionKey } : {}),
      removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
    });
    Validations.of(this.table.node.defaultChild!).acknowledge({
      id: 'NIST.800.53.R5::NIST.800.53.R5-DynamoDBInBackupPlan',
      reason: 'The records end after hours; point-in-time recovery is on, and an older backup would hold none that still counts',
    });
  }

  /**
   * Lets the grantee read, write and delete single records, and use the customer key for that.
   */
  public grantReadWriteRecords(grantee: iam.IGrantable): iam.Grant {
    const grant = this.table.grant(grantee, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
    const { encryptionKey } = this.table;
    return encryptionKey ? grant.combine(encryptionKey.grant(grantee, ...KEY_ACTIONS)) : grant;
  }

  /**
   * Lets a function use the table, and tells it the table's name in the variable `IDEMPOTENCY_TABLE_NAME`.
   */
  public addTo(handler: lambda.Function): void {
    this.grantReadWriteRecords(handler);
    handler.addEnvironment(IdempotencyTable.ENVIRONMENT_VARIABLE, this.table.tableName);
  }
}
