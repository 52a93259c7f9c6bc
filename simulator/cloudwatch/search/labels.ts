import type { Searched } from './expression';

/** What tells the metrics that a search found from each other: the values of dimensions, then the name. */
export function labelsOf(found: readonly Searched[]): string[] {
  const differs = (read: (metric: Searched) => string | undefined): boolean => new Set(found.map(read)).size > 1;
  const dimensions = [...new Set(found.flatMap((metric) => Object.keys(metric.dimensions)))]
    .filter((dimension) => differs((metric) => metric.dimensions[dimension]));
  const named = dimensions.length === 0 || differs(({ name }) => name);
  return found.map((metric) => (
    [...dimensions.map((dimension) => metric.dimensions[dimension]), named ? metric.name : undefined].filter((part) => part !== undefined).join(' ')
  ));
}
