import { ServiceError, type Caller, type ServiceApi } from '../contracts';
import { changeVisibilityBatch, deleteBatch, sendBatch } from './api-batches';
import { optionalText, text, type Input } from './api-input';
import { changeVisibility, deleteMessage, receive, send } from './api-messages';
import { addPermission, removePermission } from './api-permissions';
import { QueueOperations } from './api-queues';
import { queueDoesNotExist } from './errors';
import type { Queue } from './queue';
import type { SqsService } from './service';

type Output = Record<string, unknown>;
type Operation = (input: Input, caller: Caller) => Output | Promise<Output>;

/** SQS's operations by name, over a service's queues. */
export class SqsApi implements ServiceApi {
  private readonly operations: Readonly<Record<string, Operation>>;

  constructor(private readonly service: SqsService) {
    const { clock, place } = service;
    const queues = new QueueOperations(service);
    const on = (operation: (queue: Queue, input: Input, caller: Caller) => Output | Promise<Output>, action: string): Operation => (
      (input, caller) => {
        const queue = this.queueOf(input);
        service.authorize?.(`sqs:${action}`, queue.arn, caller);
        return operation(queue, input, caller);
      });
    this.operations = {
      CreateQueue: (input, caller) => {
        this.authorizeByName('CreateQueue', text(input, 'QueueName'), caller);
        return queues.create(input);
      },
      GetQueueUrl: (input, caller) => {
        const name = text(input, 'QueueName');
        const owner = optionalText(input, 'QueueOwnerAWSAccountId');
        if (owner !== undefined && owner !== place.account) throw queueDoesNotExist();
        this.authorizeByName('GetQueueUrl', name, caller);
        return { QueueUrl: this.queueByName(name).url };
      },
      ListQueues: (input, caller) => {
        this.authorizeByName('ListQueues', '*', caller);
        return queues.list(input);
      },
      DeleteQueue: on((queue) => queues.delete(queue), 'DeleteQueue'),
      GetQueueAttributes: on((queue, input) => queues.attributes(queue, input), 'GetQueueAttributes'),
      SetQueueAttributes: on((queue, input) => queues.setAttributes(queue, input), 'SetQueueAttributes'),
      PurgeQueue: on((queue) => queues.purge(queue), 'PurgeQueue'),
      TagQueue: on((queue, input) => queues.tag(queue, input), 'TagQueue'),
      UntagQueue: on((queue, input) => queues.untag(queue, input), 'UntagQueue'),
      ListQueueTags: on((queue) => queues.listTags(queue), 'ListQueueTags'),
      ListDeadLetterSourceQueues: on((queue, input) => queues.listSources(queue, input), 'ListDeadLetterSourceQueues'),
      AddPermission: on((queue, input) => addPermission(queue, place.partition, input), 'AddPermission'),
      RemovePermission: on((queue, input) => removePermission(queue, input), 'RemovePermission'),
      StartMessageMoveTask: (input, caller) => queues.startMoveTask(input, caller),
      CancelMessageMoveTask: (input, caller) => queues.cancelMoveTask(input, caller),
      ListMessageMoveTasks: (input, caller) => queues.listMoveTasks(input, caller),
      // A queue asks for itself whether a caller may send: services send to it without this API.
      SendMessage: (input, caller) => send(this.queueOf(input), input, caller),
      SendMessageBatch: on(sendBatch, 'SendMessage'),
      ReceiveMessage: on((queue, input) => receive(clock, queue, input), 'ReceiveMessage'),
      DeleteMessage: on(deleteMessage, 'DeleteMessage'),
      DeleteMessageBatch: on(deleteBatch, 'DeleteMessage'),
      ChangeMessageVisibility: on(changeVisibility, 'ChangeMessageVisibility'),
      ChangeMessageVisibilityBatch: on(changeVisibilityBatch, 'ChangeMessageVisibility'),
    };
  }

  async call(operation: string, input: Input, caller: Caller): Promise<Output> {
    return this.callNow(operation, input, caller);
  }

  callNow(operation: string, input: Input, caller: Caller): Output | Promise<Output> {
    if (!Object.hasOwn(this.operations, operation)) {
      throw new ServiceError('InvalidAction', `The action ${operation} is not valid for SQS or not modelled by the simulator.`);
    }
    return this.operations[operation](input, caller);
  }

  private queueOf(input: Input): Queue {
    const url = text(input, 'QueueUrl');
    const nameAt = url.lastIndexOf('/') + 1;
    const account = url.slice(nameAt - 13, nameAt - 1);
    if (/^\d{12}$/.test(account) && account !== this.service.place.account) throw queueDoesNotExist();
    return this.queueByName(url.slice(nameAt));
  }

  private queueByName(name: string): Queue {
    const queue = this.service.queueByName(name);
    if (queue === undefined) throw queueDoesNotExist();
    return queue;
  }

  private authorizeByName(action: string, name: string, caller: Caller): void {
    const { partition, region, account } = this.service.place;
    this.service.authorize?.(`sqs:${action}`, `arn:${partition}:sqs:${region}:${account}:${name}`, caller);
  }
}
