import {
  billingEventTypes, informationalEventTypes, orderEventTypes, outcomeEventTypes, shippingEventTypes,
} from '../../lambda/private/event-types';

describe('the event types', () => {
  test('are each of exactly one kind: for billing, the outcome of a payment, or information', () => {
    expect([...orderEventTypes].sort()).toEqual([...new Set(orderEventTypes)].sort());
    expect(orderEventTypes).toHaveLength(billingEventTypes.length + outcomeEventTypes.length + informationalEventTypes.length);
  });

  test('of billing leave out what payments publishes, or payments would follow from payments', () => {
    expect(billingEventTypes.filter((type) => (outcomeEventTypes as readonly string[]).includes(type))).toEqual([]);
  });

  test('of shipping are known', () => {
    expect(orderEventTypes).toEqual(expect.arrayContaining([...shippingEventTypes]));
  });
});
