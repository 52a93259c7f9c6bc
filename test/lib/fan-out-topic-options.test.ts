import { Duration, Lazy, NestedStack, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { FanOutTopic, type FanOutTopicProps } from '../../lib';
import { environment, newApp, newStack, resolve, type Resource, resourceOf, statementsIn } from './set-up';

function topicWith(props?: FanOutTopicProps): FanOutTopic {
  return new FanOutTopic(newStack(), 'Orders', props);
}

const logGroup = (stack: Stack, topic: FanOutTopic, end: string): unknown => resolve(stack,
  `arn:${stack.partition}:logs:eu-west-1:111122223333:log-group:sns/eu-west-1/111122223333/${topic.topicName}${end}`);

describe('FanOutTopic, with delivery status logging', () => {
  const logged = (successSampleRate?: number): FanOutTopic => topicWith({ deliveryStatusLogging: true, successSampleRate });

  test('logs failed deliveries to queues, and no successful ones by default', () => {
    const { topic } = logged();
    const [id] = Object.keys(Template.fromStack(Stack.of(topic)).findResources('AWS::IAM::Role'));
    const role = { 'Fn::GetAtt': [id, 'Arn'] };
    expect(resourceOf(topic).Properties).toEqual({
      DeliveryStatusLogging: [{ Protocol: 'sqs', FailureFeedbackRoleArn: role, SuccessFeedbackRoleArn: role, SuccessFeedbackSampleRate: '0' }],
    });
  });

  test.each([0, 100])('logs %d percent of the successful deliveries when asked', (rate) => {
    expect(resourceOf(logged(rate).topic).Properties.DeliveryStatusLogging).toEqual([expect.objectContaining({ SuccessFeedbackSampleRate: String(rate) })]);
  });

  test('lets SNS write the log groups of this topic, and no others', () => {
    const topic = logged();
    const stack = Stack.of(topic);
    expect(statementsIn(stack, 'AWS::IAM::Role', 'AssumeRolePolicyDocument')).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'sns.amazonaws.com' }, Condition: { StringEqualsIfExists: { 'aws:SourceAccount': stack.account } } },
    ]);
    expect(statementsIn(stack, 'AWS::IAM::Policy')).toEqual([{
      Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: [logGroup(stack, topic, '/Failure:*'), logGroup(stack, topic, ':*')],
    }]);
  });

  test.each([undefined, environment])('acknowledges the wildcard of its log streams to cdk-nag, and nothing else, in %p', (env) => {
    const app = newApp();
    Validations.of(app).addPlugins(new AwsSolutionsChecks());
    new FanOutTopic(new Stack(app, 'Test', { env }), 'Orders', { deliveryStatusLogging: true });
    expect(() => app.synth()).not.toThrow();
  });

  test('makes no role by default', () => {
    Template.fromStack(Stack.of(topicWith())).resourceCountIs('AWS::IAM::Role', 0);
  });
});

