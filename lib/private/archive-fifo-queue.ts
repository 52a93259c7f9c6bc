import { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { DurableQueue } from '../durable-queue';

/** The queue of one FIFO topic in an archive. */
export function fifoArchiveQueue(scope: Construct, encryptionKey: kms.IKey | undefined): DurableQueue {
  return new DurableQueue(scope, 'Queue', {
    fifo: true,
    // a topic may deduplicate for each message group: a queue that did so for all groups would drop what the topic took
    highThroughput: true,
    // the sequence number tells the order, whenever a message is archived
    deadLettersBreakOrder: true,
    encryptionKey,
    retentionPeriod: Duration.days(14),
  });
}
