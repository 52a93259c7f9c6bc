import type { Members } from './members';
import { NO_DATA, sourceOf, type Frame, type MetricSource, type MetricStatistic } from './metric-source';
import type { MetricStore } from './metric-store';
import { statistic, type Compute } from './statistics';
import { evaluate, type Names } from './math/evaluate';
import { parse, references, searches, type Expression } from './math/parser';
import { isList, refuse, type TimeSeries, type Value } from './math/values';

/** What the API calls a `MetricDataQuery`: a metric or an expression over the others. */
export interface MetricQuery {
  readonly id: string;
  readonly label?: string;
  readonly returnData: boolean;
  readonly metric?: MetricStatistic;
  readonly expression?: { readonly text: string; readonly tree: Expression; readonly period?: number };
}

/** Reads a period in seconds: 10, 20, 30 or a multiple of 60; the API's queries also take 1 and 5. */
export function readPeriod(members: Members, name = 'Period', high: readonly number[] = [10, 20, 30]): number | undefined {
  const period = members.number(name, { least: 1, most: 604_800, whole: true });
  if (period !== undefined && period % 60 !== 0 && !high.includes(period)) {
    members.problem(`'${name}' must be ${high.join(', ')} or a multiple of 60, got ${period}`);
  }
  return period;
}

/** Reads the name of a statistic and notes what is wrong with it. */
export function readStatistic(members: Members, name: string): { name: string; compute: Compute } | undefined {
  const text = members.text(name);
  if (text === undefined) return undefined;
  const compute = statistic(text);
  if (typeof compute !== 'string') return { name: text, compute };
  members.problem(`'${name}': ${compute}`);
  return undefined;
}

/** Seconds between the data points of a search that names no period. */
const SEARCHED_PERIOD = 300;

/** Queries that belong together and are computed together. */
export class MetricQueries {
  private readonly byId: ReadonlyMap<string, MetricQuery>;

  private constructor(readonly queries: readonly MetricQuery[]) {
    this.byId = new Map(queries.map((query) => [query.id, query]));
  }

  /**
   * Reads a list of `MetricDataQuery` structures. Throws a `ValidationError` that names every problem: a function that
   * is not modelled, an unknown ID, a circle of expressions.
   * @param account the only account whose metrics there are
   */
  static read(list: readonly Members[], owner: Members, account: string): MetricQueries {
    const read = list.map((members) => readQuery(members, account));
    for (const [index, { id }] of read.entries()) {
      if (read.findIndex((other) => other.id === id) !== index) owner.problem(`the ID '${id}' is given twice`);
    }
    owner.finish();
    const queries = new MetricQueries(read);
    for (const query of read) queries.check(query);
    return queries;
  }

  /** The one period, in seconds, of all that a query is computed from. Throws where there are several. */
  periodOf(query: MetricQuery): number {
    const periods = this.periods(query, new Set());
    if (periods.size === 1) return [...periods][0];
    return refuse(`the expression '${query.id}' must have metrics of one period, got ${[...periods].join(', ') || 'none'}`);
  }

  value(query: MetricQuery, frame: Frame, store: MetricStore): Value {
    return this.compute(query, sourceOf(frame, store));
  }

  /** Whether any of them has a search. */
  get search(): boolean {
    return this.queries.some(({ expression }) => expression && searches(expression.tree).length > 0);
  }

  /** Whether a query results in several time series. */
  resultsInList(query: MetricQuery): boolean {
    return isList(this.compute(query, NO_DATA));
  }

  private compute(query: MetricQuery, source: MetricSource): Value {
    const known = new Map<string, Value>();
    const valueOf = (each: MetricQuery): Value => {
      let value = known.get(each.id);
      if (value !== undefined) return value;
      value = each.metric ? source.points(each.metric).labelled(each.label) : evaluate(each.expression!.tree, namesFor(each));
      known.set(each.id, value);
      return value;
    };
    const names = {
      series: (id: string) => {
        const named = this.byId.get(id);
        return named && valueOf(named);
      },
      metrics: () => new Map(this.queries.filter(({ metric }) => metric).map((each) => [each.id, valueOf(each) as TimeSeries])),
    };
    const namesFor = (each: MetricQuery): Names => ({
      ...names,
      search: (text, name, period = each.expression!.period ?? SEARCHED_PERIOD) => {
        const compute = statistic(name);
        return typeof compute === 'string' ? refuse(compute) : source.search(text, name, compute, period);
      },
      none: this.searchesIn(each) ? () => source.none(this.periodOf(each)) : undefined,
    });
    return valueOf(query);
  }

