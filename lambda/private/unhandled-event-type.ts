import type { OrderEventType } from './event-types';

/** A valid event that reached the wrong queue: its `eventType` attribute is missing, or the filter policy is wrong. */
export class UnhandledEventTypeError extends Error {
  override readonly name = 'UnhandledEventTypeError';

  constructor(eventType: OrderEventType, handled: readonly OrderEventType[]) {
    super(`'eventType' must be one of ${handled.join(', ')}, got ${eventType}: check the message attribute and the filter policy`);
  }
}

/** @throws UnhandledEventTypeError unless the event is one of `handled` */
export function assertHandled<Event extends { eventType: OrderEventType }, Handled extends OrderEventType>(
  event: Event, handled: readonly Handled[],
): asserts event is Event & { eventType: Handled } {
  if (!(handled as readonly OrderEventType[]).includes(event.eventType)) throw new UnhandledEventTypeError(event.eventType, handled);
}
