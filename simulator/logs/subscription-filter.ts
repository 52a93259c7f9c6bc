import { gzipSync } from 'node:zlib';
import type { Clock } from '../clock';
import { ServiceError, type Directory, type Place } from '../contracts';
import type { LogEvent } from '../events';
import type { Random } from '../random';
import { filterPattern, type FilterPattern } from './filter-pattern';

export interface Subscription {
  readonly name: string;
  readonly logGroup: string;
  readonly pattern: string;
  /** The ARN of a function. */
  readonly destination: string;
}

export interface SubscriptionSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly place: Place;
  readonly directory: Directory;
}

interface DeliveredEvent {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
}

/** Hands the log events that match its pattern to a function: those of one moment and one stream at once. */
export class SubscriptionFilter {
  private readonly pattern: FilterPattern;
  private readonly waiting = new Map<string, DeliveredEvent[]>();

  /** @throws ServiceError `InvalidParameterException` for what CloudWatch Logs would refuse, or the simulator does not model */
  constructor(private readonly subscription: Subscription, private readonly around: SubscriptionSurroundings) {
    this.pattern = filterPattern(subscription.pattern);
    const { destination } = subscription;
    if (destination.split(':')[2] !== 'lambda') {
      throw new ServiceError('InvalidParameterException', `'DestinationArn' must name a function, the destination that is modelled, got '${destination}'`);
    }
    if (!around.directory.function(destination)) {
      throw new ServiceError('InvalidParameterException', `'DestinationArn' names '${destination}', which is no function of this simulation`);
    }
  }

  take({ line: message, at: timestamp, logStream }: LogEvent): void {
    if (!this.pattern.match(message)) return;
    const waiting = this.waiting.get(logStream);
    const event = { id: idOf(timestamp, this.around.random), timestamp, message };
    if (waiting) {
      waiting.push(event);
      return;
    }
    this.waiting.set(logStream, [event]);
    this.around.clock.schedule(0, () => this.deliver(logStream));
  }

  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
  private deliver(logStream: string): void {
    const logEvents = this.waiting.get(logStream);
    this.waiting.delete(logStream);
    const { name, logGroup, destination } = this.subscription;
    const { place, directory } = this.around;
    const message = { messageType: 'DATA_MESSAGE', owner: place.account, logGroup, logStream, subscriptionFilters: [name], logEvents };
    const data = gzipSync(JSON.stringify(message)).toString('base64');
    // Nobody is told when the function is gone; that it may not be invoked any more is among the denials.
    const target = directory.function(destination);
    try {
      target?.invokeAsync?.({ awslogs: { data } }, logsCaller(logGroup, place));
    } catch (error) {
      if (!(error instanceof ServiceError && error.status === 403)) throw error;
    }
  }
}

/** As whom CloudWatch Logs invokes a function. */
export function logsCaller(logGroup: string, { partition, region, account }: Place): { readonly principal: string; readonly sourceArn: string } {
  return { principal: 'logs.amazonaws.com', sourceArn: `arn:${partition}:logs:${region}:${account}:log-group:${logGroup}:*` };
}

/** 56 digits, of which the first say when. */
function idOf(at: number, random: Random): string {
  return BigInt(`0x${at.toString(16)}${random.hex(32)}`).toString().padStart(56, '0').slice(0, 56);
}