  /** Whether its own expression, or one that it names, has a search. */
  private searchesIn({ expression }: MetricQuery): boolean {
    if (!expression) return false;
    return searches(expression.tree).length > 0 || references(expression.tree).some((id) => {
      const named = this.byId.get(id);
      return named !== undefined && this.searchesIn(named);
    });
  }

  /** Computes the expression over no data at all, which finds everything that does not depend on the data. */
  private check(query: MetricQuery): void {
    if (!query.expression) return;
    this.refuseCircle(query, []);
    const value = this.compute(query, NO_DATA);
    if (typeof value === 'number') refuse(`the expression '${query.id}' must result in a time series, not in a number`);
    const period = this.periodOf(query);
    const own = query.expression.period;
    if (own !== undefined && own !== period) refuse(`the expression '${query.id}' has the period ${own}, its metrics ${period}`);
  }

  private refuseCircle(query: MetricQuery, path: readonly string[]): void {
    if (path.includes(query.id)) refuse(`the expressions ${[...path, query.id].join(' -> ')} form a circle`);
    if (!query.expression) return;
    for (const id of references(query.expression.tree)) {
      const named = this.byId.get(id);
      if (named) this.refuseCircle(named, [...path, query.id]);
    }
  }

  private periods(query: MetricQuery, periods: Set<number>): Set<number> {
    if (query.metric) return periods.add(query.metric.period);
    const { tree, text, period } = query.expression!;
    for (const own of searches(tree)) periods.add(own ?? period ?? SEARCHED_PERIOD);
    const named = references(tree).map((id) => this.byId.get(id) ?? refuse(`no metric or expression has the ID '${id}'`));
    const all = /\bMETRICS\s*\(/.test(text) ? this.queries.filter(({ metric }) => metric) : [];
    for (const each of [...named, ...all]) this.periods(each, periods);
    return periods;
  }
}

function readQuery(members: Members, account: string): MetricQuery {
  const id = members.required(members.text('Id', { atMost: 255 }), 'Id');
  if (id !== undefined && !/^[a-z][A-Za-z0-9_]*$/.test(id)) {
    members.problem(`'Id' must begin with a small letter and have only letters, digits and underscores, got '${id}'`);
  }
  const of = members.text('AccountId');
  if (of !== undefined && of !== account) members.problem(`metrics of another account (${of}) are not modelled by the simulator`);
  const text = members.text('Expression', { atMost: 2048 });
  const metricStat = members.structure('MetricStat');
  if ((text === undefined) === (metricStat === undefined)) members.problem(`'${id}' must have either 'Expression' or 'MetricStat'`);
  const query = {
    id, label: members.text('Label', { atLeast: 0 }), returnData: members.boolean('ReturnData') ?? true,
    metric: metricStat && readMetricStat(metricStat),
    expression: text === undefined ? undefined : { text, tree: parse(text), period: readPeriod(members) },
  };
  members.nothingElse();
  return query;
}

function readMetricStat(members: Members): MetricStatistic {
  const metric = members.structure('Metric');
  members.required(metric, 'Metric');
  const read = readStatistic(members, 'Stat');
  members.required(read, 'Stat');
  const period = members.required(readPeriod(members, 'Period', [1, 5, 10, 20, 30]), 'Period');
  const unit = members.text('Unit');
  members.nothingElse();
  const identity = {
    namespace: metric ? metric.required(metric.text('Namespace', { atMost: 255 }), 'Namespace') : '',
    name: metric ? metric.required(metric.text('MetricName', { atMost: 255 }), 'MetricName') : '',
    dimensions: metric?.dimensions() ?? {},
  };
  metric?.nothingElse();
  return { ...identity, statistic: read?.name ?? '', compute: read?.compute ?? (() => undefined), period, unit };
}
