import type { Alarm } from '../cloudwatch';
import { SimulatedResource, type Surroundings } from './resource';

/** A CloudWatch alarm of the simulation. */
export class SimulatedAlarm extends SimulatedResource {
  readonly kind = 'alarm';

  constructor(path: string, private readonly alarm: Alarm, simulation: Surroundings) {
    super(path, simulation);
  }

  get name(): string {
    return this.alarm.name;
  }

  get state(): Alarm['state'] {
    return this.alarm.state;
  }

  get reason(): string {
    return this.alarm.reason;
  }

  /** Every change of state, oldest first. */
  get history(): Alarm['history'] {
    return this.alarm.history;
  }
}
