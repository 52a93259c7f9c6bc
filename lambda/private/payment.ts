import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { BillingEventType } from './event-types';
import { parseJson } from './malformed-message';
import { orderMembers, type OrderEvent } from './order';

const paymentRequested = z.object({
  ...orderMembers,
  eventType: z.literal('PaymentRequested'),
  kind: z.enum(['charge', 'refund']),
  /** In units of the currency; never negative, `kind` says which way it goes. */
  amount: z.number().check(z.gte(0)),
});

/** A payment to take or to give back, with everything of the order that shipping needs. */
export type PaymentRequested = z.output<typeof paymentRequested>;

export type PaymentOutcome = OrderEvent & { readonly paidAt: string };

export function paymentFor(order: OrderEvent & { eventType: BillingEventType }): PaymentRequested {
  const { orderId, customerId, placedAt, currency, items, discount, shippingAddress, total } = order;
  return {
    eventType: 'PaymentRequested', kind: order.eventType === 'OrderPlaced' ? 'charge' : 'refund', amount: total,
    orderId, customerId, placedAt, currency, items, discount, shippingAddress,
  };
}

/**
 * One charge and one refund an order, whichever event asks for it and however often. Hashed, so that an order ID of any length
 * makes a deduplication ID of the 128 characters that SNS allows.
 */
export function deduplicationIdOf({ orderId, kind }: Pick<PaymentRequested, 'orderId' | 'kind'>): string {
  return createHash('sha256').update(`${kind}\n${orderId}`).digest('hex');
}

/** @throws MalformedMessageError */
export function parsePayment(body: string): PaymentRequested {
  return parseJson(paymentRequested, 'The payment request', body);
}

/** The event that follows from a payment. `paidAt` comes from the message, so that a retry says the same. */
export function outcomeOf(payment: PaymentRequested, paidAt: Date): PaymentOutcome {
  const { kind, amount, orderId, customerId, placedAt, currency, items, discount, shippingAddress } = payment;
  return {
    eventType: kind === 'charge' ? 'OrderPaid' : 'OrderRefunded',
    orderId, customerId, placedAt, currency, items, discount, total: amount, shippingAddress, paidAt: paidAt.toISOString(),
  };
}
