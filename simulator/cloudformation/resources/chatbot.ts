import type { ChatbotService } from '../../chatbot';
import type { SnsService } from '../../sns';
import type { ResourceProvider } from '../provider';

/** Where the service takes the notifications of topics. */
const endpoint = 'https://global.sns-api.chatbot.amazonaws.com';

export function chatbotProviders(chatbot: ChatbotService, sns: SnsService): ResourceProvider[] {
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
        subscriptions: (properties.list<string>('SnsTopicArns') ?? []).map((topicArn) => {
          const { deliveries } = sns.subscribe({ topicArn, protocol: 'https', endpoint });
          return { topicArn, deliveries };
        }),
      });
      return { ref: arn, attributes: { Arn: arn } };
    },
    delete: ({ ref }) => chatbot.delete(ref),
  }];
}
