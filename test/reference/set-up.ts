import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { OrderMessagingStack, type OrderMessagingStackProps } from '../../lib';

const { context } = JSON.parse(readFileSync(join(__dirname, '../../cdk.json'), 'utf8')) as { context: Record<string, unknown> };

export const costTags = { application: 'order-messaging', environment: 'test', owner: 'orders', costCenter: '4711' };

/** The reference stack with the feature flags of cdk.json, as it is deployed. */
export function referenceStack(props: Partial<OrderMessagingStackProps> = {}): OrderMessagingStack {
  return new OrderMessagingStack(new App({ context }), 'OrderMessaging', { costTags, ...props });
}

let nextOrder = 1;

/** An order that every consumer takes. */
export function order(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    orderId: `order-${nextOrder++}`, eventType: 'OrderPlaced', customerId: 'customer-1', placedAt: '2026-01-05T09:00:00.000Z', currency: 'EUR',
    items: [{ sku: 'CUP-1', name: 'Cup', quantity: 2, unitPrice: 7.25 }], total: 14.5, shippingAddress: null, note: null, ...changes,
  };
}