describe('FanOutTopic, with active tracing', () => {
  test('sends segments, which X-Ray accepts from the topics of the account and region', () => {
    const { topic } = topicWith({ activeTracing: true });
    const stack = Stack.of(topic);
    const policies = Template.fromStack(stack).findResources('AWS::XRay::ResourcePolicy');
    expect(resourceOf(topic)).toMatchObject({ Properties: { TracingConfig: 'Active' }, DependsOn: Object.keys(policies) });
    const [{ Properties: { PolicyName, PolicyDocument } }] = Object.values(policies) as [{ Properties: Record<string, string> }];
    expect(PolicyName).toBe('Test-TopicTracingPolicy');
    expect(JSON.parse(PolicyDocument)).toEqual({
      Version: '2012-10-17',
      Statement: [{
        Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Resource: '*',
        Action: ['xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:PutTraceSegments'],
        Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' }, StringLike: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:*' } },
      }],
    });
  });

  test('names the policy after the path of the stack, cut to 100 characters and the name of the construct', () => {
    const nameIn = (id: string): string => {
      const stack = new NestedStack(newStack(), id);
      new FanOutTopic(stack, 'Orders', { activeTracing: true });
      return (Object.values(Template.fromStack(stack).findResources('AWS::XRay::ResourcePolicy')) as [Resource])[0].Properties.PolicyName as string;
    };
    expect(nameIn('Messaging')).toMatch(/^Test-Messaging-[0-9A-F]{8}-TopicTracingPolicy$/);
    expect(nameIn('M'.repeat(120))).toMatch(/^.{100}-TopicTracingPolicy$/);
  });

  test('shares one policy with the other topics of the stack, because X-Ray has room for 5', () => {
    const stack = newStack();
    for (const id of ['One', 'Two']) new FanOutTopic(stack, id, { activeTracing: true });
    Template.fromStack(stack).resourceCountIs('AWS::XRay::ResourcePolicy', 1);
  });

  test('makes no policy where one is managed elsewhere', () => {
    const { topic } = topicWith({ activeTracing: true, tracingPolicyManagedElsewhere: true });
    expect(resourceOf(topic).Properties.TracingConfig).toBe('Active');
    Template.fromStack(Stack.of(topic)).resourceCountIs('AWS::XRay::ResourcePolicy', 0);
  });

  test('only passes traces on by default', () => {
    const { topic } = topicWith();
    expect(resourceOf(topic).Properties ?? {}).not.toHaveProperty('TracingConfig');
    Template.fromStack(Stack.of(topic)).resourceCountIs('AWS::XRay::ResourcePolicy', 0);
  });
});

describe('FanOutTopic, with an archive', () => {
  test.each([1, 365])('keeps messages for %d days when asked', (days) => {
    expect(resourceOf(topicWith({ fifo: true, archiveRetentionPeriod: Duration.days(days) }).topic).Properties)
      .toMatchObject({ ArchivePolicy: { MessageRetentionPeriod: days } });
  });

  test('keeps nothing by default', () => {
    expect(resourceOf(topicWith({ fifo: true }).topic).Properties).not.toHaveProperty('ArchivePolicy');
  });
});

describe('FanOutTopic, with a data protection policy', () => {
  const statement = {
    Sid: 'Cards', DataDirection: 'Inbound', Principal: ['*'], Operation: { Deny: {} },
    DataIdentifier: ['arn:aws:dataprotection::aws:data-identifier/CreditCardNumber'],
  };
  const policy = (...Statement: unknown[]): Record<string, unknown> => ({ Name: 'cards', Version: '2021-06-01', Statement });
  const masking = { ...statement, DataDirection: 'Outbound', Operation: { Deidentify: { MaskConfig: { MaskWithCharacter: '#' } } } };
  const audit = { ...statement, Operation: { Audit: { SampleRate: '99', NoFindingsDestination: {} } } };

  test('has it in the template', () => {
    const dataProtectionPolicy = policy(statement, masking, audit);
    expect(resourceOf(topicWith({ dataProtectionPolicy }).topic).Properties).toEqual({ DataProtectionPolicy: dataProtectionPolicy });
  });

  test('passes over what is known only when the template is deployed', () => {
    const later = Lazy.any({ produce: () => 'later' });
    expect(() => topicWith({ dataProtectionPolicy: { Name: later, Version: later, Statement: [later, { ...statement, Operation: later, Principal: later }] } }))
      .not.toThrow();
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no name', { ...policy(statement), Name: '' }, `'dataProtectionPolicy.Name' must be a text, got ""`],
    ['the version of IAM', { ...policy(statement), Version: '2012-10-17' }, `'dataProtectionPolicy.Version' must be "2021-06-01", got "2012-10-17"`],
    ['a statement outside of a list', { ...policy(), Statement: statement }, "'dataProtectionPolicy.Statement' must be a list of at least one statement, got {"],
    ['no statement', policy(), "'dataProtectionPolicy.Statement' must be a list of at least one statement, got []"],
    ['a statement that is no object', policy('deny'), `'dataProtectionPolicy.Statement[0]' must be an object, got "deny"`],
    ['two audits', policy(audit, audit), "'dataProtectionPolicy' must have at most one statement with the operation Audit, got 2"],
    ['an audit of deliveries', policy({ ...audit, DataDirection: 'Outbound' }), "'dataProtectionPolicy.Statement[0].DataDirection' must be \"Inbound\" for the"],
    ['an unknown direction', policy({ ...statement, DataDirection: 'Both' }),
      `'dataProtectionPolicy.Statement[0].DataDirection' must be "Inbound" or "Outbound", got "Both"`],
    ['no identifier', policy({ ...statement, DataIdentifier: [] }), "'dataProtectionPolicy.Statement[0].DataIdentifier' must be a list of at least one identifier"],
    ['no principal', policy({ ...statement, Principal: undefined }),
      "'dataProtectionPolicy.Statement[0].Principal' must be a list of at least one principal, got nothing"],
    ['an unknown operation', policy(statement, { ...statement, Operation: { Mask: {} } }),
      `'dataProtectionPolicy.Statement[1].Operation' must have one of Audit, Deidentify and Deny, got {"Mask":{}}`],
    ['two operations', policy({ ...statement, Operation: { Deny: {}, Deidentify: {} } }), "'dataProtectionPolicy.Statement[0].Operation' must have one of"],
  ])('fails with %s', (_case, dataProtectionPolicy, message) => {
    expect(() => topicWith({ dataProtectionPolicy })).toThrow(`Test/Orders: ${message}`);
  });
});

