import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { AlarmTopic, type AlarmTopicProps } from '../../lib/alarm-topic';

const env = { account: '111122223333', region: 'eu-west-1' };
const onlyOwnAlarms = {
  StringEquals: { 'aws:SourceAccount': '111122223333' },
  ArnLike: {
    'aws:SourceArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':cloudwatch:eu-west-1:111122223333:alarm:*']] },
  },
};

function stackWith(props?: AlarmTopicProps): { stack: Stack; alarmTopic: AlarmTopic; template: () => Template } {
  const stack = new Stack(new App(), 'Test', { env });
  return { stack, alarmTopic: new AlarmTopic(stack, 'Alarms', props), template: () => Template.fromStack(stack) };
}

function alarmIn(stack: Stack): cloudwatch.Alarm {
  return new cloudwatch.Alarm(stack, 'Alarm', {
    metric: new cloudwatch.Metric({ namespace: 'Test', metricName: 'Test' }), threshold: 1, evaluationPeriods: 1,
  });
}

const resolve = (stack: Stack, value: unknown): unknown => stack.resolve(value);

describe('AlarmTopic', () => {
  test('makes a key that is rotated and retained, and encrypts the topic with it', () => {
    const template = stackWith().template();
    template.hasResource('AWS::KMS::Key', {
      Properties: { EnableKeyRotation: true, Description: 'Notifications of Test/Alarms' },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
    const [keyId] = Object.keys(template.findResources('AWS::KMS::Key'));
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: { 'Fn::GetAtt': [keyId, 'Arn'] } });
  });

  test('lets the alarms of its account and region, and no others, use the key', () => {
    stackWith().template().hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([{
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          Resource: '*',
          Condition: onlyOwnAlarms,
        }]),
      },
    });
  });

  test('lets the alarms of its account and region, and no others, publish', () => {
    const { alarmTopic, stack, template } = stackWith();
    template().hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([{
          Sid: 'AllowAlarms',
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: resolve(stack, alarmTopic.topic.topicArn),
          Condition: onlyOwnAlarms,
        }]),
      },
    });
  });

  test('denies what comes without TLS', () => {
    stackWith().template().hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]),
      },
    });
  });

  test('has no subscription and no display name unless told', () => {
    const template = stackWith().template();
    template.resourceCountIs('AWS::SNS::Subscription', 0);
    template.hasResourceProperties('AWS::SNS::Topic', { DisplayName: Match.absent() });
  });

  test('notifies each e-mail address, under the display name', () => {
    const template = stackWith({ emailAddresses: ['one@example.com', 'two@example.com'], displayName: 'Orders' }).template();
    template.resourceCountIs('AWS::SNS::Subscription', 2);
    for (const Endpoint of ['one@example.com', 'two@example.com']) {
      template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint });
    }
    template.hasResourceProperties('AWS::SNS::Topic', { DisplayName: 'Orders' });
  });

  test('notifies no Slack channel unless told', () => {
    stackWith().template().resourceCountIs('AWS::Chatbot::SlackChannelConfiguration', 0);
  });

  test('notifies a Slack channel, from which nothing can be done in the account', () => {
    const { alarmTopic, stack, template } = stackWith({ slackWorkspaceId: 'T0123ABCD', slackChannelId: 'C0123ABCD' });
    template().hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
      SlackWorkspaceId: 'T0123ABCD',
      SlackChannelId: 'C0123ABCD',
      SnsTopicArns: [resolve(stack, alarmTopic.topic.topicArn)],
      GuardrailPolicies: [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/CloudWatchReadOnlyAccess']] }],
      ConfigurationName: Match.stringLikeRegexp('^[A-Za-z0-9_-]{1,128}$'),
    });
    template().hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.absent(),
      Policies: Match.absent(),
      AssumeRolePolicyDocument: {
        Statement: [{
          Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'chatbot.amazonaws.com' },
          Condition: { StringEqualsIfExists: { 'aws:SourceAccount': env.account } },
        }],
      },
    });
    template().resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('names the Slack configuration after its path, cut to the 128 characters of AWS', () => {
    const nameUnder = (id: string): string => {
      const stack = new Stack(new App(), 'Test', { env });
      new AlarmTopic(stack, id, { slackWorkspaceId: 'T1', slackChannelId: 'C1' });
      const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Chatbot::SlackChannelConfiguration'));
      return (Properties as { ConfigurationName: string }).ConfigurationName;
    };
    expect(nameUnder('on-call_alarms')).toBe('Test-on-call_alarms-51C8E522');
    expect(nameUnder('x'.repeat(200))).toHaveLength(128);
  });

  test('gives the Slack configurations of two topics different names, as an account asks for', () => {
    const stack = new Stack(new App(), 'Test', { env });
    for (const id of ['One', 'Two']) new AlarmTopic(stack, id, { slackWorkspaceId: 'T1', slackChannelId: 'C1' });
    const configurations = Object.values(Template.fromStack(stack).findResources('AWS::Chatbot::SlackChannelConfiguration'));
    const names = configurations.map(({ Properties }) => (Properties as { ConfigurationName: string }).ConfigurationName);
    expect(new Set(names).size).toBe(2);
  });

  test.each<[string, AlarmTopicProps, string]>([
    ['the channel has no workspace', { slackChannelId: 'C1' }, "'slackWorkspaceId' and 'slackChannelId' must be given together"],
    ['the workspace has no channel', { slackWorkspaceId: 'T1' }, "'slackWorkspaceId' and 'slackChannelId' must be given together"],
    ['the workspace is given by its name', { slackWorkspaceId: 'my-team', slackChannelId: 'C1' },
      "'slackWorkspaceId' must be the ID of a workspace, in capitals and digits, got 'my-team'"],
    ['the channel is given by its name', { slackWorkspaceId: 'T1', slackChannelId: '#alarms' },
      "'slackChannelId' must be the ID of a channel, letters and digits, got '#alarms'"],
  ])('fails when %s', (_, props, message) => {
    expect(() => stackWith(props)).toThrow(`Test/Alarms: ${message}`);
  });

  test('is an action of alarms', () => {
    const { stack, alarmTopic, template } = stackWith();
    alarmIn(stack).addAlarmAction(alarmTopic);
    template().hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [resolve(stack, alarmTopic.topic.topicArn)] });
  });

  test('makes no dependency cycle with a key, whether made here, given, or of another stack', () => {
    const app = new App({ context: { ...recommendedFlags } });
    const keys = new Stack(app, 'Keys', { env });
    const stack = new Stack(app, 'Test', { env });
    new AlarmTopic(stack, 'Own');
    new AlarmTopic(stack, 'Given', { encryptionKey: new kms.Key(stack, 'Key') });
    new AlarmTopic(stack, 'OtherStack', { encryptionKey: new kms.Key(keys, 'Key') });
    for (const each of [keys, stack]) expect(() => Template.fromStack(each)).not.toThrow();
    Template.fromStack(keys).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'cloudwatch.amazonaws.com' } })]) },
    });
  });

  test('uses a given key, makes none, and adds the statement to it without a warning', () => {
    const stack = new Stack(new App(), 'Test', { env });
    const encryptionKey = new kms.Key(stack, 'Key');
    expect(new AlarmTopic(stack, 'Alarms', { encryptionKey }).encryptionKey).toBe(encryptionKey);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'cloudwatch.amazonaws.com' } })]) },
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('warns of an imported key, with the whole statement that its policy needs', () => {
    const stack = new Stack(new App(), 'Test', { env });
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555');
    new AlarmTopic(stack, 'Alarms', { encryptionKey });
    const [warning, ...others] = Annotations.fromStack(stack).findWarning('/Test/Alarms', Match.anyValue());
    expect(others).toEqual([]);
    for (const part of ['cloudwatch.amazonaws.com', 'kms:Decrypt', 'kms:GenerateDataKey*', 'aws:SourceAccount', 'alarm:*',
      'cdk-messaging:alarmTopicKeyPolicy']) {
      expect(warning.entry.data).toContain(part);
    }
  });

  test('fails when the key is one that AWS manages', () => {
    const stack = new Stack(new App(), 'Test', { env });
    expect(() => new AlarmTopic(stack, 'Alarms', { encryptionKey: kms.Alias.fromAliasName(stack, 'Key', 'alias/aws/sns') }))
      .toThrow("Test/Alarms: 'encryptionKey' must be a customer key");
  });

  test('fails when an address is none or comes twice, or the display name is too long, naming all of it at once', () => {
    expect(() => stackWith({ emailAddresses: ['nobody', 'a@example.com', 'a@example.com'], displayName: 'x'.repeat(101) })).toThrow(
      /'displayName' must have at most 100 characters, got 101[^]*must hold e-mail addresses, got 'nobody'[^]*got 'a@example.com' twice/,
    );
  });

  test('takes a display name of 100 characters', () => {
    stackWith({ displayName: 'x'.repeat(100) }).template().hasResourceProperties('AWS::SNS::Topic', { DisplayName: 'x'.repeat(100) });
  });

  test('fails when an alarm of another region or account would publish to it', () => {
    const app = new App();
    const alarmTopic = new AlarmTopic(new Stack(app, 'Test', { env }), 'Alarms');
    const elsewhere = new Stack(app, 'Elsewhere', { env: { ...env, region: 'us-east-1' } });
    const stranger = new Stack(app, 'Stranger', { env: { ...env, account: '444455556666' } });
    expect(() => alarmIn(elsewhere).addAlarmAction(alarmTopic))
      .toThrow("Test/Alarms: an alarm must be in the topic's region, eu-west-1, but Elsewhere/Alarm is in us-east-1");
    expect(() => alarmIn(stranger).addAlarmAction(alarmTopic))
      .toThrow("Test/Alarms: an alarm must be in the topic's account, 111122223333, but Stranger/Alarm is in 444455556666");
  });

  test('takes alarms of stacks whose account and region are known only at deployment', () => {
    const app = new App();
    const stack = new Stack(app, 'Test');
    const alarmTopic = new AlarmTopic(stack, 'Alarms');
    alarmIn(stack).addAlarmAction(alarmTopic);
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 1);
  });
});
