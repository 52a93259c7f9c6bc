import { createBilling } from '../../lambda/private/billing';
import { consumeInOrder } from '../../lambda/private/consume';
import { parseOrderEvent } from '../../lambda/private/order';
import { createPayments } from '../../lambda/private/payments';
import { context, failedIds, orderBody, RecordingPublisher, sentTimestamp, silent, sqsEvent, sqsRecord } from './factories';

/** What billing asks for when it hears an order event. */
async function paymentBody(changes: Record<string, unknown> = {}): Promise<string> {
  const payments = new RecordingPublisher();
  await createBilling(payments, silent)(sqsRecord({ body: orderBody(changes) }));
  return payments.publications[0].body;
}

const setUp = () => {
  const orders = new RecordingPublisher();
  return { orders, handler: consumeInOrder(createPayments(orders, silent), silent) };
};

const paid = (orders: RecordingPublisher): string[] => orders.publications.map(({ body }) => parseOrderEvent(body).orderId);

describe('payments', () => {
  test.each([
    ['OrderPlaced', 'OrderPaid'],
    ['OrderReturned', 'OrderRefunded'],
  ])('answers the payment for %s with %s, which carries what shipping needs', async (eventType, outcome) => {
    const { orders, handler } = setUp();
    await handler(sqsEvent(sqsRecord({ body: await paymentBody({ eventType }), attributes: { MessageGroupId: 'C-1' } })), context);
    expect(orders.publications).toHaveLength(1);
    const [{ body, attributes, messageGroupId }] = orders.publications;
    expect(JSON.parse(body)).toEqual(JSON.parse(orderBody({
      note: undefined, eventType: outcome, paidAt: new Date(sentTimestamp).toISOString(),
    })));
    expect(attributes).toEqual({ eventType: outcome });
    expect(messageGroupId).toBeUndefined();
    expect(parseOrderEvent(body).eventType).toBe(outcome);
  });

  test('says the same when a message is delivered again', async () => {
    const { orders, handler } = setUp();
    const record = sqsRecord({ body: await paymentBody() });
    await handler(sqsEvent(record), context);
    await handler(sqsEvent({ ...record, attributes: { ...record.attributes, ApproximateReceiveCount: '2' } }), context);
    expect(orders.publications[1]).toEqual(orders.publications[0]);
  });

  test('rejects an order event and a negative amount', async () => {
    const { orders, handler } = setUp();
    const negative = (await paymentBody()).replace('"amount":30', '"amount":-30');
    const response = await handler(sqsEvent(
      sqsRecord({ messageId: 'order', body: orderBody(), attributes: { MessageGroupId: 'A' } }),
      sqsRecord({ messageId: 'negative', body: negative, attributes: { MessageGroupId: 'B' } }),
    ), context);
    expect(failedIds(response).sort()).toEqual(['negative', 'order']);
    expect(orders.publications).toEqual([]);
  });

  test('stops a customer\'s payments at the first failure, and goes on with the other customers', async () => {
    const { orders, handler } = setUp();
    orders.refuses = ({ body }) => body.includes('"A2"');
    const records = await Promise.all(['A1', 'B1', 'A2', 'B2', 'A3', 'C1'].map(async (orderId) => sqsRecord({
      messageId: orderId, body: await paymentBody({ orderId }), attributes: { MessageGroupId: orderId[0] },
    })));
    const response = await handler(sqsEvent(...records), context);
    expect(failedIds(response).sort()).toEqual(['A2', 'A3']);
    expect(paid(orders).sort()).toEqual(['A1', 'B1', 'B2', 'C1']);
  });

  test('publishes a customer\'s payments in their order, one after the other', async () => {
    const { orders, handler } = setUp();
    const publish = orders.publish.bind(orders);
    let inFlight = 0;
    let most = 0;
    orders.publish = async (publication) => {
      most = Math.max(most, ++inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      await publish(publication);
      inFlight--;
    };
    const records = await Promise.all(['O-1', 'O-2', 'O-3'].map(async (orderId) => sqsRecord({
      messageId: orderId, body: await paymentBody({ orderId }), attributes: { MessageGroupId: 'C-1' },
    })));
    expect(failedIds(await handler(sqsEvent(...records), context))).toEqual([]);
    expect(paid(orders)).toEqual(['O-1', 'O-2', 'O-3']);
    expect(most).toBe(1);
  });
});
