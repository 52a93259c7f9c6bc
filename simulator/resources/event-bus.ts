import type { EventBus, EventBridgeService } from '../eventbridge';
import { tester } from './message';
import { SimulatedResource, type Surroundings } from './resource';

/** An event that a test puts on a bus. */
export interface EventToPut {
  /** Who sends it, `com.example.orders` for example; not `aws.` and so on. */
  readonly source: string;
  readonly detailType: string;
  /** @default - an empty object */
  readonly detail?: object;
  /** ARNs. @default - none */
  readonly resources?: readonly string[];
}

/** An event bus of the simulation. */
export class SimulatedEventBus extends SimulatedResource {
  readonly kind = 'eventBus';

  constructor(path: string, private readonly bus: EventBus, private readonly eventBridge: EventBridgeService, simulation: Surroundings) {
    super(path, simulation);
  }

  get arn(): string {
    return this.bus.arn;
  }

  get name(): string {
    return this.bus.name;
  }

  /**
   * Puts up to ten events at the present moment and returns their IDs, by which `simulation.trace` finds them; rules see them when time
   * moves on. Rejects where EventBridge would refuse one of them: then it has taken the others.
   */
  putEvents(...events: readonly EventToPut[]): Promise<string[]> {
    return new Promise((resolve) => {
      const results = this.eventBridge.putEvents(events.map(({ source, detailType, detail = {}, resources }) => ({
        Source: source, DetailType: detailType, Detail: JSON.stringify(detail), Resources: resources, EventBusName: this.bus.name,
      })), tester);
      const refused = results.flatMap(({ ErrorCode, ErrorMessage }, index) => (ErrorCode === undefined ? [] : [`event ${index + 1}: ${ErrorCode}: ${ErrorMessage}`]));
      if (refused.length > 0) throw new Error(`'${this.path}' refused ${refused.join('; ')}`);
      resolve(results.map(({ EventId }) => EventId!));
    });
  }
}
