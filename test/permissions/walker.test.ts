import { newApp } from '../lib/set-up';
import { EncryptedFifoStack, firehoseStack } from './encrypted-fifo-stack';
import { deployed, type DeployedTemplate } from './templates';
import { type Finding, type FindingKind, walk } from './walker';

interface Statement {
  Effect: string;
  Principal: unknown;
  Action: unknown;
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

interface Resource {
  Type: string;
  Properties: Record<string, unknown> & { PolicyDocument?: { Statement: Statement[] }; KeyPolicy?: { Statement: Statement[] } };
  DependsOn?: string[];
}

const intact = deployed(new EncryptedFifoStack(newApp(), 'Messaging'));

/** What is found after one change to a template in which nothing is found. */
function findingsAfter(change: (template: Broken) => void): readonly Finding[] {
  const copy = structuredClone(intact);
  change(new Broken(copy));
  return walk(copy).findings;
}

const kindsAfter = (change: (template: Broken) => void): FindingKind[] => [...new Set(findingsAfter(change).map(({ kind }) => kind))];

class Broken {
  readonly resources: Record<string, Resource>;

  constructor({ template }: DeployedTemplate) {
    this.resources = template.Resources as unknown as Record<string, Resource>;
  }

  get(type: string, idPattern = /./): Resource {
    const [, found] = Object.entries(this.resources).find(([id, resource]) => resource.Type === type && idPattern.test(id))!;
    return found;
  }

  statements(type: string, idPattern?: RegExp): Statement[] {
    const { PolicyDocument, KeyPolicy } = this.get(type, idPattern).Properties;
    return (PolicyDocument ?? KeyPolicy)!.Statement;
  }

  /** The statement for a service, or the one with an action. */
  statement(type: string, part: string, idPattern?: RegExp): Statement {
    return this.statements(type, idPattern).find((statement) => JSON.stringify(statement).includes(part))!;
  }

