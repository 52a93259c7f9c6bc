import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmTopic } from '../../lib/alarm-topic';
import { ChannelAlarm } from '../../lib/channel-alarm';
import { DurableQueue } from '../../lib/durable-queue';
import { QueueAlarms } from '../../lib/queue-alarms';
import { environment, newStack, resolve } from './set-up';

function alarmIn(stack: Stack, id = 'Alarm'): cloudwatch.Alarm {
  const metric = new cloudwatch.Metric({ namespace: 'Test', metricName: 'Test' });
  return new cloudwatch.Alarm(stack, id, { metric, threshold: 1, evaluationPeriods: 1 });
}

function manyIn(stack: Stack, number: number): cloudwatch.Alarm[] {
  return Array.from({ length: number }, (_, index) => alarmIn(stack, `Alarm${index}`));
}

describe('ChannelAlarm', () => {
  test('is raised while at least one of its alarms is', () => {
    const stack = newStack();
    const [one, other] = [alarmIn(stack, 'One'), alarmIn(stack, 'Other')];
    new ChannelAlarm(stack, 'Billing', { alarms: [one, other] });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::CompositeAlarm', {
      AlarmRule: { 'Fn::Join': ['', ['(ALARM("', resolve(stack, one.alarmArn), '") OR ALARM("', resolve(stack, other.alarmArn), '"))']] },
    });
  });

  test('takes the alarms of a construct of this library', () => {
    const stack = newStack();
    const { alarms } = new QueueAlarms(stack, 'QueueAlarms', { queue: new DurableQueue(stack, 'Queue') });
    new ChannelAlarm(stack, 'Billing', { alarms });
    const rule = JSON.stringify(Template.fromStack(stack).findResources('AWS::CloudWatch::CompositeAlarm'));
    expect(rule.match(/ALARM\(/g)).toHaveLength(4);
  });

  test('has no physical name, so that an app can be deployed twice', () => {
    const stack = newStack();
    new ChannelAlarm(stack, 'Billing', { alarms: [alarmIn(stack)] });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::CompositeAlarm', { AlarmName: Match.absent() });
  });

  test('notifies nobody unless told', () => {
    const stack = newStack();
    new ChannelAlarm(stack, 'Billing', { alarms: [alarmIn(stack)] });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::CompositeAlarm', {
      AlarmActions: Match.absent(), OKActions: Match.absent(), InsufficientDataActions: Match.absent(),
    });
  });

  test('notifies of failure and of recovery, and its alarms notify of neither', () => {
    const stack = newStack();
    const topic = new AlarmTopic(stack, 'Topic');
    const { alarms } = new QueueAlarms(stack, 'QueueAlarms', { queue: new DurableQueue(stack, 'Queue') });
    new ChannelAlarm(stack, 'Billing', { alarms, actions: [topic] });
    const template = Template.fromStack(stack);
    const arn = resolve(stack, topic.topic.topicArn);
    template.hasResourceProperties('AWS::CloudWatch::CompositeAlarm', { AlarmActions: [arn], OKActions: [arn] });
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: Match.absent(), OKActions: Match.absent() });
  });

  test('links its heading in the runbook', () => {
    const stack = newStack();
    new ChannelAlarm(stack, 'Billing', { alarms: [alarmIn(stack)], runbookUrl: 'https://wiki.example.com/runbook' });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::CompositeAlarm', {
      AlarmDescription: Match.stringLikeRegexp(
        '^At least one of 1 alarms of Test/Billing is raised\\. .* Runbook: https://wiki.example.com/runbook#channel$',
      ),
    });
  });

  test('takes the 100 alarms that CloudWatch takes', () => {
    const stack = newStack();
    new ChannelAlarm(stack, 'Billing', { alarms: manyIn(stack, 100) });
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::CompositeAlarm', 1);
  });

  test.each([0, 101])('fails when it has %p alarms', (number) => {
    const stack = newStack();
    expect(() => new ChannelAlarm(stack, 'Billing', { alarms: manyIn(stack, number) }))
      .toThrow(`Test/Billing: 'alarms' must have from 1 to 100 alarms, got ${number}`);
  });

  test('fails when an alarm is in another region or account, naming both at once', () => {
    const app = new App();
    const stack = new Stack(app, 'Test', { env: environment });
    const elsewhere = new Stack(app, 'Elsewhere', { env: { account: '444455556666', region: 'us-east-1' } });
    expect(() => new ChannelAlarm(stack, 'Billing', { alarms: [alarmIn(elsewhere)] })).toThrow(
      /alarm's region, eu-west-1, got Elsewhere\/Alarm in us-east-1[^]*account, 111122223333, got Elsewhere\/Alarm in 444455556666/,
    );
  });

  test('fails when the runbook has an anchor', () => {
    const stack = newStack();
    expect(() => new ChannelAlarm(stack, 'Billing', { alarms: [alarmIn(stack)], runbookUrl: 'a#b' }))
      .toThrow("Test/Billing: 'runbookUrl' must be an address");
  });

  test('fails when an alarm has one of its actions too, whenever it got it', () => {
    const stack = newStack();
    const [topic, tickets] = [new AlarmTopic(stack, 'Topic'), new AlarmTopic(stack, 'Tickets')];
    const [ringing, filing] = [alarmIn(stack, 'Ringing'), alarmIn(stack, 'Filing')];
    new ChannelAlarm(stack, 'Billing', { alarms: [ringing, filing], actions: [topic] });
    filing.addAlarmAction(tickets);
    expect(stack.node.findChild('Billing').node.validate()).toEqual([]);
    ringing.addAlarmAction(topic);
    expect(stack.node.findChild('Billing').node.validate()).toEqual([
      "'alarms' must not have the actions of the channel, or a failure rings twice: make Test/Ringing without them",
    ]);
  });

  test('takes imported alarms', () => {
    const stack = newStack();
    const imported = cloudwatch.Alarm.fromAlarmArn(stack, 'Imported', 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:other');
    new ChannelAlarm(stack, 'Billing', { alarms: [imported] });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::CompositeAlarm', {
      AlarmRule: '(ALARM("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:other"))',
    });
  });
});
