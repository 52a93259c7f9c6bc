import * as z from 'zod/mini';
import { currencies } from './currencies';
import { orderEventTypes } from './event-types';
import { parseJson } from './malformed-message';

/** What SNS accepts as a message group ID; customer IDs serve as one, and order IDs keep to the same form. */
const identifier = z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 visible ASCII characters'));

const amount = z.number().check(z.gte(0));
const optionalText = z.nullish(z.string());

export const item = z.object({
  sku: z.string().check(z.minLength(1)),
  name: z.string(),
  quantity: z.int().check(z.gte(1)),
  unitPrice: amount,
});

const address = z.looseObject({
  name: optionalText, street: optionalText, city: optionalText, postalCode: optionalText, country: optionalText,
});

export const orderMembers = {
  orderId: identifier,
  customerId: identifier,
  placedAt: z.iso.datetime({ offset: true }),
  currency: z.string().check(z.refine((code) => currencies.has(code), 'must be a currency code of ISO 4217')),
  items: z.array(item).check(z.minLength(1)),
  discount: z.nullish(amount),
  shippingAddress: z.nullish(address),
};

/** How far a total may be from its items, in units of the currency: sums of decimal fractions are not exact in binary. */
const TOTAL_TOLERANCE = 0.01;
const ROUNDING = 1e-6;

const orderEvent = z.object({
  ...orderMembers,
  eventType: z.enum(orderEventTypes),
  total: amount,
  note: optionalText,
}).check(z.refine(
  ({ items, discount, total }) => Math.abs(total - (sumOf(items) - (discount ?? 0))) <= TOTAL_TOLERANCE + ROUNDING,
  { path: ['total'], message: `must be the sum of the items minus the discount, within ${TOTAL_TOLERANCE}` },
));

export type Item = z.output<typeof item>;
export type OrderEvent = z.output<typeof orderEvent>;

function sumOf(items: readonly Item[]): number {
  return items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
}

/**
 * The order event that a message body holds; members that are not known are left out.
 * @throws MalformedMessageError
 */
export function parseOrderEvent(body: string): OrderEvent {
  return parseJson(orderEvent, 'The order event', body);
}
