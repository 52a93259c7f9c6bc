import type { Construct } from 'constructs';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { FanOutTopic } from '../fan-out-topic';
import { failures, isKnown, must, type Rule } from './validation';

/**
 * How many FIFO topics an archive can have. The archiver is told of the queue of each in its environment, for which Lambda has 4 KB,
 * and an ARN has up to 126 characters.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const FIFO_TOPICS_AT_MOST = 25;

/**
 * The largest message, in bytes, that is sure to fit into SQS in its envelope: JSON writes a character in up to three times its bytes,
 * and 3 KiB are for the rest of the envelope.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html
 */
const MESSAGE_BYTES_AT_MOST = Math.floor((1024 - 3) * 1024 / 3);

/** What must hold of a topic with a queue of its own in the archive, beside those that the archive has already. */
export function fifoTopicRules(topic: FanOutTopic, others: number): Rule[] {
  return [
    must(topic.topic.fifo, `'topic' must be a FIFO topic, got the standard topic ${topic.node.path}. Use 'addTopic'`),
    must(others < FIFO_TOPICS_AT_MOST,
      `'topic' must be one of at most ${FIFO_TOPICS_AT_MOST} FIFO topics: the ARNs of their queues must fit into the 4 KB that Lambda has for the `
      + `environment of the archiver, got ${topic.node.path} as number ${others + 1}. Make another MessageArchive`),
  ];
}

/** Checks when the app is synthesized, as a topic can be changed until then, that every message of a topic fits into the archive's queue. */
export function expectEnvelopesThatFit(archive: Construct, topic: FanOutTopic): void {
  archive.node.addValidation({ validate: () => failures([envelopeRule(topic)]) });
}

function envelopeRule(topic: FanOutTopic): Rule {
  const { maximumMessageSize } = topic.topic.node.defaultChild as sns.CfnTopic;
  return must(
    !isKnown(maximumMessageSize) || maximumMessageSize <= MESSAGE_BYTES_AT_MOST,
    `'maximumMessageSize' of the topic '${topic.node.path}' must be at most ${MESSAGE_BYTES_AT_MOST} bytes, got ${maximumMessageSize}: in its envelope, `
    + 'a larger message can be too large for SQS, and SNS would drop it',
  );
}
