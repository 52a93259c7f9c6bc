/**
 * The kinds of alarms that `QueueAlarms`, `ConsumerAlarms` and `TopicAlarms` can make. The value is the construct ID of the
 * alarm; each kind has a heading of its own in the runbook.
 */
export enum AlarmKind {
  /**
   * Messages are in the dead-letter queue. Made by `QueueAlarms`.
   */
  DEAD_LETTERS = 'DeadLetters',

  /**
   * The oldest message has waited too long. Made by `QueueAlarms`.
   */
  AGE = 'Age',

  /**
   * Messages are visible and none is deleted. Made by `QueueAlarms`.
   */
  STALLED = 'Stalled',

  /**
   * The queue nears the number of messages that can be in flight. Made by `QueueAlarms`.
   */
  IN_FLIGHT = 'InFlight',

  /**
   * The queue grows faster than it drains. Made by `QueueAlarms`.
   */
  BACKLOG_GROWTH = 'BacklogGrowth',

  /**
   * SQS finds message groups of a fair queue noisy. Made by `QueueAlarms` of a standard queue.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
   */
  NOISY_GROUPS = 'NoisyGroups',

  /**
   * Invocations end in an error. Made by `ConsumerAlarms`.
   */
  ERRORS = 'Errors',

  /**
   * Lambda refuses invocations for want of concurrency. Made by `ConsumerAlarms`.
   */
  THROTTLES = 'Throttles',

  /**
   * Invocations take nearly as long as the timeout allows. Made by `ConsumerAlarms`.
   */
  DURATION = 'Duration',

  /**
   * The function runs as often at once as it may. Made by `ConsumerAlarms` where a limit is known.
   */
  CONCURRENCY = 'Concurrency',

  /**
   * Too large a share of the messages fails. Made by `ConsumerAlarms` where the `consumer` is given.
   */
  FAILED_RECORDS = 'FailedRecords',

  /**
   * SNS gave up delivering to a subscription. Made by `TopicAlarms`.
   */
  FAILED_NOTIFICATIONS = 'FailedNotifications',

  /**
   * SNS moved messages to the dead-letter queue of a subscription. Made by `TopicAlarms`.
   */
  SUBSCRIPTION_DEAD_LETTERS = 'SubscriptionDeadLetters',

  /**
   * SNS could not move messages to the dead-letter queue of a subscription. Made by `TopicAlarms`.
   */
  FAILED_REDRIVES = 'FailedRedrives',
}

const essential = [AlarmKind.DEAD_LETTERS, AlarmKind.AGE, AlarmKind.ERRORS, AlarmKind.FAILED_NOTIFICATIONS];

const optional = [AlarmKind.BACKLOG_GROWTH, AlarmKind.NOISY_GROUPS, AlarmKind.CONCURRENCY, AlarmKind.FAILED_RECORDS];

/**
 * Which alarms exist. CloudWatch charges for each metric that an alarm looks at, 0.10 USD a month in us-east-1 when this was
 * written, so that the alarms are part of what a channel costs.
 *
 * A set holds kinds for queues, consumers and topics alike: each construct makes those that it knows, and leaves out those that
 * don't apply to what it watches.
 *
 * @see https://aws.amazon.com/cloudwatch/pricing/
 */
export class AlarmSet {
  /**
   * What tells that messages are late, fail or are lost: `DEAD_LETTERS`, `AGE`, `ERRORS` and `FAILED_NOTIFICATIONS`. 4 metrics
   * for a topic, a queue and a consumer.
   */
  public static essential(): AlarmSet {
    return new AlarmSet(essential);
  }

  /**
   * The essential alarms, and those that tell the cause or warn before it: `STALLED`, `IN_FLIGHT`, `THROTTLES`, `DURATION`,
   * `SUBSCRIPTION_DEAD_LETTERS` and `FAILED_REDRIVES`. 11 metrics for a topic, a queue and a consumer.
   */
  public static standard(): AlarmSet {
    return AlarmSet.complete().without(...optional);
  }

  /**
   * Every kind there is. Up to 16 metrics for a topic, a queue and a consumer.
   */
  public static complete(): AlarmSet {
    return new AlarmSet(Object.values(AlarmKind));
  }

  /**
   * Only these kinds.
   */
  public static of(...kinds: AlarmKind[]): AlarmSet {
    return new AlarmSet(kinds);
  }

  private constructor(private readonly chosen: readonly AlarmKind[]) {}

  /**
   * The kinds in the set, each once.
   */
  public get kinds(): AlarmKind[] {
    return [...new Set(this.chosen)];
  }

  /**
   * A set that has these kinds as well.
   */
  public with(...kinds: AlarmKind[]): AlarmSet {
    return new AlarmSet([...this.chosen, ...kinds]);
  }

  /**
   * A set that doesn't have these kinds.
   */
  public without(...kinds: AlarmKind[]): AlarmSet {
    return new AlarmSet(this.chosen.filter((kind) => !kinds.includes(kind)));
  }

  /**
   * Whether the set has a kind.
   */
  public includes(kind: AlarmKind): boolean {
    return this.chosen.includes(kind);
  }
}
