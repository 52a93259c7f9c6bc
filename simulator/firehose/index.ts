import { ServiceError, type Caller, type Place, type ServiceApi } from '../contracts';
import { callFirehose } from './api';
import type { StreamContext } from './context';
import { DeliveryStream } from './delivery-stream';
import { completeDestination, type S3Destination } from './destination';
import { invalid } from './prefix';

export type { S3Destination } from './destination';
export type { WriteObject } from './context';
export { DeliveryStream } from './delivery-stream';
export { destinationOf, type DestinationConfiguration } from './destination-configuration';
export { processorsOf } from './processors';

export interface DeliveryStreamProperties {
  /** 1 to 64 letters, digits, hyphens, underscores and periods. */
  readonly name: string;
  readonly destination: S3Destination;
  /** Whether records are encrypted at rest in the stream. @default false */
  readonly encrypted?: boolean;
}

/** Amazon Data Firehose: delivery streams that take records directly and write them to S3. */
export class FirehoseService implements ServiceApi {
  private readonly streams = new Map<string, DeliveryStream>();

  constructor(readonly context: StreamContext, private readonly place: Place) {}

  /** @throws ServiceError `InvalidArgumentException`, `ResourceInUseException` when there is a stream of that name */
  createDeliveryStream({ name, destination, encrypted }: DeliveryStreamProperties): DeliveryStream {
    if (!/^[a-zA-Z0-9_.-]{1,64}$/.test(name)) {
      throw invalid(`'DeliveryStreamName' must be 1 to 64 letters, digits, hyphens, underscores and periods, got '${name}'`);
    }
    if (this.streams.has(name)) throw new ServiceError('ResourceInUseException', `Firehose ${name} under account ${this.place.account} exists.`);
    const stream = new DeliveryStream(name, this.arnOf(name), completeDestination(destination), this.context, encrypted);
    this.streams.set(name, stream);
    return stream;
  }

  /** @throws ServiceError `InvalidArgumentException`; nothing has changed then */
  updateDeliveryStream({ name, destination, encrypted = false }: DeliveryStreamProperties): void {
    this.existing(name).configure(completeDestination(destination), encrypted);
  }

  deleteDeliveryStream(name: string): void {
    this.streams.get(name)?.delete();
    this.streams.delete(name);
  }

  /** In the order of their names. */
  deliveryStreams(): DeliveryStream[] {
    return [...this.streams.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  deliveryStream(nameOrArn: string): DeliveryStream | undefined {
    const found = this.streams.get(nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1));
    return found && (nameOrArn === found.name || nameOrArn === found.arn) ? found : undefined;
  }

  /** @throws ServiceError `ResourceNotFoundException` */
  existing(name: string): DeliveryStream {
    const stream = this.streams.get(name);
    if (!stream) throw new ServiceError('ResourceNotFoundException', `Firehose ${name} under account ${this.place.account} not found.`);
    return stream;
  }

  arnOf(name: string): string {
    const { partition, region, account } = this.place;
    return `arn:${partition}:firehose:${region}:${account}:deliverystream/${name}`;
  }

  async call(operation: string, input: Record<string, unknown>, caller: Caller): Promise<Record<string, unknown>> {
    return callFirehose(this, operation, input, caller);
  }
}
