import { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { MessageArchiveProps } from '../message-archive';
import { QueueConsumer } from '../queue-consumer';

/** Lambda's limit for a FIFO queue, which has no batching window either. */
const FIFO_BATCH_AT_MOST = 10;

/** What brings the messages of queues to the archiver. */
export class ArchiveConsumers {
  private readonly batchSize: number;
  private readonly maxBatchingWindow: Duration;

  constructor(private readonly handler: lambda.IFunction, props: Pick<MessageArchiveProps, 'batchSize' | 'maxBatchingWindow'>) {
    this.batchSize = props.batchSize ?? 1000;
    this.maxBatchingWindow = props.maxBatchingWindow ?? Duration.seconds(60);
  }

  add(scope: Construct, id: string, queue: sqs.IQueue): QueueConsumer {
    const { handler, batchSize, maxBatchingWindow } = this;
    return new QueueConsumer(scope, id, {
      queue,
      handler,
      ...(queue.fifo ? { batchSize: Math.min(batchSize, FIFO_BATCH_AT_MOST) } : { batchSize, maxBatchingWindow }),
    });
  }
}