test('FanOutTopic signs with SHA-256 when asked, and leaves it to SNS by default', () => {
  expect(resourceOf(topicWith({ signatureVersion: '2' }).topic).Properties).toEqual({ SignatureVersion: '2' });
  expect(resourceOf(topicWith({ fifo: true }).topic).Properties).not.toHaveProperty('SignatureVersion');
});

describe('FanOutTopic fails when', () => {
  test.each<[string, FanOutTopicProps, string]>([
    ['the sample rate is over 100', { deliveryStatusLogging: true, successSampleRate: 101 }, "'successSampleRate' must be from 0 to 100, got 101"],
    ['the sample rate is broken', { deliveryStatusLogging: true, successSampleRate: 0.5 }, "'successSampleRate' must be a whole number from 0 to 100, got 0.5"],
    ['there is a sample rate without a log', { successSampleRate: 5 }, "'successSampleRate' must be left out without 'deliveryStatusLogging'"],
    ['a tracing policy is acknowledged without tracing', { tracingPolicyManagedElsewhere: true },
      "'tracingPolicyManagedElsewhere' must be left out without 'activeTracing'"],
    ['a standard topic has an archive', { archiveRetentionPeriod: Duration.days(1) },
      "'archiveRetentionPeriod' must be left out on a standard topic: it needs 'fifo'"],
    ['the archive keeps messages too long', { fifo: true, archiveRetentionPeriod: Duration.days(366) },
      "'archiveRetentionPeriod' must be whole days from 1 to 365, got 366 days"],
    ['the archive keeps messages for parts of a day', { fifo: true, archiveRetentionPeriod: Duration.hours(36) },
      "'archiveRetentionPeriod' must be whole days from 1 to 365, got 1 day 12 hours"],
    ['a FIFO topic has a data protection policy', { fifo: true, dataProtectionPolicy: { Name: 'a', Version: '2021-06-01', Statement: [{
      DataDirection: 'Inbound', DataIdentifier: ['a'], Principal: ['*'], Operation: { Deny: {} } }] } },
    "'dataProtectionPolicy' must be left out on a FIFO topic: SNS has it for standard topics only"],
    ['the signature version is unknown', { signatureVersion: '3' }, "'signatureVersion' must be '1' or '2', got '3'"],
  ])('%s', (_case, props, message) => {
    expect(() => topicWith(props)).toThrow(`Test/Orders: ${message}`);
  });

  test('several rules are broken, and names them all at once', () => {
    expect(() => new FanOutTopic(newStack({ env: environment }), 'Orders', {
      archiveRetentionPeriod: Duration.days(366), signatureVersion: '3', successSampleRate: 101,
    })).toThrow(/5 rules do not hold/);
  });
});
