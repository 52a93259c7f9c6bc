import { Duration } from 'aws-cdk-lib';
import type { QueueConsumerTiming } from '../durable-queue';
import { isKnown, must, type Rule, wording } from './validation';

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const TIMES_CONSUMER_TIMEOUT = 6;
const WITHOUT_CONSUMERS = Duration.seconds(30);
const LONGEST = Duration.hours(12);

/** Six times the longest timeout plus its batching window. Consumers whose times are tokens are left to the rules. */
export function visibilityTimeoutFor(consumers: readonly QueueConsumerTiming[]): Duration {
  const known = consumers.filter(isCountable);
  if (known.length === 0) return WITHOUT_CONSUMERS;
  return Duration.seconds(Math.max(...known.map(({ timeout, batchingWindow }) =>
    TIMES_CONSUMER_TIMEOUT * timeout.toSeconds() + (batchingWindow?.toSeconds() ?? 0))));
}

/**
 * @param explicit the visibility timeout that was given, if one was
 * @param otherwise what else the user can do than to make it longer
 */
export function visibilityTimeoutRules(
  explicit: Duration | undefined,
  consumers: readonly QueueConsumerTiming[],
  otherwise = 'Leave it out, and it follows the consumers',
): Rule[] {
  const needed = visibilityTimeoutFor(consumers);
  if (explicit) {
    return [must(
      !isKnown(explicit) || !consumers.some(isCountable) || explicit.toMilliseconds() >= needed.toMilliseconds(),
      `'visibilityTimeout' must be at least ${wording(needed)}, which is ${TIMES_CONSUMER_TIMEOUT} times the longest consumer timeout `
      + `plus its batching window, got ${isKnown(explicit) ? wording(explicit) : ''}. ${otherwise}`,
    )];
  }
  return [
    must(consumers.every(isCountable),
      "'visibilityTimeout' must be given, because the timeout or batching window of a consumer is known only at deployment"),
    must(needed.toSeconds() <= LONGEST.toSeconds(),
      `a consumer's timeout must be short enough that ${TIMES_CONSUMER_TIMEOUT} times it plus its batching window is at most `
      + `${wording(LONGEST)}, got ${wording(needed)}`),
  ];
}

function isCountable({ timeout, batchingWindow }: QueueConsumerTiming): boolean {
  return isKnown(timeout) && (batchingWindow === undefined || isKnown(batchingWindow));
}
