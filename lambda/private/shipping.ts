import type { Logger } from '@aws-lambda-powertools/logger';
import type { RecordHandler } from './consume';
import { shippingEventTypes } from './event-types';
import { parseOrderEvent, type OrderEvent } from './order';
import { assertHandled } from './unhandled-event-type';

export interface Shipment {
  readonly orderId: string;
  readonly customerId: string;
  /** `pickup` where the order has no address. */
  readonly delivery: 'address' | 'pickup';
  readonly country?: string;
  readonly positions: number;
  readonly pieces: number;
}

export function shipmentOf({ orderId, customerId, items, shippingAddress }: OrderEvent): Shipment {
  return {
    orderId, customerId,
    delivery: shippingAddress ? 'address' : 'pickup',
    country: shippingAddress?.country ?? undefined,
    positions: items.length,
    pieces: items.reduce((sum, { quantity }) => sum + quantity, 0),
  };
}

/** Sends paid orders, and holds back cancelled ones. */
export function createShipping(logger: Logger): RecordHandler {
  return ({ body, messageId }) => {
    const order = parseOrderEvent(body);
    assertHandled(order, shippingEventTypes);
    logger.info(order.eventType === 'OrderPaid' ? 'Shipment sent' : 'Shipment held back', { messageId, ...shipmentOf(order) });
  };
}
