import type { Clock } from '../clock';
import { ServiceError, type Caller, type Directory, type Place } from '../contracts';
import type { Events } from '../events';
import type { Random } from '../random';
import { objectEvent } from './eventbridge-event';
import type { StoredObject } from './stored-object';

export interface NotificationConfiguration {
  /** @default - made up */
  readonly id?: string;
  /** `s3:ObjectCreated:*`, `s3:ObjectRemoved:*` or `s3:LifecycleExpiration:*`, or one of the kinds of them; `s3:LifecycleTransition`. */
  readonly events: readonly string[];
  readonly prefix?: string;
  readonly suffix?: string;
  /** The ARN of a standard queue, a standard topic or a function. */
  readonly destination: string;
}

export type ObjectEventName =
  'ObjectCreated:Put' | 'ObjectCreated:Post' | 'ObjectCreated:Copy' | 'ObjectCreated:CompleteMultipartUpload'
  | 'ObjectRemoved:Delete' | 'ObjectRemoved:DeleteMarkerCreated'
  | 'LifecycleExpiration:Delete' | 'LifecycleExpiration:DeleteMarkerCreated' | 'LifecycleTransition';

const modelledEvents = [
  's3:ObjectCreated:*', 's3:ObjectCreated:Put', 's3:ObjectCreated:Post', 's3:ObjectCreated:Copy',
  's3:ObjectCreated:CompleteMultipartUpload', 's3:ObjectRemoved:*', 's3:ObjectRemoved:Delete', 's3:ObjectRemoved:DeleteMarkerCreated',
  's3:LifecycleExpiration:*', 's3:LifecycleExpiration:Delete', 's3:LifecycleExpiration:DeleteMarkerCreated', 's3:LifecycleTransition',
];

const otherEvents = ['s3:ObjectRestore:', 's3:ReducedRedundancyLostObject', 's3:Replication:', 's3:IntelligentTiering',
  's3:ObjectTagging:', 's3:ObjectAcl:', 's3:ObjectAnnotation:'];

/** What the buckets of one simulation have in common. */
export interface S3Context {
  readonly clock: Clock;
  readonly events: Events;
  readonly random: Random;
  readonly place: Place;
  readonly directory: Directory;
}

/** Tells the destinations of a bucket about its objects. */
export class Notifications {
  private configurations: readonly Required<NotificationConfiguration>[] = [];
  private toldToEventBridge = false;

  constructor(private readonly context: S3Context, private readonly bucket: { readonly name: string; readonly arn: string }) {}

  get all(): readonly NotificationConfiguration[] {
    return this.configurations;
  }

  /**
   * Replaces the configurations, and sends `s3:TestEvent` to every queue and topic of them at once, as S3 does to find out
   * whether it may.
   *
   * @param eventBridge whether EventBridge's default bus is told of everything, whatever the configurations are
   * @throws ServiceError `InvalidArgument` for what S3 would refuse, a destination that refuses it included
   */
  configure(configurations: readonly NotificationConfiguration[], eventBridge: boolean): void {
    const complete = configurations.map((configuration) => ({
      prefix: '', suffix: '', ...defined(configuration), id: configuration.id ?? this.context.random.uuid(),
    }));
    complete.forEach(({ events }) => events.forEach(validateEvent));
    refuseOverlaps(complete);
    for (const destination of new Set(complete.map((configuration) => configuration.destination))) this.test(destination);
    this.configurations = complete;
    this.toldToEventBridge = eventBridge;
  }

  /** Notifies as an event of the clock whoever wants to know. */
  announce(name: ObjectEventName, object: StoredObject, bytes: number): void {
    if (this.toldToEventBridge) {
      const { random, place } = this.context;
      this.context.directory.putServiceEvent?.('aws.s3', () => objectEvent(name, object, this.bucket, place.account, random));
    }
    for (const configuration of this.configurations) {
      const { events, prefix, suffix, destination, id } = configuration;
      if (!events.some((wanted) => covers(wanted, `s3:${name}`))) continue;
      if (!object.key.startsWith(prefix) || !object.key.endsWith(suffix)) continue;
      const record = this.record(name, object, id);
      this.context.clock.schedule(0, () => this.deliver(destination, { Records: [record] }, object.key, bytes));
    }
  }

  private deliver(destination: string, message: object, key: string, bytes: number): void {
    try {
      if (serviceOf(destination) === 'lambda') this.invoke(destination, message);
      else this.send(destination, JSON.stringify(message));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.emit('notificationFailed', destination, key, bytes, `${error.code}: ${error.message}`);
      return;
    }
    this.emit('notified', destination, key, bytes);
  }

  private invoke(destination: string, event: object): void {
    const target = this.context.directory.function(destination);
    if (!target?.invokeAsync) {
      throw new ServiceError('ResourceNotFoundException', `There is no function ${destination} that takes events`, 404);
    }
    target.invokeAsync(event, this.caller);
  }

