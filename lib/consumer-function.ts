import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { IdempotencyTable } from './idempotency-table';
import { acknowledgeRules } from './private/rule-packs';
import { serviceForThisAccount } from './private/service-trust';
import { durationWithin, must, numberWithin, textWithin, validate } from './private/validation';

/**
 * Properties of a ConsumerFunction.
 */
export interface ConsumerFunctionProps {
  /**
   * The bundled code, for example `lambda.Code.fromAsset('assets/my-handler')`.
   */
  readonly code: lambda.Code;

  /**
   * The file and the exported function that handles an event.
   *
   * @default 'index.handler'
   */
  readonly handler?: string;

  /**
   * What the function is for, up to 256 characters.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * The longest time one call takes, 1 second to 15 minutes. The visibility timeout of the queue is six times as long.
   *
   * @default Duration.seconds(30)
   */
  readonly timeout?: Duration;

  /**
   * The memory in MB, 128 to 10,240. CPU comes in proportion, 1,769 MB being one vCPU; with 128 MB, a Node.js function with an
   * SDK client starts slowly.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * Environment variables.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * A customer key that encrypts the environment variables.
   *
   * @default - a key that AWS manages
   */
  readonly environmentEncryption?: kms.IKey;

  /**
   * Concurrency that is kept for this function and is its limit, 0 or more. Prefer `QueueConsumer.maxConcurrency`, which does not
   * throttle.
   *
   * @default - no concurrency is reserved
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * Whether the function has an `IdempotencyTable` of its own, with what it must be let do there, and its name in the variable
   * `IDEMPOTENCY_TABLE_NAME`. For a shared table, for one with a customer key, and for functions of other runtimes, use
   * `IdempotencyTable.addTo`.
   *
   * @default false
   */
  readonly idempotency?: boolean;

  /**
   * How long logs are kept.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * What happens to the log group when it leaves the stack.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly logRemovalPolicy?: RemovalPolicy;

  /**
   * Whether X-Ray traces the calls.
   *
   * @default true
   */
  readonly tracing?: boolean;
}

/**
 * A Node.js function from bundled code, with what a consumer wants: arm64, the newest runtime, a log group of its own with JSON
 * logs, tracing, and a role that may do no more than that needs.
 *
 * @throws an error with every rule that the properties break
 */
export class ConsumerFunction extends Construct implements iam.IGrantable {
  /**
   * The L2 function inside.
   */
  public readonly function: lambda.Function;

  /**
   * The L2 log group of the function.
   */
  public readonly logGroup: logs.ILogGroup;

  /**
   * The table of processed messages, where `idempotency` is true.
   */
  public readonly idempotencyTable?: IdempotencyTable;

  /**
   * The principal to grant permissions to: the function's role.
   */
  public readonly grantPrincipal: iam.IPrincipal;

  constructor(scope: Construct, id: string, props: ConsumerFunctionProps) {
    super(scope, id);
    validate(this, [
      durationWithin('timeout', props.timeout, Duration.seconds(1), Duration.minutes(15)),
      numberWithin('memorySize', props.memorySize, 128, 10_240),
      numberWithin('reservedConcurrentExecutions', props.reservedConcurrentExecutions, 0),
      textWithin('description', props.description, 0, 256),
      must(!props.idempotency || !(IdempotencyTable.ENVIRONMENT_VARIABLE in (props.environment ?? {})),
        `'environment' must leave ${IdempotencyTable.ENVIRONMENT_VARIABLE} out, because 'idempotency' sets it`),
    ]);

    this.logGroup = new logs.LogGroup(this, 'Logs', {
      retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
      removalPolicy: props.logRemovalPolicy ?? RemovalPolicy.DESTROY,
    });
    const tracing = props.tracing ?? true;
    const role = new iam.Role(this, 'Role', {
      assumedBy: serviceForThisAccount(this, 'lambda'),
      inlinePolicies: tracing ? { Tracing: tracingPolicy() } : undefined,
    });
    this.logGroup.grantWrite(role);

    this.function = new lambda.Function(this, 'Resource', {
      code: props.code,
      handler: props.handler ?? 'index.handler',
      description: props.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      timeout: props.timeout ?? Duration.seconds(30),
      memorySize: props.memorySize ?? 256,
      environment: props.environment,
      environmentEncryption: props.environmentEncryption,
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      role,
      logGroup: this.logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
    });
    if (tracing) this.traceCalls(role);
    if (props.idempotency) {
      this.idempotencyTable = new IdempotencyTable(this, 'Idempotency');
      this.idempotencyTable.addTo(this.function);
    }
    this.grantPrincipal = this.function.grantPrincipal;
    acknowledgeRules(this, {
      LambdaDLQ: 'It is for asynchronous calls; an event source mapping waits, and what fails goes to the dead-letter queue of the queue',
      LambdaConcurrency: 'Reserved concurrency makes dead letters of throttled messages; the event source mapping limits it instead',
      IAMNoInlinePolicy: 'The policies name the resources of this one function, and go with its role',
    });
  }

  /**
   * The L2 function would put the permission, which has to be for all resources, into the policy that the other grants go to;
   * acknowledging it there would hide a grant that is too wide.
   */
  private traceCalls(role: iam.Role): void {
    (this.function.node.defaultChild as lambda.CfnFunction).tracingConfig = { mode: 'Active' };
    Validations.of(role.node.defaultChild!).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]', reason: 'X-Ray has no resources that sending traces could be limited to',
    });
  }
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html */
function tracingPolicy(): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] })],
  });
}
