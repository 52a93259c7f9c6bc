import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { ConsumerFunction, type ConsumerFunctionProps } from '../../lib';
import { environment, keyIn, newStack, resolve, resourceOf, statementsIn } from './set-up';

const code = lambda.Code.fromInline('exports.handler = () => {};');

function functionWith(props?: Partial<ConsumerFunctionProps>): ConsumerFunction {
  return new ConsumerFunction(newStack(), 'Billing', { code, ...props });
}

const propertiesOf = (props?: Partial<ConsumerFunctionProps>): Record<string, unknown> => resourceOf(functionWith(props).function).Properties;

describe('ConsumerFunction, by default', () => {
  test('has exactly the documented settings', () => {
    const one = functionWith();
    const { stack } = one.function;
    expect(resourceOf(one.function).Properties).toEqual({
      Architectures: ['arm64'],
      Code: { ZipFile: 'exports.handler = () => {};' },
      Handler: 'index.handler',
      LoggingConfig: { LogFormat: 'JSON', LogGroup: resolve(stack, one.logGroup.logGroupName) },
      MemorySize: 256,
      Role: resolve(stack, one.function.role!.roleArn),
      Runtime: expect.stringContaining('nodejs') as unknown,
      Timeout: 30,
      TracingConfig: { Mode: 'Active' },
    });
  });

  test('runs on the newest Node.js runtime that aws-cdk-lib knows', () => {
    const newest = Math.max(...lambda.Runtime.ALL
      .filter(({ family, isVariable }) => family === lambda.RuntimeFamily.NODEJS && !isVariable)
      .map(({ name }) => parseInt(name.replace('nodejs', ''), 10) || 0));
    expect(propertiesOf().Runtime).toBe(`nodejs${newest}.x`);
  });

  test('has a log group of its own that keeps logs for a month and goes with the stack', () => {
    expect(resourceOf(functionWith().logGroup)).toMatchObject({ DeletionPolicy: 'Delete', Properties: { RetentionInDays: 30 } });
  });

  test('has a role that Lambda assumes for functions of the account, wherever it says for whom', () => {
    expect(statementsIn(functionWith().function.stack, 'AWS::IAM::Role', 'AssumeRolePolicyDocument')).toEqual([{
      Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' },
      Condition: { StringEqualsIfExists: { 'aws:SourceAccount': environment.account } },
    }]);
  });

  test('has a role that may write to its log group and send traces, nothing more', () => {
    const one = functionWith();
    const { stack } = one.function;
    const role = resourceOf(one.function.role as iam.Role).Properties;
    expect(role).not.toHaveProperty('ManagedPolicyArns');
    expect(role.AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
    });
    expect(role.Policies).toEqual([{
      PolicyName: 'Tracing',
      PolicyDocument: {
        Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], Resource: '*' }],
      },
    }]);
    expect(statementsIn(stack, 'AWS::IAM::Policy')).toEqual([
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: resolve(stack, one.logGroup.logGroupArn) },
    ]);
  });
});

describe('ConsumerFunction', () => {
  test('passes each setting on', () => {
    expect(propertiesOf({
      handler: 'main.run', description: 'Bills orders', timeout: Duration.minutes(1), memorySize: 512, reservedConcurrentExecutions: 5,
      environment: { TABLE: 'orders' },
    })).toMatchObject({
      Handler: 'main.run', Description: 'Bills orders', Timeout: 60, MemorySize: 512, ReservedConcurrentExecutions: 5,
      Environment: { Variables: { TABLE: 'orders' } },
    });
    expect(resourceOf(functionWith({ logRetention: logs.RetentionDays.ONE_DAY, logRemovalPolicy: RemovalPolicy.RETAIN }).logGroup))
      .toMatchObject({ DeletionPolicy: 'Retain', Properties: { RetentionInDays: 1 } });
  });

  test('encrypts its environment with a customer key', () => {
    const stack = newStack();
    const key = keyIn(stack);
    const one = new ConsumerFunction(stack, 'Billing', { code, environment: { TABLE: 'orders' }, environmentEncryption: key });
    expect(resourceOf(one.function).Properties.KmsKeyArn).toEqual(resolve(stack, key.keyArn));
  });

  test('without tracing has no permission to trace', () => {
    const one = functionWith({ tracing: false });
    expect(resourceOf(one.function).Properties).not.toHaveProperty('TracingConfig');
    expect(resourceOf(one.function.role as iam.Role).Properties).not.toHaveProperty('Policies');
  });

  test('is granted permissions as its role', () => {
    const one = functionWith();
    iam.Grant.addToPrincipal({ grantee: one, actions: ['s3:GetObject'], resourceArns: ['arn:aws:s3:::bucket/key'] });
    expect(statementsIn(Stack.of(one), 'AWS::IAM::Policy').map(({ Action }) => Action)).toContain('s3:GetObject');
  });

  test('can be put twice into one stack', () => {
    const stack = newStack();
    new ConsumerFunction(stack, 'One', { code });
    new ConsumerFunction(stack, 'Two', { code });
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 2);
  });

  test.each<[string, Partial<ConsumerFunctionProps>, string]>([
    ['the timeout is too long', { timeout: Duration.minutes(16) }, "'timeout' must be from 1 second to 15 minutes, got 16 minutes"],
    ['the memory is too small', { memorySize: 127 }, "'memorySize' must be from 128 to 10240, got 127"],
    ['the reserved concurrency is negative', { reservedConcurrentExecutions: -1 }, "'reservedConcurrentExecutions' must be 0 or more, got -1"],
    ['the description is too long', { description: 'd'.repeat(257) }, "'description' must have at most 256 characters, got 257"],
  ])('fails when %s', (_case, props, message) => {
    expect(() => functionWith(props)).toThrow(`Test/Billing: ${message}`);
  });
});
