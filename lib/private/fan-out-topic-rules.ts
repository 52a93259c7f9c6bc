import type { FanOutTopicProps } from '../fan-out-topic';
import { isManagedByAws } from './service-key-access';
import { isKnown, must, type Rule, textLike, textWithin } from './validation';

/** What must hold for the properties of a FanOutTopic. */
export function fanOutTopicRules(props: FanOutTopicProps): Rule[] {
  return [
    ...(['contentBasedDeduplication', 'highThroughput'] as const).map((name) =>
      must(props.fifo === true || !props[name], `'${name}' must be left out on a standard topic: it needs 'fifo'`)),
    ...topicNameRules(props),
    textWithin('displayName', props.displayName, 1, 100),
    must(!isManagedByAws(props.encryptionKey),
      "'encryptionKey' must be a customer key: CloudWatch, S3 and EventBridge cannot use a key that AWS manages"),
  ];
}

function topicNameRules({ topicName, fifo }: FanOutTopicProps): Rule[] {
  if (!isKnown(topicName)) return [];
  return [
    textWithin('topicName', topicName, 1, 256),
    textLike('topicName', topicName.replace(/\.fifo$/, ''), /^[\w-]*$/, 'have only letters, digits, hyphens and underscores'),
    must(topicName.endsWith('.fifo') === (fifo === true),
      `'topicName' must ${fifo ? '' : 'not '}end in '.fifo' on a ${fifo ? 'FIFO' : 'standard'} topic, got '${topicName}'`),
  ];
}
