import { App, Duration, Stack } from 'aws-cdk-lib';
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Simulation } from '../../../simulator';
import { ChatbotService } from '../../../simulator/chatbot';
import { ServiceError, type Place } from '../../../simulator/contracts';
import { documented } from '../documented';

const place: Place = { account: '123456789012', region: 'us-east-1', partition: 'aws', endpoint: '' };
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:Alarms';

function channelWith(...messages: readonly (string | object)[]) {
  const deliveries = messages.map((message, index) => ({
    at: index, messageId: String(index), body: JSON.stringify({ Message: typeof message === 'string' ? message : JSON.stringify(message) }),
  }));
  return new ChatbotService(place).createSlackChannel({ name: 'oncall', workspaceId: 'T1', channelId: 'C1', subscriptions: [{ topicArn: TOPIC, arn: `${TOPIC}:1`, deliveries }] });
}

documented('a Slack channel', 'https://docs.aws.amazon.com/chatbot/latest/adminguide/related-services.html', () => {
  test('shows an alarm with its name, state, description and reason', () => {
    const alarm = { AlarmName: 'Age', NewStateValue: 'ALARM', AlarmDescription: 'Too old.', NewStateReason: 'Threshold Crossed' };
    expect(channelWith(alarm).notifications).toEqual([
      { at: 0, topicArn: TOPIC, alarm: 'Age', state: 'ALARM', text: 'ALARM: "Age"\nToo old.\nThreshold Crossed' },
    ]);
  });
});

documented('custom notifications', 'https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html', () => {
  test('are shown in the channel', () => {
    const content = { title: 'Release', description: 'Version 2 is out' };
    expect(channelWith({ version: '1.0', source: 'custom', content }).notifications.map(({ text }) => text)).toEqual(['Release\nVersion 2 is out']);
  });

  test.each<[string, string | object]>([
    ['plain text', 'good morning'], ['JSON of no service', { orderId: 1 }], ['a list', [1]], ['nothing', 'null'], ['a number', '5'], ['an alarm without a state', { AlarmName: 'Age' }], ['a state without an alarm', { NewStateValue: 'OK' }], ['a custom notification of another version', { version: '2', source: 'custom', content: { description: 'x' } }],
    ['a notification of another source', { version: '1.0', source: 'shop', content: { description: 'x' } }],
    ['a custom notification without a description', { version: '1.0', source: 'custom', content: {} }],
  ])('%s is not shown', (_, message) => {
    expect(channelWith(message).notifications).toEqual([]);
  });
});

test('what is delivered without a text is not shown', () => {
  const deliveries = ['{"Message":5}', '{}', 'no JSON'].map((body, at) => ({ at, messageId: String(at), body }));
  const channel = new ChatbotService(place).createSlackChannel({
    name: 'oncall', workspaceId: 'T1', channelId: 'C1', subscriptions: [{ topicArn: TOPIC, arn: `${TOPIC}:1`, deliveries }],
  });
  expect(channel.notifications).toEqual([]);
});

describe('a configuration of a Slack channel', () => {
  test('has the notifications of all its topics in the order of time', () => {
    const alarm = (AlarmName: string) => JSON.stringify({ Message: JSON.stringify({ AlarmName, NewStateValue: 'OK' }) });
    const channel = new ChatbotService(place).createSlackChannel({
      name: 'oncall', workspaceId: 'T1', channelId: 'C1', subscriptions: [
        { topicArn: 'one', arn: 'one:1', deliveries: [{ at: 1, messageId: '1', body: alarm('a') }, { at: 3, messageId: '3', body: alarm('c') }] },
        { topicArn: 'two', arn: 'two:1', deliveries: [{ at: 2, messageId: '2', body: alarm('b') }] },
      ],
    });
    expect(channel.notifications.map((each) => each.alarm)).toEqual(['a', 'b', 'c']);
    expect([channel.arn, channel.workspaceId, channel.channelId])
      .toEqual(['arn:aws:chatbot::123456789012:chat-configuration/slack-channel/oncall', 'T1', 'C1']);
  });

  test('has a name that no other configuration has', () => {
    const chatbot = new ChatbotService(place);
    const create = () => chatbot.createSlackChannel({ name: 'oncall', workspaceId: 'T1', channelId: 'C1', subscriptions: [] });
    const { arn } = create();
    expect(create).toThrow(ServiceError);
    chatbot.delete(arn);
    expect(create).not.toThrow();
  });
});

describe('a channel that is changed', () => {
  test('has another ID, and other topics', () => {
    const channel = channelWith();
    channel.configure('C2', [{ topicArn: 'two', arn: 'two:1', deliveries: [] }]);
    expect([channel.channelId, channel.workspaceId, channel.subscriptions.map(({ topicArn }) => topicArn)]).toEqual(['C2', 'T1', ['two']]);
  });
});

documented('an updated configuration', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-chatbot-slackchannelconfiguration.html', () => {
  function stackWith(topicIds: readonly string[], slackChannelId: string): Stack {
    const stack = new Stack(new App(), 'Shop');
    const topics = ['First', 'Second'].map((id) => new Topic(stack, id));
    new SlackChannelConfiguration(stack, 'OnCall', {
      slackChannelConfigurationName: 'oncall', slackWorkspaceId: 'T1', slackChannelId, notificationTopics: topics.filter(({ node }) => topicIds.includes(node.id)),
    });
    return stack;
  }
  const custom = (description: string) => JSON.stringify({ version: '1.0', source: 'custom', content: { description } });

  test('shows from then on what its topics of now bring, each once, and keeps what was shown', async () => {
    const simulation = await Simulation.start(stackWith(['First'], 'C1'));
    const publish = async (text: string) => {
      for (const id of ['First', 'Second']) await simulation.topic(id).publish(custom(`${text} ${id}`));
      await simulation.advance(Duration.minutes(1));
      return simulation.slackChannel('OnCall').notifications.map((each) => each.text);
    };
    expect(await publish('one')).toEqual(['one First']);
    await simulation.update(stackWith(['First', 'Second'], 'C2'));
    expect(await publish('two')).toEqual(['one First', 'two First', 'two Second']);
    await simulation.update(stackWith(['Second'], 'C2'));
    expect(await publish('three')).toEqual(['one First', 'two First', 'two Second', 'three Second']);
    expect(simulation.topic('First').tally.delivered).toBe(2);
    await simulation.stop();
  });
});
