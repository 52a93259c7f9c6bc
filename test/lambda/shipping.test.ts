import { Logger } from '@aws-lambda-powertools/logger';
import { parseOrderEvent } from '../../lambda/private/order';
import { createShipping, shipmentOf } from '../../lambda/private/shipping';
import { order, orderBody, sqsRecord } from './factories';

const setUp = () => {
  const logger = new Logger({ logLevel: 'SILENT' });
  const info = jest.spyOn(logger, 'info');
  const ship = createShipping(logger);
  return { info, ship: async (body: string) => ship(sqsRecord({ body })) };
};

describe('shipping', () => {
  test.each([
    ['OrderPaid', 'Shipment sent'],
    ['OrderCancelled', 'Shipment held back'],
  ])('logs the shipment when it hears %s, without name, street or note', async (eventType, message) => {
    const { info, ship } = setUp();
    await ship(orderBody({ eventType }));
    expect(info.mock.calls).toEqual([[message, {
      messageId: '00000000-0000-4000-8000-000000000001', orderId: 'O-1', customerId: 'C-1', delivery: 'address', country: 'PL',
      positions: 2, pieces: 3,
    }]]);
  });

  test.each([[null], [undefined]])('leaves an order whose address is %s to be picked up', (shippingAddress) => {
    const shipment = shipmentOf(parseOrderEvent(JSON.stringify(order({ eventType: 'OrderPaid', shippingAddress }))));
    expect(shipment).toMatchObject({ delivery: 'pickup', country: undefined });
  });

  test.each(['OrderPlaced', 'OrderReturned', 'OrderRefunded'])('rejects %s, which its filter policy should keep out', async (eventType) => {
    const { info, ship } = setUp();
    await expect(ship(orderBody({ eventType }))).rejects.toThrow(`'eventType' must be one of OrderPaid, OrderCancelled, got ${eventType}`);
    expect(info).not.toHaveBeenCalled();
  });

  test('rejects a malformed event', async () => {
    await expect(setUp().ship(orderBody({ eventType: 'OrderPaid', items: [] }))).rejects.toThrow('\'items\'');
  });
});
