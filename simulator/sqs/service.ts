import type { Clock } from '../clock';
import { ServiceError, type Caller, type Place, type ServiceApi } from '../contracts';
import type { Events } from '../events';
import { Random } from '../random';
import { SqsApi } from './api';
import { queueDoesNotExist } from './errors';
import { Identifiers } from './identifiers';
import { MessageMoveTasks } from './message-move-tasks';
import { Queue } from './queue';
import type { Authorize, QueueContext } from './queue-context';
import type { QueueProperties } from './queue-properties';
import { StandardQueues, type StandardQueueOptions } from './standard-queues';

/** The queues of one account and region, and SQS's API over them. */
export class SqsService implements ServiceApi {
  /** Asked before every send and every call of the API. @default - everything is allowed */
  authorize: Authorize | undefined;
  readonly moveTasks: MessageMoveTasks;
  private readonly byArn = new Map<string, Queue>();
  private readonly byName = new Map<string, Queue>();
  private readonly context: QueueContext;
  private readonly api: SqsApi;

  constructor(readonly clock: Clock, events: Events, random: Random, readonly place: Place, options?: StandardQueueOptions) {
    const identifiers = new Identifiers(random);
    const standardQueues = new StandardQueues(new Random(random.integer(2 ** 32)), options);
    const context = { clock, events, place, identifiers, standardQueues, queue: (arn: string) => this.byArn.get(arn) };
    this.context = Object.defineProperty(context, 'authorize', { get: () => this.authorize }) as QueueContext;
    this.moveTasks = new MessageMoveTasks(clock, identifiers, this);
    this.api = new SqsApi(this);
  }

  /** The queue that has that name already, if all given properties are equal, as AWS has it. Throws a `ServiceError` for what AWS would refuse. */
  createQueue(properties: QueueProperties): Queue {
    const existing = this.queueByName(properties.name);
    if (existing !== undefined) {
      if (existing.matches(properties)) return existing;
      throw new ServiceError('QueueNameExists', `A queue named '${properties.name}' already exists with different attributes`);
    }
    const queue = new Queue(this.context, properties);
    this.byArn.set(queue.arn, queue);
    this.byName.set(properties.name, queue);
    return queue;
  }

  /** The messages of the queue are lost. */
  deleteQueue(arn: string): void {
    const queue = this.byArn.get(arn);
    if (queue === undefined) throw queueDoesNotExist();
    this.byArn.delete(arn);
    this.byName.delete(queue.name);
    queue.close();
  }

  queue(arn: string): Queue | undefined {
    return this.byArn.get(arn);
  }

  queueByName(name: string): Queue | undefined {
    return this.byName.get(name);
  }

  /** In order of creation. */
  queues(): Queue[] {
    return [...this.byArn.values()];
  }

  /** The queues whose redrive policy names this one. */
  sourcesOf(arn: string): Queue[] {
    return this.queues().filter((queue) => queue.redrivePolicy?.deadLetterTargetArn === arn);
  }

  call(operation: string, input: Record<string, unknown>, caller: Caller): Promise<Record<string, unknown>> {
    return this.api.call(operation, input, caller);
  }

  callNow(operation: string, input: Record<string, unknown>, caller: Caller): Record<string, unknown> | Promise<Record<string, unknown>> {
    return this.api.callNow(operation, input, caller);
  }
}
