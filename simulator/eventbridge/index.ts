import type { Clock } from '../clock';
import { ServiceError, type Caller, type Directory, type Place, type ServiceApi, type ServiceEvent } from '../contracts';
import type { Events } from '../events';
import type { Random } from '../random';
import { callEventBridge } from './api';
import { Delivery } from './delivery';
import { busEvent, type BusEvent, type EventContent } from './event';
import { defaultBusName, EventBus } from './event-bus';
import { busName, contentOf, refuseRequest, type PutEventsEntry, type PutEventsResult } from './put-events';
import { Rule, type RuleProperties } from './rule';

export type { BusEvent } from './event';
export { defaultBusName, EventBus } from './event-bus';
export type { PutEventsEntry, PutEventsResult } from './put-events';
export { Rule, type RuleProperties, type RuleState } from './rule';
export type { Target } from './target';

/** Throws a `ServiceError` where the caller may not. `action` is as in policies, `events:PutEvents` for example. */
export type Authorize = (action: string, resource: string, caller: Caller) => void;

export interface EventBridgeContext {
  readonly clock: Clock;
  readonly events: Events;
  readonly random: Random;
  readonly place: Place;
  readonly directory: Directory;
  readonly authorize: Authorize;
}

/** Amazon EventBridge: event buses with their rules, and the delivery of what these match. */
export class EventBridgeService implements ServiceApi {
  private readonly busesByName = new Map<string, EventBus>();
  private readonly delivery: Delivery;

  constructor(readonly context: EventBridgeContext) {
    this.delivery = new Delivery(context.clock, context.events, context.directory);
    this.createBus(defaultBusName);
  }

  /** @throws ServiceError `ValidationException`, `ResourceAlreadyExistsException` */
  createBus(name: string): EventBus {
    if (!/^[.\-_A-Za-z0-9]{1,256}$/.test(name)) {
      throw new ServiceError('ValidationException', `the name of an event bus must be 1 to 256 letters, digits, dots, hyphens and underscores, got '${name}'`);
    }
    if (this.busesByName.has(name)) throw new ServiceError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
    const { partition, region, account } = this.context.place;
    const bus = new EventBus(name, `arn:${partition}:events:${region}:${account}:event-bus/${name}`);
    this.busesByName.set(name, bus);
    return bus;
  }

  /** @throws ServiceError `ValidationException` for the default event bus and for one that has rules */
  deleteBus(name: string): void {
    const bus = this.existingBus(name);
    if (bus.isDefault) throw new ServiceError('ValidationException', 'Cannot delete event bus default.');
    if (bus.rules.size > 0) throw new ServiceError('ValidationException', 'Event bus can\'t be deleted since it has rules.');
    this.busesByName.delete(bus.name);
  }

  bus(nameOrArn?: string): EventBus | undefined {
    return this.busesByName.get(busName(nameOrArn));
  }

  /** @throws ServiceError `ResourceNotFoundException` */
  existingBus(nameOrArn?: string): EventBus {
    const bus = this.bus(nameOrArn);
    if (!bus) throw new ServiceError('ResourceNotFoundException', `Event bus ${busName(nameOrArn)} does not exist.`);
    return bus;
  }

  buses(): EventBus[] {
    return [...this.busesByName.values()];
  }

  /** @throws ServiceError `ValidationException`, `InvalidEventPatternException`, `ResourceNotFoundException` */
  createRule(properties: RuleProperties, nameOrArnOfBus?: string): Rule {
    const bus = this.existingBus(nameOrArnOfBus);
    if (bus.rules.has(properties.name)) throw new ServiceError('ResourceAlreadyExistsException', `Rule ${properties.name} already exists.`);
    const rule = new Rule(bus, properties, this.context.clock, (one) => this.runScheduled(one));
    bus.rules.set(rule.name, rule);
    return rule;
  }

  rule(name: string, nameOrArnOfBus?: string): Rule | undefined {
    return this.bus(nameOrArnOfBus)?.rules.get(name);
  }

