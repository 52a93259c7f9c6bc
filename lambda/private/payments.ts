import type { Logger } from '@aws-lambda-powertools/logger';
import type { Publisher } from './batch-publisher';
import type { RecordHandler } from './consume';
import { outcomeOf, parsePayment } from './payment';

/** Takes each payment and sends the order on to its next step. */
export function createPayments(orders: Publisher, logger: Logger): RecordHandler {
  return async ({ body, messageId, attributes }) => {
    const payment = parsePayment(body);
    const outcome = outcomeOf(payment, new Date(Number(attributes.SentTimestamp)));
    await orders.publish({ body: JSON.stringify(outcome), attributes: { eventType: outcome.eventType } });
    const { orderId, kind, amount, currency } = payment;
    logger.info('Payment taken', { messageId, orderId, kind, amount, currency });
  };
}
