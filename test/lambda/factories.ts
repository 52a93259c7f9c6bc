import { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Publication, Publisher } from '../../lambda/private/batch-publisher';

export const context = {
  functionName: 'Consumer', functionVersion: '$LATEST', memoryLimitInMB: '128', awsRequestId: '11111111-2222-4333-8444-555555555555',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:Consumer',
} as Context;

export const silent = new Logger({ logLevel: 'SILENT' });

/** Sent on 2026-01-05 at 09:00 UTC. */
export const sentTimestamp = Date.UTC(2026, 0, 5, 9);

export interface RecordChanges extends Partial<Omit<SQSRecord, 'attributes'>> {
  readonly attributes?: Partial<SQSRecord['attributes']>;
}

export function sqsRecord({ attributes, ...changes }: RecordChanges = {}): SQSRecord {
  return {
    messageId: '00000000-0000-4000-8000-000000000001',
    receiptHandle: 'handle',
    body: 'hello',
    attributes: {
      ApproximateReceiveCount: '1', ApproximateFirstReceiveTimestamp: String(sentTimestamp + 5), SenderId: 'AIDAEXAMPLE',
      SentTimestamp: String(sentTimestamp), ...attributes,
    },
    messageAttributes: {},
    md5OfBody: '5d41402abc4b2a76b9719d911017c592',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:Queue',
    awsRegion: 'eu-west-1',
    ...changes,
  };
}

export const sqsEvent = (...records: SQSRecord[]): SQSEvent => ({ Records: records });

export const failedIds = ({ batchItemFailures }: SQSBatchResponse): string[] =>
  batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

export function order(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    orderId: 'O-1', eventType: 'OrderPlaced', customerId: 'C-1', placedAt: '2026-01-05T08:59:00.000Z', currency: 'EUR',
    items: [
      { sku: 'MUG-1', name: 'Enamel mug', quantity: 2, unitPrice: 12.5 },
      { sku: 'TEA-1', name: '緑茶', quantity: 1, unitPrice: 8.9 },
    ],
    discount: 3.9, total: 30,
    shippingAddress: { name: 'Żelisława Wrzoścień', street: 'ul. Źródlana 12/4', city: 'Łąkowiec', country: 'PL' },
    note: 'Please ring twice.',
    ...changes,
  };
}

export const orderBody = (changes: Record<string, unknown> = {}): string => JSON.stringify(order(changes));

/** Keeps what it is given, and refuses what a test tells it to. */
export class RecordingPublisher implements Publisher {
  readonly publications: Publication[] = [];
  refuses: (publication: Publication) => boolean = () => false;

  async publish(publication: Publication): Promise<void> {
    await Promise.resolve();
    if (this.refuses(publication)) throw new Error('refused');
    this.publications.push(publication);
  }
}

interface Command {
  readonly input: Record<string, unknown>;
}

/** Stands in for a client of the AWS SDK: answers with what `answer` makes of each command's input. */
export function stubClient<Client extends { send: unknown }>(
  answer: (input: never) => unknown = () => ({}),
): { client: Pick<Client, 'send'>; inputs: Record<string, unknown>[] } {
  const inputs: Record<string, unknown>[] = [];
  const send = (command: Command): Promise<unknown> => {
    inputs.push(command.input);
    return Promise.resolve().then(() => answer(command.input as never));
  };
  return { client: { send }, inputs };
}
