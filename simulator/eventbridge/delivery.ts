import type { Clock } from '../clock';
import { ServiceError, type Caller, type Directory, type MessageAttribute } from '../contracts';
import type { EventBridgeEvent, Events } from '../events';
import { inputFor, parseInput, type MatchedEvent } from './input';
import type { Target } from './target';

/** What EventBridge does without a retry policy: up to 185 retries within 24 hours. */
const retryDefaults = { attempts: 185, seconds: 86_400 };

/**
 * Milliseconds before a retry: twice as long each time, at most 8 minutes, so that 185 retries take about a day. AWS says that the
 * wait grows exponentially, but not how; and it adds jitter, the simulator does not.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
function retryDelay(retry: number): number {
  return Math.min(1_000 * 2 ** (retry - 1), 480_000);
}

interface Invocation extends MatchedEvent {
  readonly target: Target;
  attempts: number;
}

/** How a try ended: the IDs that the event has at the target. */
interface Delivered {
  readonly deliveredMessageId?: string;
  readonly requestId?: string;
}

type RetryCondition = 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';

/** Brings matched events to the targets of rules. */
export class Delivery {
  constructor(private readonly clock: Clock, private readonly events: Events, private readonly directory: Directory) {}

  deliver(target: Target, matched: MatchedEvent): void {
    this.attempt({ ...matched, target, attempts: 0 });
  }

  private attempt(invocation: Invocation): void {
    const { target, ingestedAt } = invocation;
    const first = invocation.attempts++ === 0;
    this.emit('attempted', invocation, { to: target.Arn, ...first && { latency: this.clock.now() - ingestedAt } });
    let delivered: Delivered;
    try {
      delivered = this.invoke(invocation);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.settle(invocation, error);
      return;
    }
    this.emit('delivered', invocation, { to: target.Arn, ...delivered });
  }

  private invoke({ target, ...matched }: Invocation): Delivered {
    const { Arn: arn, RoleArn, SqsParameters } = target;
    const input = inputFor(target, matched);
    const caller: Caller = RoleArn === undefined ? { principal: 'events.amazonaws.com', sourceArn: matched.rule.arn } : { principal: RoleArn };
    switch (arn.split(':')[2]) {
      case 'sqs':
        return { deliveredMessageId: this.queue(arn).send({ body: input, messageGroupId: SqsParameters?.MessageGroupId }, caller).messageId };
      case 'lambda': {
        const found = this.directory.function(arn);
        if (!found?.invokeAsync) throw missing(arn);
        return { requestId: found.invokeAsync(parseInput(input), caller) };
      }
      default: {
        // to topics EventBridge does not say for which rule it publishes: no condition on the source can hold
        const published = this.directory.publish(arn, input, undefined, { ...caller, sourceArn: undefined });
        return { deliveredMessageId: published?.messageId };
      }
    }
  }

  /** What the target lacks or forbids stays so: only a failure of its service, or its throttling, is worth another try. */
  private settle(invocation: Invocation, error: ServiceError): void {
    const { MaximumRetryAttempts = retryDefaults.attempts, MaximumEventAgeInSeconds = retryDefaults.seconds } = invocation.target.RetryPolicy ?? {};
    if (!isRetriable(error)) {
      this.giveUp(invocation, error);
      return;
    }
    const retry = invocation.attempts;
    const delay = retryDelay(retry);
    if (retry > MaximumRetryAttempts) {
      this.giveUp(invocation, error, 'MaximumRetryAttempts');
    } else if (this.clock.now() + delay - invocation.ingestedAt > MaximumEventAgeInSeconds * 1000) {
      this.giveUp(invocation, error, 'MaximumEventAgeInSeconds');
    } else {
      this.emit('retried', invocation, { to: invocation.target.Arn, reason: reasonOf(error) });
      this.clock.schedule(delay, () => this.attempt(invocation));
    }
  }

  private giveUp(invocation: Invocation, error: ServiceError, exhausted?: RetryCondition): void {
    const { target, event, rule, attempts } = invocation;
    const deadLetters = target.DeadLetterConfig?.Arn;
    const reason = reasonOf(error);
    if (deadLetters === undefined) {
      this.emit('failed', invocation, { to: target.Arn, reason });
      return;
    }
    try {
      const { messageId } = this.queue(deadLetters).send({
        body: JSON.stringify(event),
        attributes: texts({
          RULE_ARN: rule.arn, TARGET_ARN: target.Arn, ERROR_CODE: errorCode(error), ERROR_MESSAGE: error.message || error.code,
          RETRY_ATTEMPTS: String(attempts - 1), ...exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted },
        }),
      }, { principal: 'events.amazonaws.com', sourceArn: rule.arn });
      this.emit('redriven', invocation, { to: deadLetters, deliveredMessageId: messageId, reason });
    } catch (refusal) {
      if (!(refusal instanceof ServiceError)) throw refusal;
      this.emit('failed', invocation, {
        to: target.Arn, deadLetterQueue: deadLetters, reason: `${reason}; the dead-letter queue: ${reasonOf(refusal)}`,
      });
    }
  }

  private queue(arn: string): NonNullable<ReturnType<Directory['queue']>> {
    const found = this.directory.queue(arn);
    if (!found) throw missing(arn);
    return found;
  }

  private emit(action: EventBridgeEvent['action'], { event, rule }: Invocation, more: Partial<EventBridgeEvent>): void {
    this.events.emit({ service: 'eventbridge', action, at: this.clock.now(), resource: rule.arn, eventId: event.id, ...more });
  }
}

const missing = (arn: string): ServiceError => new ServiceError('ResourceNotFoundException', `The target ${arn} does not exist`, 404);

const reasonOf = ({ code, message }: ServiceError): string => `${code}: ${message}`;

const isThrottling = ({ code, status }: ServiceError): boolean => status === 429 || /thrott|TooManyRequests|RequestLimit/i.test(code);

const isRetriable = (error: ServiceError): boolean => error.status >= 500 || isThrottling(error);

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
function errorCode(error: ServiceError): string {
  if (isThrottling(error)) return 'THROTTLING';
  if (error.status >= 500) return 'ERROR_FROM_TARGET';
  if (error.code === 'InvalidJson') return 'INVALID_JSON';
  if (error.status === 403) return 'NO_PERMISSIONS';
  return error.status === 404 ? 'NO_RESOURCE' : 'INVALID_PARAMETER';
}

function texts(values: Readonly<Record<string, string>>): Record<string, MessageAttribute> {
  return Object.fromEntries(Object.entries(values).map(([name, stringValue]) => [name, { dataType: 'String', stringValue }]));
}
