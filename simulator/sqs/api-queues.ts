import { ServiceError, type Caller } from '../contracts';
import { formatAttributes, parseAttributes } from './api-attributes';
import { integer, optionalInteger, optionalText, requiredTextRecord, text, textRecord, texts, type Input } from './api-input';
import { invalidParameter, missingParameter, outOfRange } from './errors';
import type { Queue } from './queue';
import type { SqsService } from './service';

/** Milliseconds within which a name cannot be used again, and a queue not be purged again. */
const pause = 60_000;
const pageRange = [1, 1000] as const;

/** Creates, lists, configures and deletes queues. */
export class QueueOperations {
  private readonly deletedAt = new Map<string, number>();
  private readonly purgedAt = new WeakMap<Queue, number>();

  constructor(private readonly service: SqsService) {}

  create(input: Input): Record<string, unknown> {
    const name = text(input, 'QueueName');
    const deletedAt = this.deletedAt.get(name);
    if (deletedAt !== undefined && deletedAt + pause > this.service.clock.now()) {
      throw new ServiceError('QueueDeletedRecently', 'You must wait 60 seconds after deleting a queue before you can create another with the same name.');
    }
    const properties = parseAttributes(textRecord(input, 'Attributes') ?? {});
    const tags = textRecord(input, 'tags') ?? textRecord(input, 'Tags');
    return { QueueUrl: this.service.createQueue({ ...properties, name, tags }).url };
  }

  delete(queue: Queue): Record<string, unknown> {
    this.service.deleteQueue(queue.arn);
    this.deletedAt.set(queue.name, this.service.clock.now());
    return {};
  }

  list(input: Input): Record<string, unknown> {
    const prefix = optionalText(input, 'QueueNamePrefix') ?? '';
    const names = this.service.queues().map((queue) => queue.name).filter((name) => name.startsWith(prefix)).sort();
    return this.page(input, names, 'QueueUrls');
  }

  listSources(queue: Queue, input: Input): Record<string, unknown> {
    return this.page(input, this.service.sourcesOf(queue.arn).map(({ name }) => name).sort(), 'queueUrls');
  }

  attributes(queue: Queue, input: Input): Record<string, unknown> {
    const attributes = formatAttributes(queue, texts(input, 'AttributeNames'));
    return Object.keys(attributes).length === 0 ? {} : { Attributes: attributes };
  }

  setAttributes(queue: Queue, input: Input): Record<string, unknown> {
    queue.update(parseAttributes(requiredTextRecord(input, 'Attributes')));
    return {};
  }

  purge(queue: Queue): Record<string, unknown> {
    const now = this.service.clock.now();
    const purgedAt = this.purgedAt.get(queue);
    if (purgedAt !== undefined && purgedAt + pause > now) {
      throw new ServiceError('PurgeQueueInProgress', `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`, 403);
    }
    queue.purge();
    this.purgedAt.set(queue, now);
    return {};
  }

  tag(queue: Queue, input: Input): Record<string, unknown> {
    queue.update({ tags: { ...queue.tags, ...requiredTextRecord(input, 'Tags') } });
    return {};
  }

  untag(queue: Queue, input: Input): Record<string, unknown> {
    const keys = texts(input, 'TagKeys');
    if (keys.length === 0) throw missingParameter('TagKeys');
    queue.update({ tags: Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !keys.includes(key))) });
    return {};
  }

  listTags(queue: Queue): Record<string, unknown> {
    return Object.keys(queue.tags).length === 0 ? {} : { Tags: queue.tags };
  }

  startMoveTask(input: Input, caller: Caller): Record<string, unknown> {
    const sourceArn = text(input, 'SourceArn');
    const destinationArn = optionalText(input, 'DestinationArn');
    this.authorizeMove('sqs:StartMessageMoveTask', sourceArn, caller);
    const destinations = destinationArn === undefined ? this.service.sourcesOf(sourceArn).map(({ arn }) => arn) : [destinationArn];
    for (const arn of destinations) this.service.authorize?.('sqs:SendMessage', arn, caller);
    const { taskHandle } = this.service.moveTasks.start(sourceArn, destinationArn, optionalInteger(input, 'MaxNumberOfMessagesPerSecond'));
    return { TaskHandle: taskHandle };
  }

  cancelMoveTask(input: Input, caller: Caller): Record<string, unknown> {
    const handle = text(input, 'TaskHandle');
    this.authorizeMove('sqs:CancelMessageMoveTask', this.service.moveTasks.find(handle).sourceArn, caller);
    return { ApproximateNumberOfMessagesMoved: this.service.moveTasks.cancel(handle).messagesMoved };
  }

  listMoveTasks(input: Input, caller: Caller): Record<string, unknown> {
    const sourceArn = text(input, 'SourceArn');
    this.service.authorize?.('sqs:ListMessageMoveTasks', sourceArn, caller);
    const maximum = input.MaxResults === undefined ? 1 : integer(input, 'MaxResults');
    if (maximum < 1 || maximum > 10) throw invalidParameter(outOfRange('MaxResults', [1, 10], '', maximum));
    return {
      Results: this.service.moveTasks.list(sourceArn).slice(0, maximum).map((task) => ({
        TaskHandle: task.status === 'RUNNING' ? task.taskHandle : undefined,
        Status: task.status,
        SourceArn: task.sourceArn,
        DestinationArn: task.destinationArn,
        MaxNumberOfMessagesPerSecond: task.maxNumberOfMessagesPerSecond,
        ApproximateNumberOfMessagesMoved: task.messagesMoved,
        ApproximateNumberOfMessagesToMove: task.messagesToMove,
        FailureReason: task.failureReason,
        StartedTimestamp: task.startedAt,
      })),
    };
  }

  /** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html */
  private authorizeMove(action: string, sourceArn: string, caller: Caller): void {
    for (const each of [action, 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']) this.service.authorize?.(each, sourceArn, caller);
  }

  /** The token is the name that the page before ended with. */
  private page(input: Input, names: readonly string[], member: 'QueueUrls' | 'queueUrls'): Record<string, unknown> {
    const maximum = optionalInteger(input, 'MaxResults');
    if (maximum !== undefined && (maximum < pageRange[0] || maximum > pageRange[1])) {
      throw invalidParameter(outOfRange('MaxResults', pageRange, '', maximum));
    }
    const token = optionalText(input, 'NextToken');
    const after = token === undefined ? '' : Buffer.from(token, 'base64').toString();
    const rest = names.filter((name) => name > after);
    const page = rest.slice(0, maximum ?? pageRange[1]);
    const isPaged = maximum !== undefined && rest.length > page.length;
    return {
      [member]: page.map((name) => this.service.queueByName(name)!.url),
      ...isPaged ? { NextToken: Buffer.from(page[page.length - 1]).toString('base64') } : {},
    };
  }
}
