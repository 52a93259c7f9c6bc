import type { CloudWatchService } from '..';
import type { Clock } from '../../clock';
import type { SqsEvent } from '../../events';
import type { Buckets } from '../buckets';

/** A queue, as its metrics see it. */
export interface QueueGauge {
  readonly arn: string;
  depth(): { readonly visible: number; readonly inFlight: number; readonly delayed: number };
  /** Seconds; undefined without a message that counts. */
  ageOfOldestMessage(): number | undefined;
  /** Undefined where no message ever had a message group, and for FIFO queues; the age in milliseconds. */
  fairness?(): {
    readonly noisyGroups: number; readonly visibleInQuietGroups: number; readonly notVisibleInQuietGroups: number;
    readonly delayedInQuietGroups: number; readonly oldestInQuietGroups?: number;
  } | undefined;
  /** Message groups with a message in flight; undefined for standard queues. */
  groupsInFlight?(): number | undefined;
}

const MINUTE = 60_000;

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html */
const ACTIVE_FOR = 6 * 60 * MINUTE;

/**
 * What counts as what. A message that is moved, to the dead-letter queue or back by a redrive, is neither sent nor
 * deleted: its event has no place here.
 */
const COUNTED: Readonly<Partial<Record<SqsEvent['action'], string>>> = {
  sent: 'NumberOfMessagesSent',
  received: 'NumberOfMessagesReceived',
  deleted: 'NumberOfMessagesDeleted',
  emptyReceive: 'NumberOfEmptyReceives',
};
const COUNTERS = Object.values(COUNTED);

/** The buckets of one queue's metrics. */
interface Queue {
  readonly counters: Readonly<Partial<Record<string, Buckets>>>;
  readonly size: Buckets;
  readonly deduplicated: () => Buckets;
  readonly visible: Buckets;
  readonly inFlight: Buckets;
  readonly delayed: Buckets;
  readonly age: Buckets;
  readonly groupsInFlight: () => Buckets;
  /** When something was done with the queue last, or it last held a message; milliseconds. */
  activeAt: number;
}

/** AWS/SQS: counts of what happens, and gauges each minute, as long as a queue is active. */
export class SqsMetrics {
  private readonly queues = new Map<string, Queue>();

  constructor(
    private readonly cloudWatch: CloudWatchService,
    private readonly gauges: { queues(): Iterable<QueueGauge> },
    private readonly clock: Clock,
  ) {}

  count({ action, resource, at, bytes, to }: SqsEvent): void {
    const queue = this.queue(resource);
    if (at > queue.activeAt) queue.activeAt = at;
    const counter = COUNTED[action];
    if (counter !== undefined) queue.counters[counter]!.record(at, 1, 1);
    if (action === 'sent') queue.size.record(at, bytes, 1);
    else if (action === 'deduplicated') queue.deduplicated().record(at, 1, 1);
    else if (action === 'moved' && to !== undefined) this.queue(to).activeAt = at;
  }

  /** Samples every active queue into the minute that ends at `at`. */
  sample(at: number): void {
    const minute = at - MINUTE;
    for (const gauge of this.gauges.queues()) {
      const queue = this.queue(gauge.arn);
      const { visible, inFlight, delayed } = gauge.depth();
      if (visible + inFlight + delayed > 0) queue.activeAt = at;
      if (at - queue.activeAt > ACTIVE_FOR) continue;
      for (const counter of COUNTERS) {
        const buckets = queue.counters[counter]!;
        if (!buckets.has(minute)) buckets.record(minute, 0, 1);
      }
      queue.visible.record(minute, visible, 1);
      queue.inFlight.record(minute, inFlight, 1);
      queue.delayed.record(minute, delayed, 1);
      const age = gauge.ageOfOldestMessage();
      if (age !== undefined) queue.age.record(minute, age, 1);
      const groups = gauge.groupsInFlight?.();
      if (groups !== undefined) queue.groupsInFlight().record(minute, groups, 1);
      this.sampleFairness(gauge, minute);
    }
  }

  /** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html */
  private sampleFairness(gauge: QueueGauge, at: number): void {
    const fairness = gauge.fairness?.();
    if (!fairness) return;
    const dimensions = dimensionsOf(gauge.arn);
    const put = (name: string, value: number, unit = 'Count'): void => (
      this.cloudWatch.putMetric('AWS/SQS', name, dimensions, value, { at, unit })
    );
    put('ApproximateNumberOfNoisyGroups', fairness.noisyGroups);
    put('ApproximateNumberOfMessagesVisibleInQuietGroups', fairness.visibleInQuietGroups);
    put('ApproximateNumberOfMessagesNotVisibleInQuietGroups', fairness.notVisibleInQuietGroups);
    put('ApproximateNumberOfMessagesDelayedInQuietGroups', fairness.delayedInQuietGroups);
    const { oldestInQuietGroups: oldest } = fairness;
    if (oldest !== undefined) put('ApproximateAgeOfOldestMessageInQuietGroups', Math.floor(oldest / 1000), 'Seconds');
  }

  private queue(arn: string): Queue {
    let queue = this.queues.get(arn);
    if (!queue) this.queues.set(arn, queue = this.open(arn));
    return queue;
  }

  private open(arn: string): Queue {
    const dimensions = dimensionsOf(arn);
    const metric = (name: string, unit = 'Count'): Buckets => this.cloudWatch.metric('AWS/SQS', name, dimensions).perMinute(unit);
    return {
      counters: Object.fromEntries(COUNTERS.map((name) => [name, metric(name)])),
      size: metric('SentMessageSize', 'Bytes'),
      deduplicated: () => metric('NumberOfDeduplicatedSentMessages'),
      visible: metric('ApproximateNumberOfMessagesVisible'),
      inFlight: metric('ApproximateNumberOfMessagesNotVisible'),
      delayed: metric('ApproximateNumberOfMessagesDelayed'),
      age: metric('ApproximateAgeOfOldestMessage', 'Seconds'),
      groupsInFlight: () => metric('ApproximateNumberOfGroupsWithInflightMessages'),
      activeAt: this.clock.now(), // its creation, the first thing done with it
    };
  }
}

function dimensionsOf(arn: string): Record<string, string> {
  return { QueueName: arn.slice(arn.lastIndexOf(':') + 1) };
}
