import type { ChatbotService, Subscription } from '../../chatbot';
import type { SnsService } from '../../sns';
import type { Properties, ResourceProvider } from '../provider';

/** Where the service takes the notifications of topics. */
const endpoint = 'https://global.sns-api.chatbot.amazonaws.com';

export function chatbotProviders(chatbot: ChatbotService, sns: SnsService): ResourceProvider[] {
  const subscribe = (topicArn: string): Subscription => {
    const { arn, deliveries } = sns.subscribe({ topicArn, protocol: 'https', endpoint });
    return { topicArn, arn, deliveries };
  };
  const unsubscribe = (subscriptions: readonly Subscription[]): void => subscriptions.forEach(({ arn }) => sns.unsubscribe(arn));
  return [{
    type: 'AWS::Chatbot::SlackChannelConfiguration',
    modelled: ['ConfigurationName', 'SlackWorkspaceId', 'SlackChannelId', 'SnsTopicArns'],
    withoutEffect: ['IamRoleArn', 'GuardrailPolicies', 'LoggingLevel', 'UserRoleRequired', 'CustomizationResourceArns', 'Tags'],
    replaces: ['ConfigurationName', 'SlackWorkspaceId'],
    namedBy: 'ConfigurationName',
    create({ properties }) {
      const { arn } = chatbot.createSlackChannel({
        name: properties.requiredText('ConfigurationName'),
        workspaceId: properties.requiredText('SlackWorkspaceId'),
        channelId: properties.requiredText('SlackChannelId'),
        subscriptions: topicsOf(properties).map(subscribe),
      });
      return { ref: arn, attributes: { Arn: arn } };
    },
    update({ ref, properties }) {
      const channel = chatbot.channel(ref)!;
      const topics = topicsOf(properties);
      const kept = channel.subscriptions.filter(({ topicArn }) => topics.includes(topicArn));
      unsubscribe(channel.subscriptions.filter((subscription) => !kept.includes(subscription)));
      const added = topics.filter((topicArn) => !kept.some((subscription) => subscription.topicArn === topicArn)).map(subscribe);
      channel.configure(properties.requiredText('SlackChannelId'), [...kept, ...added]);
    },
    delete({ ref }) {
      unsubscribe(chatbot.channel(ref)!.subscriptions);
      chatbot.delete(ref);
    },
  }];
}

function topicsOf(properties: Properties): readonly string[] {
  return properties.list<string>('SnsTopicArns') ?? [];
}