  remove(type: string, part: string, idPattern?: RegExp): void {
    const statements = this.statements(type, idPattern);
    statements.splice(statements.indexOf(this.statement(type, part, idPattern)), 1);
  }
}

const queuePolicy = ['AWS::SQS::QueuePolicy', /^BillingPolicy/] as const;
const billingRole = ['AWS::IAM::Policy', /^BillingFunction/] as const;

test('nothing is found in a template that has every permission', () => {
  expect(findingsAfter(() => undefined)).toEqual([]);
});

test('a finding names its place and what is missing', () => {
  expect(findingsAfter((template) => template.remove(queuePolicy[0], 'sns.amazonaws.com', queuePolicy[1]))).toEqual([{
    kind: 'missing permission',
    where: expect.stringMatching(/^\$\{Messaging\.Billing\w+\}$/) as string,
    what: expect.stringMatching(/^sqs:SendMessage for sns\.amazonaws\.com on behalf of \$\{Messaging\.Orders\w+\}$/) as string,
  }]);
});

describe('A permission is missing when', () => {
  test.each<[string, (template: Broken) => void]>([
    ['the queue of a subscription does not let SNS send', (template) => template.remove(queuePolicy[0], 'sns.amazonaws.com', queuePolicy[1])],
    ['the dead-letter queue of a subscription does not let SNS send', (template) => (
      template.remove('AWS::SQS::QueuePolicy', 'sns.amazonaws.com', /^OrdersBillingDeadLetterQueue/))],
    ['the key does not let SNS encrypt', (template) => template.remove('AWS::KMS::Key', 'sns.amazonaws.com')],
    ['the key lets SNS decrypt only', (template) => { template.statement('AWS::KMS::Key', 'sns.amazonaws.com').Action = 'kms:Decrypt'; }],
    ['the key does not let CloudWatch encrypt', (template) => template.remove('AWS::KMS::Key', 'cloudwatch.amazonaws.com')],
    ['the key does not let S3 encrypt', (template) => template.remove('AWS::KMS::Key', 's3.amazonaws.com')],
    ['the key does not leave its use to the policies of the account', (template) => template.remove('AWS::KMS::Key', 'kms:*')],
    ['the alarm topic does not let CloudWatch publish', (template) => template.remove('AWS::SNS::TopicPolicy', 'cloudwatch.amazonaws.com')],
    ['the queue does not let the bucket send', (template) => template.remove('AWS::SQS::QueuePolicy', 's3.amazonaws.com', /^UploadsPolicy/)],
    ['the bucket of the access logs does not let S3 write', (template) => (
      template.remove('AWS::S3::BucketPolicy', 'logging.s3.amazonaws.com', /^AccessLogs/))],
    ['a consumer may not delete', (template) => {
      const statement = template.statement(billingRole[0], 'sqs:DeleteMessage', billingRole[1]);
      statement.Action = (statement.Action as string[]).filter((action) => action !== 'sqs:DeleteMessage');
    }],
    ['a consumer may consume another queue only', (template) => {
      template.statement(billingRole[0], 'sqs:DeleteMessage', billingRole[1]).Resource = 'arn:aws:sqs:eu-west-1:111122223333:other';
    }],
    ['a consumer may receive under a condition that is not known to hold', (template) => {
      template.statement(billingRole[0], 'sqs:DeleteMessage', billingRole[1]).Condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
    }],
    ['a publisher and consumer may not use the key', (template) => {
      const statements = template.statements(billingRole[0], billingRole[1]);
      statements.splice(0, statements.length, ...statements.filter(({ Action }) => !JSON.stringify(Action).includes('kms:')));
    }],
    ['the archiver may not write to its bucket', (template) => template.remove('AWS::IAM::Policy', 's3:PutObject', /^ArchiveArchiver/)],
  ])('%s', (_when, change) => {
    expect(kindsAfter(change)).toContain('missing permission');
  });

  test.each<[string, Record<string, Record<string, unknown>>]>([
    ['another topic', { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:other' } }],
    ['another account', { StringEquals: { 'aws:SourceAccount': '444455556666' } }],
    ['another region', { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:us-east-1:111122223333:*' } }],
    ['a pattern that is compared as it stands', { StringEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:*' } }],
  ])('its statement is limited to %s, and that statement then serves no path', (_what, condition) => {
    expect(kindsAfter((template) => { template.statement('AWS::KMS::Key', 'sns.amazonaws.com').Condition = condition; }))
      .toEqual(['missing permission', 'serves no path']);
  });
});

test.each(['ArnEquals', 'ArnLike', 'StringLike'])('a pattern with %s covers the source', (operator) => {
  expect(findingsAfter((template) => {
    template.statement('AWS::KMS::Key', 'sns.amazonaws.com').Condition = { [operator]: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:*' } };
  })).toEqual([]);
});

describe('A source condition is missing when a statement for a service', () => {
  test.each<[string, Record<string, Record<string, unknown>> | undefined]>([
    ['has no condition', undefined],
    ['has a condition that a request without the key satisfies', { StringEqualsIfExists: { 'aws:SourceAccount': '111122223333' } }],
    ['excludes instead of naming', { StringNotEquals: { 'aws:SourceAccount': '444455556666' } }],
    ['lets every source in', { ArnLike: { 'aws:SourceArn': '*' } }],
    ['is limited by something else', { Bool: { 'aws:SecureTransport': 'true' } }],
  ])('%s', (_what, condition) => {
    expect(kindsAfter((template) => { template.statement('AWS::KMS::Key', 'sns.amazonaws.com').Condition = condition; }))
      .toContain('no source condition');
  });

  test('is the permission of a function', () => {
    const permission = (properties: object): ((template: Broken) => void) => (template) => {
      template.resources.Permission = { Type: 'AWS::Lambda::Permission', Properties: { Action: 'lambda:InvokeFunction', ...properties } };
    };
    expect(kindsAfter(permission({ Principal: 'sns.amazonaws.com' }))).toEqual(['no source condition']);
    expect(kindsAfter(permission({ Principal: '*' }))).toEqual(['wildcard principal']);
    expect(kindsAfter(permission({ Principal: 'sns.amazonaws.com', SourceAccount: '111122223333' }))).toEqual([]);
  });
});

describe('A wildcard principal is found', () => {
  const open = (principal: unknown, condition?: Statement['Condition']) => (template: Broken): void => {
    template.statements(...queuePolicy).push({ Effect: 'Allow', Principal: principal, Action: 'sqs:SendMessage', Resource: '*', Condition: condition });
  };

  test.each([['*'], [{ AWS: '*' }], [{ AWS: ['111122223333', '*'] }]])('in %j', (principal) => {
    expect(kindsAfter(open(principal))).toEqual(['wildcard principal']);
  });

  test('unless a condition limits it', () => {
    expect(findingsAfter(open('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-example12345' } }))).toEqual([]);
  });
});

test('a statement for a service that hands no message on is found', () => {
  expect(kindsAfter((template) => template.statements(...queuePolicy).push({
    Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: '*',
    Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
  }))).toEqual(['serves no path']);
});

test.each([
  ['queue', ...queuePolicy], ['topic', 'AWS::SNS::TopicPolicy', /^OrdersPolicy/], ['bucket', 'AWS::S3::BucketPolicy', /^ArchivePolicy/],
] as const)('a %s that takes requests without TLS is found', (_what, type, idPattern) => {
  expect(kindsAfter((template) => template.remove(type, 'aws:SecureTransport', idPattern))).toEqual(['not TLS only']);
});

describe('A redrive is denied when the dead-letter queue', () => {
  const allow = (policy: object) => (template: Broken): void => {
    template.get('AWS::SQS::Queue', /^BillingDeadLetterQueue/).Properties.RedriveAllowPolicy = policy;
  };

  test('allows no queue, or another', () => {
    expect(kindsAfter(allow({ redrivePermission: 'denyAll' }))).toEqual(['redrive denied']);
    expect(kindsAfter(allow({ redrivePermission: 'byQueue', sourceQueueArns: ['arn:aws:sqs:eu-west-1:111122223333:other'] }))).toEqual(['redrive denied']);
  });

  test('but not when it allows its queue by name', () => {
    expect(findingsAfter((template) => {
      template.get('AWS::SQS::Queue', /^Billing[^D]/).Properties.QueueName = 'billing.fifo';
      allow({ redrivePermission: 'byQueue', sourceQueueArns: ['arn:aws:sqs:eu-west-1:111122223333:billing.fifo'] })(template);
    })).toEqual([]);
  });
});

test.each([
  ['an event source mapping that does not wait for its role', 'AWS::Lambda::EventSourceMapping'],
  ['a notification that does not wait for the policy of its queue', 'Custom::S3BucketNotifications'],
])('%s is found', (_what, type) => {
  expect(kindsAfter((template) => { delete template.get(type).DependsOn; })).toEqual(['created too early']);
});

test.each([
  ['SNS, which hands messages to Firehose,', 'firehose:PutRecord'], ['Firehose, which writes them to a bucket,', 's3:PutObject'],
])('a role of %s that may not do so is found', (_what, action) => {
  const copy = structuredClone(deployed(firehoseStack()));
  const statements = Object.values(new Broken(copy).resources).flatMap(({ Properties: { PolicyDocument, Policies } = {} }) => [
    ...PolicyDocument?.Statement ?? [],
    ...((Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[]).flatMap((policy) => policy.PolicyDocument.Statement),
  ]);
  for (const statement of statements) {
    if (statement.Effect === 'Allow') statement.Action = [statement.Action].flat().filter((one) => one !== action);
  }
  const { findings } = walk(copy);
  expect(findings).toContainEqual(expect.objectContaining({ kind: 'missing permission', what: expect.stringContaining(action) as string }));
});

test('a queue that is in none of the templates is found', () => {
  expect(kindsAfter((template) => {
    template.get('AWS::SNS::Subscription', /^OrdersBilling/).Properties.Endpoint = 'arn:aws:sqs:eu-west-1:111122223333:elsewhere';
  })).toEqual(['unknown resource', 'serves no path']);
});
