import type { Clock, Timer } from '../clock';
import { ServiceError } from '../contracts';
import { invalidParameter, outOfRange } from './errors';
import type { Identifiers } from './identifiers';
import type { Message } from './message';
import type { Queue } from './queue';

export type MessageMoveTaskStatus = 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

export interface MessageMoveTask {
  readonly taskHandle: string;
  readonly sourceArn: string;
  readonly destinationArn?: string;
  readonly maxNumberOfMessagesPerSecond?: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly messagesToMove: number;
  status: MessageMoveTaskStatus;
  messagesMoved: number;
  failureReason?: string;
}

interface Queues {
  queue(arn: string): Queue | undefined;
  sourcesOf(arn: string): Queue[];
}

/** Messages a second: the limit, and the rate where none is asked for. */
const rateRange = [1, 500] as const;
const stepsPerSecond = 10;
const rememberedTasks = 10;
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html */
const activeTasks = 100;
/** Milliseconds: 36 hours. */
const longestRun = 129_600_000;

class MoveFailure extends Error {}

/** Redrives out of dead-letter queues, one at a time for each. */
export class MessageMoveTasks {
  private readonly tasks: MessageMoveTask[] = [];
  private readonly timers = new Map<string, Timer>();

  constructor(private readonly clock: Clock, private readonly identifiers: Identifiers, private readonly queues: Queues) {}

  /**
   * @param destinationArn where all messages go; each back to the queue that it came from if undefined
   * @param rate messages a second, 1 to 500
   */
  start(sourceArn: string, destinationArn?: string, rate?: number): MessageMoveTask {
    const source = this.source(sourceArn);
    if (this.queues.sourcesOf(sourceArn).length === 0) {
      throw invalidParameter(`Source queue must be configured as a Dead Letter Queue: no queue's redrive policy names ${sourceArn}`);
    }
    if (destinationArn !== undefined) this.checkDestination(source, destinationArn);
    if (rate !== undefined && (!Number.isInteger(rate) || rate < rateRange[0] || rate > rateRange[1])) {
      throw invalidParameter(outOfRange('MaxNumberOfMessagesPerSecond', rateRange, 'messages', rate));
    }
    if (this.tasks.some((task) => task.sourceArn === sourceArn && task.status === 'RUNNING')) {
      throw invalidParameter(`There is already a task running for ${sourceArn}: a queue has one active task at a time`);
    }
    if (this.tasks.filter((task) => task.status === 'RUNNING').length >= activeTasks) {
      throw new ServiceError('OverLimit', `An account must have at most ${activeTasks} active message move tasks`, 403);
    }
    const taskId = this.identifiers.uuid();
    const task: MessageMoveTask = {
      taskHandle: Buffer.from(JSON.stringify({ taskId, sourceArn })).toString('base64'),
      sourceArn,
      destinationArn,
      maxNumberOfMessagesPerSecond: rate,
      startedAt: this.clock.now(),
      messagesToMove: source.size,
      status: 'RUNNING',
      messagesMoved: 0,
    };
    this.tasks.unshift(task);
    this.schedule(task, 0);
    return task;
  }

  /** What was moved stays moved. */
  cancel(taskHandle: string): MessageMoveTask {
    const task = this.find(taskHandle);
    if (task.status !== 'RUNNING') throw new ServiceError('UnsupportedOperation', `Only a running task can be cancelled, and this one is ${task.status}`);
    this.end(task, 'CANCELLED');
    return task;
  }

  find(taskHandle: string): MessageMoveTask {
    const task = this.tasks.find((candidate) => candidate.taskHandle === taskHandle);
    if (task === undefined) throw new ServiceError('ResourceNotFoundException', `Task does not exist: ${taskHandle}`, 404);
    return task;
  }

  /** The latest first. */
  list(sourceArn: string): readonly MessageMoveTask[] {
    this.source(sourceArn);
    return this.tasks.filter((task) => task.sourceArn === sourceArn).slice(0, rememberedTasks);
  }

  private schedule(task: MessageMoveTask, delay: number): void {
    this.timers.set(task.taskHandle, this.clock.schedule(delay, () => this.step(task)));
  }

  private step(task: MessageMoveTask): void {
    const rate = task.maxNumberOfMessagesPerSecond ?? rateRange[1];
    const messages = Math.ceil(rate / stepsPerSecond);
    try {
      const source = this.queues.queue(task.sourceArn);
      if (this.clock.now() - task.startedAt >= longestRun) throw new MoveFailure('The task ran for 36 hours');
      if (source === undefined) throw new MoveFailure('AWS.SimpleQueueService.NonExistentQueue');
      for (let count = 0; count < messages; count++) {
        if (!source.redriveNext((message) => this.destinationOf(task, message))) {
          this.end(task, 'COMPLETED');
          return;
        }
        task.messagesMoved++;
      }
    } catch (error) {
      if (!(error instanceof MoveFailure)) throw error;
      task.failureReason = error.message;
      this.end(task, 'FAILED');
      return;
    }
    this.schedule(task, (messages * 1000) / rate);
  }

  private end(task: MessageMoveTask, status: MessageMoveTaskStatus): void {
    task.status = status;
    this.timers.get(task.taskHandle)?.cancel();
    this.timers.delete(task.taskHandle);
  }

  private destinationOf(task: MessageMoveTask, message: Message): Queue {
    const arn = task.destinationArn ?? message.origin?.source;
    if (arn === undefined) throw new MoveFailure('CouldNotDetermineMessageSource');
    const queue = this.queues.queue(arn);
    if (queue === undefined) throw new MoveFailure('AWS.SimpleQueueService.NonExistentQueue');
    return queue;
  }

  private source(arn: string): Queue {
    const queue = this.queues.queue(arn);
    if (queue === undefined) {
      throw new ServiceError('ResourceNotFoundException', `The resource that you specified for the SourceArn parameter doesn't exist: ${arn}`, 404);
    }
    return queue;
  }

  private checkDestination(source: Queue, arn: string): void {
    const destination = this.queues.queue(arn);
    if (destination === undefined) {
      throw new ServiceError('ResourceNotFoundException', `The resource that you specified for the DestinationArn parameter doesn't exist: ${arn}`, 404);
    }
    if (arn === source.arn) throw invalidParameter('The source and the destination of a message move task must be different queues');
    if (destination.fifo !== source.fifo) {
      throw invalidParameter(`The destination must be of the source's type: ${source.arn} and ${arn} are a standard and a FIFO queue`);
    }
  }
}
