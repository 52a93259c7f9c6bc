/**
 * The event types of the order domain, in the message attribute and the body member `eventType`. The filter policies of the
 * topic's subscriptions follow from these lists:
 *
 * | queue    | filter policy on `eventType`                                                     |
 * |----------|----------------------------------------------------------------------------------|
 * | Billing  | anything but `informationalEventTypes` and `outcomeEventTypes`, or no attribute  |
 * | Shipping | `shippingEventTypes`                                                             |
 *
 * Billing takes what it does not know, and what bears no event type, so that a broken event ends in a dead-letter queue
 * instead of being filtered out by every subscription. A message without any attribute is filtered out all the same: that is
 * how SNS works, so publishers set at least one.
 */
export const billingEventTypes = ['OrderPlaced', 'OrderCancelled', 'OrderReturned'] as const;

/** What the payments consumer answers with. Billing must not hear it, or a payment would ask for the next one. */
export const outcomeEventTypes = ['OrderPaid', 'OrderRefunded'] as const;

/** Of interest to the archive only. */
export const informationalEventTypes = ['OrderViewed', 'OrderTracked'] as const;

export const shippingEventTypes = ['OrderPaid', 'OrderCancelled'] as const;

export const orderEventTypes = [...billingEventTypes, ...outcomeEventTypes, ...informationalEventTypes] as const;

export type OrderEventType = (typeof orderEventTypes)[number];
export type BillingEventType = (typeof billingEventTypes)[number];
export type ShippingEventType = (typeof shippingEventTypes)[number];
