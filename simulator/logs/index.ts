import { ServiceError } from '../contracts';
import type { Events, LogEvent } from '../events';
import { MetricFilter, type MetricTransformation, type PutMetric } from './metric-filter';
import { SubscriptionFilter, type Subscription, type SubscriptionSurroundings } from './subscription-filter';

export type { MetricTransformation, PutMetric } from './metric-filter';
export { logsCaller, type Subscription, type SubscriptionSurroundings } from './subscription-filter';

interface LogGroup {
  readonly metricFilters: Map<string, MetricFilter>;
  readonly subscriptionFilters: Map<string, SubscriptionFilter>;
}

const MOST_METRIC_FILTERS = 100;
const MOST_SUBSCRIPTION_FILTERS = 2;
const MINUTE = 60_000;

/** Amazon CloudWatch Logs: log groups, and what is done with the events that functions write to them. */
export class LogsService {
  private readonly groups = new Map<string, LogGroup>();

  constructor(private readonly around: SubscriptionSurroundings, events: Events, private readonly putMetric: PutMetric) {
    events.on('logs', (event) => this.take(event));
  }

  hasGroup(name: string): boolean {
    return this.groups.has(name);
  }

  createGroup(name: string): void {
    this.groups.set(name, { metricFilters: new Map(), subscriptionFilters: new Map() });
  }

  deleteGroup(name: string): void {
    this.groups.delete(name);
  }

  /**
   * Adds a filter, or replaces the one of that name.
   *
   * @throws ServiceError `ResourceNotFoundException`, `LimitExceededException`, `InvalidParameterException`
   */
  putMetricFilter(group: string, name: string, pattern: string, transformation: MetricTransformation): void {
    put(this.existing(group).metricFilters, name, new MetricFilter(pattern, transformation, this.putMetric), MOST_METRIC_FILTERS);
  }

  deleteMetricFilter(group: string, name: string): void {
    this.groups.get(group)?.metricFilters.delete(name);
  }

  /** Adds a filter, or replaces the one of that name. @throws as `putMetricFilter` */
  putSubscriptionFilter(subscription: Subscription): void {
    const { subscriptionFilters } = this.existing(subscription.logGroup);
    put(subscriptionFilters, subscription.name, new SubscriptionFilter(subscription, this.around), MOST_SUBSCRIPTION_FILTERS);
  }

  deleteSubscriptionFilter(group: string, name: string): void {
    this.groups.get(group)?.subscriptionFilters.delete(name);
  }

  /** To be called at each full minute, before alarms look at the metrics. */
  endMinute(at: number): void {
    for (const { metricFilters } of this.groups.values()) for (const filter of metricFilters.values()) filter.endMinute(at - MINUTE);
  }

  private take(event: LogEvent): void {
    if (event.logStream === '') return;
    // A function makes its log group when it first writes.
    if (!this.groups.has(event.logGroup)) this.createGroup(event.logGroup);
    const { metricFilters, subscriptionFilters } = this.groups.get(event.logGroup)!;
    for (const filter of metricFilters.values()) filter.take(event.line, event.at);
    for (const filter of subscriptionFilters.values()) filter.take(event);
  }

  private existing(name: string): LogGroup {
    const group = this.groups.get(name);
    if (!group) throw new ServiceError('ResourceNotFoundException', `The specified log group does not exist: ${name}`);
    return group;
  }
}

function put<Filter>(filters: Map<string, Filter>, name: string, filter: Filter, most: number): void {
  if (!/^[^:*]{1,512}$/.test(name)) {
    throw new ServiceError('InvalidParameterException', `'FilterName' must have from 1 to 512 characters without ':' and '*', got '${name}'`);
  }
  if (!filters.has(name) && filters.size === most) {
    throw new ServiceError('LimitExceededException', `A log group must have at most ${most} filters of this kind`);
  }
  filters.set(name, filter);
}
