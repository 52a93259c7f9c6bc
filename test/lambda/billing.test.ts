import { createBilling } from '../../lambda/private/billing';
import { consume } from '../../lambda/private/consume';
import { context, failedIds, order, orderBody, RecordingPublisher, silent, sqsEvent, sqsRecord } from './factories';

const setUp = () => {
  const payments = new RecordingPublisher();
  const bill = createBilling(payments, silent);
  return { payments, bill: async (body: string) => bill(sqsRecord({ body })), handler: consume(bill, silent) };
};

describe('billing', () => {
  test.each([
    ['OrderPlaced', 'charge'],
    ['OrderCancelled', 'refund'],
    ['OrderReturned', 'refund'],
  ])('asks for a payment when it hears %s: a %s of the total', async (eventType, kind) => {
    const { payments, bill } = setUp();
    await bill(orderBody({ eventType }));
    expect(payments.publications).toHaveLength(1);
    const { orderId, customerId, placedAt, currency, items, discount, shippingAddress } = order();
    expect(JSON.parse(payments.publications[0].body)).toEqual({
      eventType: 'PaymentRequested', kind, amount: 30, orderId, customerId, placedAt, currency, items, discount, shippingAddress,
    });
    expect(payments.publications[0].attributes).toEqual({ eventType: 'PaymentRequested', kind });
  });

  test('keeps the payments of a customer in order by the message group, whatever the order', async () => {
    const { payments, bill } = setUp();
    await bill(orderBody());
    await bill(orderBody({ orderId: 'O-2' }));
    expect(payments.publications.map(({ messageGroupId }) => messageGroupId)).toEqual(['C-1', 'C-1']);
  });

  test('deduplicates by order and kind of payment, so that an order is charged once and refunded once', async () => {
    const { payments, bill } = setUp();
    for (const body of [orderBody(), orderBody({ note: 'sent again' }), orderBody({ eventType: 'OrderCancelled' }),
      orderBody({ eventType: 'OrderReturned' }), orderBody({ orderId: 'O-2' })]) await bill(body);
    const [charge, again, cancelled, returned, other] = payments.publications.map((each) => each.messageDeduplicationId);
    expect(charge).toMatch(/^[0-9a-f]{64}$/);
    expect(again).toBe(charge);
    expect(returned).toBe(cancelled);
    expect(new Set([charge, cancelled, other]).size).toBe(3);
  });

  test('leaves out what payments and shipping do not need', async () => {
    const { payments, bill } = setUp();
    await bill(orderBody({ note: 'x'.repeat(240_000), tags: ['a'] }));
    expect(payments.publications[0].body.length).toBeLessThan(1000);
  });

  test.each(
    ['OrderPaid', 'OrderRefunded', 'OrderViewed', 'OrderTracked'],
  )('rejects %s, which its filter policy should keep out', async (eventType) => {
    const { payments, bill } = setUp();
    await expect(bill(orderBody({ eventType }))).rejects.toThrow(
      `'eventType' must be one of OrderPlaced, OrderCancelled, OrderReturned, got ${eventType}`,
    );
    expect(payments.publications).toEqual([]);
  });

  test('reports the messages that it rejects and those whose payment was refused, and no others', async () => {
    const { payments, handler } = setUp();
    payments.refuses = ({ body }) => body.includes('O-refused');
    const response = await handler(sqsEvent(
      sqsRecord({ messageId: 'good', body: orderBody() }),
      sqsRecord({ messageId: 'poison', body: orderBody({ total: 'not a number' }) }),
      sqsRecord({ messageId: 'refused', body: orderBody({ orderId: 'O-refused' }) }),
      sqsRecord({ messageId: 'text', body: 'hello' }),
    ), context);
    expect(failedIds(response).sort()).toEqual(['poison', 'refused', 'text']);
    expect(payments.publications).toHaveLength(1);
  });
});
