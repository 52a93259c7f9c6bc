import type { EventBridgeEvent } from '../../../simulator/events';
import { EventBridgeService, type Target } from '../../../simulator/eventbridge';
import { place, surroundings } from '../sns/fakes';

const entry = { Source: 'com.example.orders', DetailType: 'OrderPlaced', Detail: '{"orderId":"1"}' };
const caller = { principal: place.account };

export function simulate() {
  const { clock, events, random, directory, ...world } = surroundings();
  const seen: EventBridgeEvent[] = [];
  events.on('eventbridge', (event) => { seen.push(event); });
  const authorize = jest.fn();
  const service = new EventBridgeService({ clock, events, random, place, directory, authorize });
  const queue = world.addQueue('orders');
  const rule = (target: Partial<Target> = {}, bus?: string) => (
    service.createRule({ name: 'rule', eventPattern: '{"source":["com.example.orders"]}', targets: [{ Id: 'one', Arn: queue.arn, ...target }] }, bus)
  );
  const put = async (advance = 0, more: object = {}) => {
    const [{ EventId }] = service.putEvents([{ ...entry, ...more }], caller);
    await clock.advance(advance);
    return EventId!;
  };
  const actions = () => seen.map(({ action }) => action);
  return { clock, service, queue, rule, put, seen, actions, authorize, ...world };
}
