import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GetObjectCommandInput, PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { Logger } from '@aws-lambda-powertools/logger';
import { App } from 'aws-cdk-lib';
import { createArchiver } from '../lambda/private/archiver';
import type { Publisher } from '../lambda/private/batch-publisher';
import { createBilling } from '../lambda/private/billing';
import { consume, consumeInOrder } from '../lambda/private/consume';
import { createPayments } from '../lambda/private/payments';
import { createReports } from '../lambda/private/reports';
import { createShipping } from '../lambda/private/shipping';
import { createUploads } from '../lambda/private/uploads';
import { OrderMessagingStack } from '../lib';
import type { Simulation } from '../simulator';

export const costTags = { application: 'order-messaging', environment: 'benchmark', owner: 'orders', costCenter: '4711' };

export function referenceStack(): OrderMessagingStack {
  const { context } = JSON.parse(readFileSync(join(process.cwd(), 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
  return new OrderMessagingStack(new App({ context }), 'OrderMessaging', { costTags });
}

function publisher(simulation: Simulation, path: string): Publisher {
  const topic = simulation.topic(path);
  return { publish: async ({ body, ...options }) => { await topic.publish(body, options); } };
}

/** A client that can put objects and get them, and nothing else. */
function objects(simulation: Simulation): Pick<S3Client, 'send'> {
  const send = async ({ input }: { input: GetObjectCommandInput & PutObjectCommandInput }): Promise<object> => {
    const bucket = simulation.buckets.find(({ name }) => name === input.Bucket)!;
    if (input.Body !== undefined) {
      bucket.put(input.Key!, input.Body as Buffer | string);
      return {};
    }
    const { body } = bucket.objects.find(({ key }) => key === input.Key)!;
    return { Body: { transformToByteArray: async () => body } };
  };
  return { send } as Pick<S3Client, 'send'>;
}

/** All of the stack's own handlers, in this process; where the bundles call AWS over HTTP, they call the simulation itself. */
export function runHandlersInProcess(simulation: Simulation): void {
  const logger = new Logger({ logLevel: 'SILENT' });
  const orders = publisher(simulation, 'Orders');
  const payments = publisher(simulation, 'PaymentRequests');
  const client = objects(simulation);
  const handlers = {
    BillingFunction: consume(createBilling(payments, logger), logger),
    ShippingFunction: consume(createShipping(logger), logger),
    PaymentsFunction: consumeInOrder(createPayments(orders, logger), logger),
    ReportsFunction: consume(createReports(client, simulation.bucket('Documents').name, logger), logger),
    UploadsFunction: consume(createUploads(client, orders, logger), logger),
    'Archive/Archiver': createArchiver({
      client, logger, bucket: simulation.bucket('Archive').name, prefix: '',
      topicQueues: [simulation.queue('Archive/Queue').arn],
    }),
  };
  for (const [path, handler] of Object.entries(handlers)) simulation.function(path).handler = handler;
  // CDK's own function runs only while the stack is deployed.
  const others = simulation.functions.map(({ path }) => path).filter((path) => !Object.hasOwn(handlers, path) && !path.startsWith('BucketNotifications'));
  if (others.length > 0) throw new Error(`every handler must run in this process, those of ${others.join(', ')} do not`);
}

/** An order that every consumer takes, or one that none does. */
export function order(number: number, total: unknown = 14.5): object {
  return {
    orderId: `order-${number}`, eventType: 'OrderPlaced', customerId: `customer-${number % 5000}`, placedAt: '2026-01-05T09:00:00.000Z',
    currency: 'EUR', items: [{ sku: 'CUP-1', name: 'Cup', quantity: 2, unitPrice: 7.25 }], total, shippingAddress: null, note: null,
  };
}

export const orderPlaced = { attributes: { eventType: 'OrderPlaced' } };