  /** @throws ServiceError `ResourceNotFoundException` */
  existingRule(name: string, nameOrArnOfBus?: string): Rule {
    const bus = this.existingBus(nameOrArnOfBus);
    const rule = bus.rules.get(name);
    if (!rule) throw new ServiceError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus.name}.`);
    return rule;
  }

  /** One that doesn't exist is no error. What it has matched is delivered all the same. */
  deleteRule(name: string, nameOrArnOfBus?: string): void {
    const bus = this.bus(nameOrArnOfBus);
    bus?.rules.get(name)?.end();
    bus?.rules.delete(name);
  }

  /**
   * Accepts events, each for itself; rules see them as the next event of the clock. For a bus that does not exist AWS accepts
   * events, too, and drops them.
   *
   * @throws ServiceError `ValidationException` for the request as a whole, and what `authorize` throws
   */
  putEvents(entries: readonly PutEventsEntry[], caller: Caller): PutEventsResult[] {
    refuseRequest(entries);
    for (const { EventBusName } of entries) this.context.authorize('events:PutEvents', this.arnOfBus(EventBusName), caller);
    return entries.map((entry) => {
      const content = contentOf(entry, this.context.clock.now());
      if (!('source' in content)) return content;
      const event = this.newEvent(content);
      const bus = this.bus(entry.EventBusName);
      if (bus) this.accept(bus, event);
      return { EventId: event.id };
    });
  }

  /** What a service of AWS tells the default event bus. */
  putServiceEvent(source: string, describe: () => ServiceEvent): void {
    const bus = this.busesByName.get(defaultBusName)!;
    if (bus.rules.size > 0) this.accept(bus, this.newEvent({ ...describe(), source, at: this.context.clock.now() }));
  }

  call(operation: string, input: Record<string, unknown>, caller: Caller): Promise<Record<string, unknown>> {
    return new Promise((resolve) => { resolve(callEventBridge(this, operation, input, caller)); });
  }

  private arnOfBus(nameOrArn?: string): string {
    const { partition, region, account } = this.context.place;
    return this.bus(nameOrArn)?.arn ?? `arn:${partition}:events:${region}:${account}:event-bus/${busName(nameOrArn)}`;
  }

  private newEvent(content: EventContent): BusEvent {
    return busEvent(this.context.random.uuid(), content, this.context.place);
  }

  private accept(bus: EventBus, event: BusEvent): void {
    const { clock, events } = this.context;
    const ingestedAt = clock.now();
    events.emit({ service: 'eventbridge', action: 'put', at: ingestedAt, resource: bus.arn, eventId: event.id, body: JSON.stringify(event) });
    clock.schedule(0, () => this.match(bus, event, ingestedAt));
  }

  private match(bus: EventBus, event: BusEvent, ingestedAt: number): void {
    const matching = [...bus.rules.values()].filter((rule) => rule.matches(event));
    const action = matching.length > 0 ? 'matched' : 'unmatched';
    this.context.events.emit({ service: 'eventbridge', action, at: ingestedAt, resource: bus.arn, eventId: event.id });
    for (const rule of matching) this.trigger(rule, event, ingestedAt);
  }

  private trigger(rule: Rule, event: BusEvent, ingestedAt: number): void {
    this.context.events.emit({ service: 'eventbridge', action: 'triggered', at: ingestedAt, resource: rule.arn, eventId: event.id });
    for (const target of rule.targets) this.delivery.deliver(target, { event, rule, ingestedAt });
  }

  private runScheduled(rule: Rule): void {
    const at = this.context.clock.now();
    const event = this.newEvent({ source: 'aws.events', detailType: 'Scheduled Event', resources: [rule.arn], detail: {}, at });
    this.context.events.emit({ service: 'eventbridge', action: 'put', at, resource: rule.arn, eventId: event.id, body: JSON.stringify(event) });
    this.trigger(rule, event, at);
  }
}
