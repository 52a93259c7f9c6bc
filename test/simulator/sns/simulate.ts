import type { MessageAttribute } from '../../../simulator/contracts';
import { SnsService, type Authorize, type SubscriptionProperties, type TopicProperties } from '../../../simulator/sns';
import { place, queueArn, surroundings } from './fakes';

export const text = (stringValue: string): MessageAttribute => ({ dataType: 'String', stringValue });

/** SNS among queues and functions that only keep what they get. */
export function simulate(authorize?: Authorize) {
  const around = surroundings();
  const sns = new SnsService(around.clock, around.events, around.random, place, around.directory, authorize);
  return {
    ...around,
    sns,
    call: (operation: string, input: Record<string, unknown> = {}) => sns.call(operation, input, { principal: place.account }),
    topic: (properties: Partial<TopicProperties> = {}) => sns.createTopic({ name: properties.fifo ? 'orders.fifo' : 'orders', ...properties }),
    subscribe: (topicArn: string, name: string, more: Partial<SubscriptionProperties> = {}) =>
      sns.subscribe({ topicArn, protocol: 'sqs', endpoint: queueArn(name), ...more }),
    actions: () => around.snsEvents.map(({ action }) => action),
  };
}
