import { hash } from 'node:crypto';
import type { Clock } from '../clock';
import { ServiceError, type Place } from '../contracts';
import type { Events } from '../events';
import type { Random } from '../random';
import { invalidParameter, type PublishedMessage } from './message';
import type { Subscription } from './subscription';

/** How a topic logs what becomes of its messages at the endpoints of one protocol. */
export interface DeliveryStatusLogging {
  readonly protocol: string;
  /** Percent of the successes, 0 to 100. @default 0 */
  readonly successSampleRate?: number;
  /** With which SNS logs successes. @default - none are logged */
  readonly successRoleArn?: string;
  /** With which SNS logs failures. @default - none are logged */
  readonly failureRoleArn?: string;
}

/** Asks whether SNS may assume the role, and write with it to the log group. Throws a `ServiceError` when not. */
export type AuthorizeLog = (roleArn: string, logGroup: string) => void;

interface Outcome {
  readonly attempts: number;
  readonly statusCode: number;
  /** What the endpoint answered. */
  readonly response: object;
}

/** @throws ServiceError `InvalidParameter` for what SNS would refuse */
export function validateLogging({ protocol, successSampleRate: rate = 0 }: DeliveryStatusLogging): void {
  if (!['http/s', 'sqs', 'lambda', 'firehose', 'application'].includes(protocol)) throw invalidParameter(`Protocol: Invalid value [${protocol}]`);
  if (!Number.isInteger(rate) || rate < 0 || rate > 100) throw invalidParameter(`SuccessFeedbackSampleRate: must be from 0 to 100, got ${rate}`);
}

/**
 * Writes to CloudWatch Logs what became of deliveries to queues, functions and delivery streams: each failure for good, and a
 * share of the successes. SNS logs nothing with a role that may not: only a denial tells.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html
 */
export class DeliveryStatusLog {
  private readonly logStream: string;

  /** @param random of its own, so that who logs nothing has the same identifiers as ever */
  constructor(
    private readonly clock: Clock, private readonly events: Events, private readonly place: Place,
    private readonly random: Random, private readonly authorize: AuthorizeLog,
  ) {
    this.logStream = random.uuid();
  }

  succeeded(subscription: Subscription, message: PublishedMessage, outcome: Outcome): void {
    const logging = loggingOf(subscription);
    if (logging?.successRoleArn === undefined || this.random.integer(100) >= (logging.successSampleRate ?? 0)) return;
    this.write(logging.successRoleArn, '', subscription, message, outcome, 'SUCCESS');
  }

  failed(subscription: Subscription, message: PublishedMessage, outcome: Outcome): void {
    const role = loggingOf(subscription)?.failureRoleArn;
    if (role !== undefined) this.write(role, '/Failure', subscription, message, outcome, 'FAILURE');
  }

  private write(
    role: string, suffix: string, { topic, endpoint, protocol }: Subscription, message: PublishedMessage, outcome: Outcome, status: string,
  ): void {
    const { region, account } = this.place;
    const logGroup = `sns/${region}/${account}/${topic.name}${suffix}`;
    try {
      this.authorize(role, logGroup);
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'AccessDenied') return;
      throw error;
    }
    const at = this.clock.now();
    const line = JSON.stringify({
      notification: {
        messageMD5Sum: hash('md5', message.body(protocol)), messageId: message.messageId, topicArn: topic.arn,
        timestamp: new Date(message.at).toISOString().replace('T', ' ').replace('Z', ''),
      },
      delivery: {
        deliveryId: this.random.uuid(), destination: endpoint, providerResponse: JSON.stringify(outcome.response),
        dwellTimeMs: at - message.at, attempts: outcome.attempts, statusCode: outcome.statusCode,
      },
      status,
    });
    this.events.emit({ service: 'logs', action: 'written', at, resource: topic.arn, line, logGroup, logStream: this.logStream });
  }
}

function loggingOf({ topic, protocol }: Subscription): DeliveryStatusLogging | undefined {
  return topic.deliveryStatusLogging.find((logging) => logging.protocol === protocol);
}
