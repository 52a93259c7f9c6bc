import type { Clock } from '../clock';
import { type Caller, type Directory, type InvocationResult, ServiceError } from '../contracts';
import type { AsynchronousInvocationEvent, Events } from '../events';
import { type AsynchronousConfiguration, type FinishedEvent, invocationRecord, sendRecord, validateConfiguration } from './destinations';
import type { LambdaFunction } from './function';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const EVENT_BYTES = 1_048_576;

/**
 * Milliseconds before the second and the third attempt after an error:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
const RETRY_DELAYS = [60_000, 120_000];

/** Milliseconds before a throttled event is tried again: doubled each time, from a second to five minutes. */
const THROTTLE_DELAY = { first: 1000, longest: 300_000 };

/** Characters of the error message that a dead letter carries. */
const ERROR_MESSAGE_LENGTH = 1024;

interface QueuedEvent {
  readonly event: string;
  readonly requestId: string;
  readonly acceptedAt: number;
  attempts: number;
  failures: number;
  throttles: number;
}

/** Lambda's queue of asynchronous events for one function. */
export class AsynchronousInvocations {
  private current: AsynchronousConfiguration = {};

  constructor(
    private readonly clock: Clock,
    private readonly events: Events,
    private readonly fn: LambdaFunction,
    private readonly directory: (() => Directory) | undefined,
  ) {}

  /** Throws `InvalidParameterValueException` for what AWS would refuse; nothing has changed then. */
  configure(configuration: AsynchronousConfiguration): void {
    validateConfiguration(configuration);
    this.current = configuration;
  }

  accept(event: string, requestId: string): void {
    const bytes = Buffer.byteLength(event);
    if (bytes > EVENT_BYTES) {
      throw new ServiceError('RequestTooLargeException', `${bytes} byte payload is too large for the Event invocation type (limit ${EVENT_BYTES} bytes)`, 413);
    }
    const queued = { event, requestId, acceptedAt: this.clock.now(), attempts: 0, failures: 0, throttles: 0 };
    this.emit('received', queued);
    this.tryAfter(0, queued);
  }

  private tryAfter(delay: number, queued: QueuedEvent): void {
    this.clock.schedule(delay, () => void this.attempt(queued));
  }

  private async attempt(queued: QueuedEvent): Promise<void> {
    this.emit('attempted', queued);
    queued.attempts++;
    const result = await this.fn.attempt(queued.event, queued.requestId);
    if (result.status === 'succeeded') {
      this.tell(this.current.onSuccess, queued, 'Success', result);
      return;
    }
    const delay = this.delayAfter(result, queued);
    const maximumAge = (this.current.maximumEventAge ?? this.fn.properties.maximumEventAge ?? 21_600) * 1000;
    if (delay === undefined) this.giveUp(queued, 'RetriesExhausted', result);
    else if (this.clock.now() + delay - queued.acceptedAt > maximumAge) this.giveUp(queued, 'EventAgeExceeded', result);
    else this.tryAfter(delay, queued);
  }

  private delayAfter(result: InvocationResult, queued: QueuedEvent): number | undefined {
    const { reservedConcurrency, maximumRetryAttempts } = this.fn.properties;
    if (result.status === 'throttled') {
      // Who reserves nothing has stopped the function: there is nothing to wait for.
      const delay = Math.min(THROTTLE_DELAY.first * 2 ** queued.throttles++, THROTTLE_DELAY.longest);
      return reservedConcurrency === 0 ? undefined : delay;
    }
    const retries = this.current.maximumRetryAttempts ?? maximumRetryAttempts ?? 2;
    return queued.failures < retries ? RETRY_DELAYS[queued.failures++] : undefined;
  }

  private giveUp(queued: QueuedEvent, condition: FinishedEvent['condition'], result: InvocationResult): void {
    const { event, requestId } = queued;
    this.emit('dropped', queued);
    this.tell(this.current.onFailure, queued, condition, result);
    const { deadLetterTargetArn: target } = this.fn.properties;
    const reason = `${result.error?.type}: ${result.error?.message}`;
    if (target === undefined) {
      if (this.current.onFailure === undefined) this.fn.log(`The event is lost, as there is no dead-letter target: ${reason}`, requestId);
      return;
    }
    try {
      this.send(target, event, {
        RequestID: { dataType: 'String', stringValue: requestId },
        ErrorCode: { dataType: 'Number', stringValue: result.status === 'throttled' ? '429' : '200' },
        ErrorMessage: { dataType: 'String', stringValue: (result.error?.message ?? '').slice(0, ERROR_MESSAGE_LENGTH) || 'none' },
      }, this.caller);
    } catch (error) {
      this.emit('deadLetterFailed', queued);
      this.fn.log(`The event is lost, as the dead-letter target ${target} did not take it: ${String(error)}`, requestId);
    }
  }

  private tell(destination: string | undefined, queued: QueuedEvent, condition: FinishedEvent['condition'], result: InvocationResult): void {
    if (destination === undefined) return;
    const { event, requestId, attempts } = queued;
    const record = invocationRecord({ event, requestId, functionArn: this.fn.arn, attempts, condition, result }, this.clock.now());
    try {
      sendRecord(this.directory?.(), destination, record, this.caller);
    } catch (error) {
      this.emit('destinationFailed', queued);
      this.fn.log(`The destination ${destination} did not take the record of the invocation: ${String(error)}`, requestId);
    }
  }

  private get caller(): Caller {
    return { principal: this.fn.properties.roleArn ?? 'lambda.amazonaws.com', sourceArn: this.fn.arn };
  }

  private emit(action: AsynchronousInvocationEvent['action'], { requestId, acceptedAt }: QueuedEvent): void {
    const at = this.clock.now();
    this.events.emit({ service: 'asynchronousInvocation', action, at, resource: this.fn.arn, requestId, age: at - acceptedAt });
  }

  private send(
    target: string, body: string, attributes: Record<string, { dataType: string; stringValue: string }>, caller: Caller,
  ): void {
    const directory = this.directory?.();
    const queue = directory?.queue(target);
    if (queue) queue.send({ body, attributes }, caller);
    else if (directory?.hasTopic(target)) directory.publish(target, body, undefined, caller);
    else throw new ServiceError('ResourceNotFoundException', `${target} does not exist`, 404);
  }
}
