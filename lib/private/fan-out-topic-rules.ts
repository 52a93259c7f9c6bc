import { Duration } from 'aws-cdk-lib';
import type { FanOutTopicProps } from '../fan-out-topic';
import { dataProtectionRules } from './data-protection-rules';
import { isManagedByAws } from './service-key-access';
import { isKnown, must, numberWithin, type Rule, textLike, textWithin, wording } from './validation';

/** What must hold for the properties of a FanOutTopic. */
export function fanOutTopicRules(props: FanOutTopicProps): Rule[] {
  return [
    ...(['contentBasedDeduplication', 'highThroughput'] as const).map((name) =>
      must(props.fifo === true || !props[name], `'${name}' must be left out on a standard topic: it needs 'fifo'`)),
    ...topicNameRules(props),
    textWithin('displayName', props.displayName, 1, 100),
    must(!isManagedByAws(props.encryptionKey),
      "'encryptionKey' must be a customer key: CloudWatch, S3 and EventBridge cannot use a key that AWS manages"),
    numberWithin('successSampleRate', props.successSampleRate, 0, 100),
    must(props.successSampleRate === undefined || isKnown(props.successSampleRate), "'successSampleRate' must be known when the app is synthesized"),
    ...needs(props, 'successSampleRate', 'deliveryStatusLogging'),
    ...needs(props, 'tracingPolicyManagedElsewhere', 'activeTracing'),
    ...archiveRules(props),
    must(!props.fifo || !props.dataProtectionPolicy, "'dataProtectionPolicy' must be left out on a FIFO topic: SNS has it for standard topics only"),
    ...dataProtectionRules(props.dataProtectionPolicy),
    textLike('signatureVersion', props.signatureVersion, /^[12]$/, "be '1' or '2'"),
  ];
}

function needs<Name extends keyof FanOutTopicProps>(props: FanOutTopicProps, name: Name, other: keyof FanOutTopicProps): Rule[] {
  return [must(!props[name] || Boolean(props[other]), `'${name}' must be left out without '${other}'`)];
}

function archiveRules({ archiveRetentionPeriod: period, fifo }: FanOutTopicProps): Rule[] {
  const inForFifo = must(fifo === true || !period, "'archiveRetentionPeriod' must be left out on a standard topic: it needs 'fifo'");
  if (!isKnown(period)) return [inForFifo];
  const days = period.toMilliseconds() / Duration.days(1).toMilliseconds();
  return [inForFifo, must(Number.isInteger(days) && days >= 1 && days <= 365,
    `'archiveRetentionPeriod' must be whole days from 1 to 365, got ${wording(period)}`)];
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