  private send(destination: string, body: string): void {
    const { directory } = this.context;
    if (serviceOf(destination) === 'sns') {
      directory.publish(destination, body, 'Amazon S3 Notification', this.caller);
      return;
    }
    const queue = directory.queue(destination);
    if (!queue) throw new ServiceError('QueueDoesNotExist', 'The destination queue does not exist');
    queue.send({ body }, this.caller);
  }

  private test(destination: string): void {
    const { clock, random, directory } = this.context;
    const service = serviceOf(destination);
    const invalid = (reason: string): ServiceError => new ServiceError(
      'InvalidArgument', `Unable to validate the following destination configurations: ${destination}: ${reason}`,
    );
    if (service === undefined) throw new ServiceError('InvalidArgument', `The ARN could not be parsed: ${destination}`);
    if (destination.endsWith('.fifo')) throw invalid('S3 notifies standard queues and standard topics only, got a FIFO one');
    if (service === 'lambda') {
      if (!directory.function(destination)) throw invalid('the function does not exist');
      return;
    }
    try {
      this.send(destination, JSON.stringify({
        Service: 'Amazon S3', Event: 's3:TestEvent', Time: new Date(clock.now()).toISOString(), Bucket: this.bucket.name,
        RequestId: random.hex(16).toUpperCase(), HostId: Buffer.from(random.hex(56), 'hex').toString('base64'),
      }));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw invalid(`${error.code}: ${error.message}`);
    }
  }

  /** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
  private record(eventName: ObjectEventName, object: StoredObject, configurationId: string): object {
    const { random, place } = this.context;
    const byLifecycle = eventName.startsWith('Lifecycle');
    const principalId = byLifecycle ? 's3.amazonaws.com' : `AWS:${place.account}`;
    const removed = eventName.startsWith('ObjectRemoved') || eventName.startsWith('LifecycleExpiration');
    const marker = eventName.endsWith('DeleteMarkerCreated');
    return {
      eventVersion: byLifecycle ? '2.3' : '2.1',
      eventSource: 'aws:s3',
      awsRegion: place.region,
      eventTime: new Date(this.context.clock.now()).toISOString(),
      eventName,
      userIdentity: { principalId },
      requestParameters: { sourceIPAddress: byLifecycle ? 's3.amazonaws.com' : '127.0.0.1' },
      responseElements: {
        'x-amz-request-id': random.hex(16).toUpperCase(), 'x-amz-id-2': Buffer.from(random.hex(56), 'hex').toString('base64'),
      },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId,
        bucket: { name: this.bucket.name, ownerIdentity: { principalId: place.account }, arn: this.bucket.arn },
        object: {
          key: encodeKey(object.key),
          ...(!removed && { size: object.body.length }),
          ...((!removed || marker) && { eTag: object.eTag }),
          ...(object.versionId !== undefined && { versionId: object.versionId }),
          sequencer: object.sequencer,
        },
      },
      ...(eventName === 'LifecycleTransition' && {
        lifecycleEventData: { transitionEventData: { destinationStorageClass: object.storageClass } },
      }),
    };
  }

  private emit(action: 'notified' | 'notificationFailed', to: string, key: string, bytes: number, reason?: string): void {
    const { clock, events } = this.context;
    events.emit({ service: 's3', action, at: clock.now(), resource: this.bucket.arn, key, bytes, to, ...(reason && { reason }) });
  }

  private get caller(): Caller {
    return { principal: 's3.amazonaws.com', sourceArn: this.bucket.arn, sourceAccount: this.context.place.account };
  }
}

/** As in a form: a space is a plus sign, a slash stays. */
function encodeKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20/g, '+')
    .replace(/%2F/g, '/');
}

function serviceOf(arn: string): 'sqs' | 'sns' | 'lambda' | undefined {
  const parts = arn.split(':');
  const service = parts.length >= 6 && parts[0] === 'arn' ? parts[2] : undefined;
  return service === 'sqs' || service === 'sns' || service === 'lambda' ? service : undefined;
}

function validateEvent(event: string): void {
  if (modelledEvents.includes(event)) return;
  if (otherEvents.some((known) => event.startsWith(known))) {
    throw new ServiceError('NotImplemented', `The notification '${event}' is not modelled by the simulator`, 501);
  }
  throw new ServiceError('InvalidArgument', `The event '${event}' is not supported for notifications`);
}

/** Whether one event name means the other too: `s3:ObjectCreated:*` covers `s3:ObjectCreated:Put`. */
function covers(wanted: string, event: string): boolean {
  return wanted.endsWith('*') ? event.startsWith(wanted.slice(0, -1)) : event === wanted;
}

function refuseOverlaps(configurations: readonly Required<NotificationConfiguration>[]): void {
  configurations.forEach((one, index) => {
    for (const other of configurations.slice(index + 1)) {
      const event = one.events.find((name) => other.events.some((otherName) => covers(name, otherName) || covers(otherName, name)));
      const prefixes = one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix);
      const suffixes = one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix);
      if (event && prefixes && suffixes) {
        throw new ServiceError('InvalidArgument', 'Configurations overlap. Configurations on the same bucket cannot share a common '
          + `event type, got '${event}' for ${one.destination} and ${other.destination}`);
      }
    }
  });
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
