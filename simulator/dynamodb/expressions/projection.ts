import type { AttributeValue, Item } from '../attribute-value';
import { overlap, shownPath, type DocumentPath } from './document-path';
import { ExpressionParser } from './parser';
import type { Placeholders } from './placeholders';

/** What is left of an item. */
export interface Projection {
  readonly paths: readonly DocumentPath[];
  of(item: Item): Item;
}

/**
 * Reads a projection.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html
 * @throws ServiceError `ValidationException` for what DynamoDB would refuse
 */
export function parseProjection(text: string, placeholders: Placeholders): Projection {
  const paths = new ProjectionParser(text, placeholders, 'ProjectionExpression').parse();
  return { paths, of: (item) => projected(item, paths) };
}

class ProjectionParser extends ExpressionParser {
  parse(): DocumentPath[] {
    const paths = this.separated(() => this.path());
    this.end();
    for (const [index, path] of paths.entries()) {
      const other = paths.slice(0, index).find((one) => overlap(one, path) || overlap(path, one));
      if (other) {
        throw this.invalid('Two document paths overlap with each other; must remove or rewrite one of these paths; '
          + `path one: [${shownPath(other)}], path two: [${shownPath(path)}]`);
      }
    }
    return paths;
  }
}

/** What of the members lies at the paths. */
export function projected(members: Item, paths: readonly DocumentPath[]): Item {
  return Object.fromEntries(grouped(paths).flatMap(([step, inner]) => {
    const value = Object.hasOwn(members, step) ? within(members[step], inner) : undefined;
    return value === undefined ? [] : [[step, value]];
  }));
}

function within(value: AttributeValue, paths: readonly DocumentPath[]): AttributeValue | undefined {
  if (paths.some((path) => path.length === 0)) return value;
  const indexes = grouped(paths.filter(([step]) => typeof step === 'number')).sort(([one], [other]) => Number(one) - Number(other));
  if (value.L && indexes.length > 0) {
    const found = indexes.flatMap(([index, inner]) => (value.L![Number(index)] ? within(value.L![Number(index)], inner) ?? [] : []));
    return found.length > 0 ? { L: found } : undefined;
  }
  const found = value.M ? projected(value.M, paths.filter(([step]) => typeof step === 'string')) : {};
  return Object.keys(found).length > 0 ? { M: found } : undefined;
}

/** What follows each first step. */
function grouped(paths: readonly DocumentPath[]): [string, DocumentPath[]][] {
  const groups = new Map<string, DocumentPath[]>();
  for (const [step, ...inner] of paths) groups.set(String(step), [...groups.get(String(step)) ?? [], inner]);
  return [...groups];
}
