import { MalformedMessageError } from '../../lambda/private/malformed-message';
import { parseOrderEvent } from '../../lambda/private/order';
import { order, orderBody } from './factories';

const item = { sku: 'A', name: 'A', quantity: 1, unitPrice: 10 };

describe('parseOrderEvent accepts', () => {
  test.each<[string, Record<string, unknown>]>([
    ['an order with every member', {}],
    ['an order without its optional members', { discount: undefined, total: 33.9, shippingAddress: undefined, note: undefined }],
    ['nulls for optional members', { discount: null, total: 33.9, shippingAddress: null, note: null }],
    ['an empty note and an address of empty members', { note: '', shippingAddress: { name: '', city: null } }],
    ['an order that costs nothing', { items: [{ ...item, unitPrice: 0 }], discount: undefined, total: 0 }],
    ['a total that is 0.01 above its items', { total: 30.01 }],
    ['a total that is 0.01 below its items', { total: 29.99 }],
    ['a sum that binary fractions miss', { items: [{ ...item, quantity: 3, unitPrice: 0.1 }], discount: 0, total: 0.3 }],
    ['a placement time with an offset', { placedAt: '2026-01-05T09:59:00+01:00' }],
    ['a currency that has ended, for returns', { currency: 'BGN' }],
    ['a customer ID of 128 characters', { customerId: 'c'.repeat(128) }],
    ['members that it does not know', { tags: [], reason: 'size' }],
  ])('%s', (_, changes) => {
    expect(parseOrderEvent(orderBody(changes)).orderId).toBe('O-1');
  });
});

describe('parseOrderEvent rejects', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['a total that is text', { total: 'not a number' }, '\'total\''],
    ['a negative total', { total: -30 }, '\'total\''],
    ['a total that is 0.02 above its items', { total: 30.02 }, '\'total\': must be the sum of the items minus the discount, within 0.01'],
    ['a total that is 0.02 below its items', { total: 29.98 }, '\'total\''],
    ['a negative quantity', { items: [{ ...item, quantity: -1 }], total: -10, discount: 0 }, '\'items.0.quantity\''],
    ['a quantity of 0', { items: [{ ...item, quantity: 0 }], total: 0, discount: 0 }, '\'items.0.quantity\''],
    ['a fractional quantity', { items: [{ ...item, quantity: 1.5 }], total: 15, discount: 0 }, '\'items.0.quantity\''],
    ['a quantity that is text', { items: [{ ...item, quantity: '1' }], total: 10, discount: 0 }, '\'items.0.quantity\''],
    ['a negative price', { items: [{ ...item, unitPrice: -1 }], total: 0, discount: 0 }, '\'items.0.unitPrice\''],
    ['a negative discount', { discount: -1, total: 34.9 }, '\'discount\''],
    ['an item without a stock-keeping unit', { items: [{ ...item, sku: '' }], total: 10, discount: 0 }, '\'items.0.sku\''],
    ['no items', { items: [], total: 0, discount: 0 }, '\'items\''],
    ['items that are no list', { items: {} }, '\'items\''],
    ['no order ID', { orderId: undefined }, '\'orderId\''],
    ['an empty order ID', { orderId: '' }, '\'orderId\''],
    ['no customer ID', { customerId: undefined }, '\'customerId\''],
    ['a customer ID that cannot be a message group ID', { customerId: 'two words' }, '\'customerId\''],
    ['a customer ID of 129 characters', { customerId: 'c'.repeat(129) }, '\'customerId\''],
    ['an unknown event type', { eventType: 'OrderTeleported' }, '\'eventType\''],
    ['no event type', { eventType: undefined }, '\'eventType\''],
    ['an unknown currency', { currency: 'ZZZ' }, '\'currency\': must be a currency code of ISO 4217'],
    ['a currency in lower case', { currency: 'eur' }, '\'currency\''],
    ['a placement time that is none', { placedAt: 'yesterday' }, '\'placedAt\''],
    ['a placement day that no calendar has', { placedAt: '2026-02-30T08:00:00Z' }, '\'placedAt\''],
    ['an address that is text', { shippingAddress: 'Łąkowiec' }, '\'shippingAddress\''],
    ['a city that is a number', { shippingAddress: { city: 7 } }, '\'shippingAddress.city\''],
    ['a note that is an object', { note: {} }, '\'note\''],
  ])('%s', (_, changes, message) => {
    expect(() => parseOrderEvent(orderBody(changes))).toThrow(MalformedMessageError);
    expect(() => parseOrderEvent(orderBody(changes))).toThrow(message);
  });

  test.each([
    ['a truncated order', orderBody().slice(0, 50), 'The order event is not JSON (50 bytes)'],
    ['plain text', 'hello', 'is not JSON'],
    ['an empty body', '', 'is not JSON'],
    ['XML', '<order/>', 'is not JSON'],
    ['an array', JSON.stringify([order()]), 'is malformed: Invalid input: expected object, received array'],
    ['a number', '42', 'expected object, received number'],
    ['null', 'null', 'expected object, received null'],
    ['a number beyond what JavaScript can hold', orderBody().replace('"total":30', '"total":1e999'), '\'total\''],
  ])('%s', (_, body, message) => {
    expect(() => parseOrderEvent(body)).toThrow(MalformedMessageError);
    expect(() => parseOrderEvent(body)).toThrow(message);
  });

  test('without quoting values, which may be personal', () => {
    const secret = 'Zelislawa';
    for (const body of [orderBody({ eventType: secret, currency: secret, customerId: `${secret} W`, total: secret }), `${secret} {`]) {
      expect(() => parseOrderEvent(body)).toThrow(MalformedMessageError);
      expect(() => parseOrderEvent(body)).not.toThrow(secret);
    }
  });

  test('naming ten problems and the number of the others', () => {
    expect(() => parseOrderEvent(orderBody({ items: Array(12).fill({ ...item, quantity: 0 }), discount: 0, total: 0 })))
      .toThrow(/^The order event is malformed: ('items\.\d\.quantity': [^;]+; ){10}and 2 more$/);
  });
});
