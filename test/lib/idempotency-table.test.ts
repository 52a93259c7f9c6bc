import { RemovalPolicy, type Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { ConsumerFunction, IdempotencyTable } from '../../lib';
import { functionIn, keyIn, newStack, resolve, resourceOf, statementsIn } from './set-up';

const recordActions = ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

describe('IdempotencyTable', () => {
  let stack: Stack;

  beforeEach(() => {
    stack = newStack();
  });

  test('is on-demand, recoverable to any point in time, and laid out as Powertools expects', () => {
    expect(resourceOf(new IdempotencyTable(stack, 'Idempotency').table).Properties).toEqual({
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiration', Enabled: true },
    });
  });

  test('goes with the stack by default, and stays when told so', () => {
    expect(resourceOf(new IdempotencyTable(stack, 'Idempotency').table).DeletionPolicy).toBe('Delete');
    expect(resourceOf(new IdempotencyTable(newStack(), 'Idempotency', { removalPolicy: RemovalPolicy.RETAIN }).table).DeletionPolicy).toBe('Retain');
  });

  test('lets a function work on single records, and tells it the name', () => {
    const { table } = tableFor(functionIn(stack));
    expect(statementsIn(stack, 'AWS::IAM::Policy')).toEqual([{
      Effect: 'Allow', Action: expect.arrayContaining(recordActions), Resource: resolve(stack, table.tableArn),
    }]);
    expect(statementsIn(stack, 'AWS::IAM::Policy')[0].Action).toHaveLength(recordActions.length);
  });

  test('serves functions of other runtimes', () => {
    const python = functionIn(stack, 'Python', { runtime: lambda.Runtime.PYTHON_3_13 });
    const { table } = tableFor(python);
    expect(resourceOf(python).Properties.Environment).toEqual({ Variables: { IDEMPOTENCY_TABLE_NAME: resolve(stack, table.tableName) } });
  });

  test('with a customer key lets the function use that too', () => {
    const encryptionKey = keyIn(stack);
    const { table } = tableFor(functionIn(stack), encryptionKey);
    expect(resourceOf(table).Properties.SSESpecification).toEqual({
      SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: resolve(stack, encryptionKey.keyArn),
    });
    expect(statementsIn(stack, 'AWS::IAM::Policy')).toContainEqual({
      Effect: 'Allow', Resource: resolve(stack, encryptionKey.keyArn),
      Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
    });
  });

  test('fails when AWS manages the key', () => {
    const encryptionKey = kms.Alias.fromAliasName(stack, 'Managed', 'alias/aws/dynamodb');
    expect(() => new IdempotencyTable(stack, 'Idempotency', { encryptionKey })).toThrow("Test/Idempotency: 'encryptionKey' must be a customer key");
  });

  test.each([['AwsSolutions', AwsSolutionsChecks], ['NIST 800-53', NIST80053R5Checks], ['PCI DSS', PCIDSS321Checks]])(
    'has nothing that %s finds and no reason explains', (pack, Checks) => {
      const table = new IdempotencyTable(stack, 'Idempotency', { encryptionKey: keyIn(stack) });
      if (pack === 'AwsSolutions') table.grantReadWriteRecords(role()); // the other packs refuse every inline policy
      const app = stack.node.root as never;
      Validations.of(app).addPlugins(new Checks());
      expect(() => (app as { synth(): void }).synth()).not.toThrow();
    },
  );

  function role(): iam.Role {
    return new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  }

  function tableFor(handler: lambda.Function, encryptionKey?: kms.IKey): IdempotencyTable {
    const table = new IdempotencyTable(stack, 'Idempotency', { encryptionKey });
    table.addTo(handler);
    return table;
  }
});

describe('ConsumerFunction', () => {
  const code = lambda.Code.fromInline('exports.handler = () => {};');

  test('has no table by default', () => {
    const one = new ConsumerFunction(newStack(), 'Billing', { code });
    expect(one.idempotencyTable).toBeUndefined();
    expect(one.node.tryFindChild('Idempotency')).toBeUndefined();
  });

  test('has a table, its name and the permissions with idempotency', () => {
    const stack = newStack();
    const one = new ConsumerFunction(stack, 'Billing', { code, idempotency: true, environment: { OTHER: 'value' } });
    const { table } = one.idempotencyTable!;
    expect(resourceOf(one.function).Properties.Environment).toEqual({
      Variables: { OTHER: 'value', IDEMPOTENCY_TABLE_NAME: resolve(stack, table.tableName) },
    });
    expect(statementsIn(stack, 'AWS::IAM::Policy')).toContainEqual({
      Effect: 'Allow', Action: expect.arrayContaining(recordActions), Resource: resolve(stack, table.tableArn),
    });
  });

  test('has the name of its table in an environment that has nothing else', () => {
    const one = new ConsumerFunction(newStack(), 'Billing', { code, idempotency: true });
    const { tableName } = one.idempotencyTable!.table;
    expect(resourceOf(one.function).Properties.Environment).toEqual({ Variables: { IDEMPOTENCY_TABLE_NAME: resolve(one.function.stack, tableName) } });
  });

  test('fails when the environment sets the variable that idempotency sets', () => {
    const environment = { IDEMPOTENCY_TABLE_NAME: 'mine' };
    expect(() => new ConsumerFunction(newStack(), 'Billing', { code, idempotency: true, environment }))
      .toThrow("Test/Billing: 'environment' must leave IDEMPOTENCY_TABLE_NAME out, because 'idempotency' sets it");
    expect(() => new ConsumerFunction(newStack(), 'Billing', { code, environment })).not.toThrow();
  });
});
