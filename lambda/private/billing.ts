import type { Logger } from '@aws-lambda-powertools/logger';
import type { Publisher } from './batch-publisher';
import type { RecordHandler } from './consume';
import { billingEventTypes } from './event-types';
import { parseOrderEvent } from './order';
import { deduplicationIdOf, paymentFor } from './payment';
import { assertHandled } from './unhandled-event-type';

/** Turns each order event into the payment that it asks for. Rejects what is malformed, and events that are not for billing. */
export function createBilling(payments: Publisher, logger: Logger): RecordHandler {
  return async ({ body, messageId }) => {
    const order = parseOrderEvent(body);
    assertHandled(order, billingEventTypes);
    const payment = paymentFor(order);
    await payments.publish({
      body: JSON.stringify(payment),
      attributes: { eventType: payment.eventType, kind: payment.kind },
      messageGroupId: payment.customerId,
      messageDeduplicationId: deduplicationIdOf(payment),
    });
    const { orderId, kind, amount, currency } = payment;
    logger.info('Payment requested', { messageId, orderId, kind, amount, currency });
  };
}
