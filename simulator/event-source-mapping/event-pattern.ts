/**
 * The rules by which an event source mapping filters records:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 */
export type Predicate = (value: unknown) => boolean;

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Compiles a pattern: an object whose leaves are lists of rules. Throws an `Error` that names what is wrong, and where. */
export function compilePattern(pattern: unknown, path: string): Predicate {
  if (Array.isArray(pattern)) return compileRules(pattern, path);
  if (!isFields(pattern)) throw new Error(`'${path}' must be an object or a list of rules, got ${JSON.stringify(pattern)}`);
  if (Object.keys(pattern).length === 0) throw new Error(`'${path}' must have at least one field, got {}`);

  const conditions = Object.entries(pattern).map(([name, nested]): Predicate => {
    if (name === '$or' && Array.isArray(nested)) return compileAlternatives(nested, `${path}.$or`);
    const matches = compilePattern(nested, `${path}.${name}`);
    return (fields) => matches(isFields(fields) && Object.hasOwn(fields, name) ? fields[name] : undefined);
  });
  const all: Predicate = (fields) => conditions.every((holds) => holds(fields));
  // Of a list of objects, one must satisfy the whole pattern.
  return (value) => Array.isArray(value) ? value.some(all) : all(value);
}

function compileAlternatives(alternatives: readonly unknown[], path: string): Predicate {
  if (alternatives.length < 2 || !alternatives.every(isFields)) {
    throw new Error(`'${path}' must be a list of at least two objects, got ${JSON.stringify(alternatives)}`);
  }
  const compiled = alternatives.map((alternative) => compilePattern(alternative, path));
  return (fields) => compiled.some((holds) => holds(fields));
}

function compileRules(rules: readonly unknown[], path: string): Predicate {
  if (rules.length === 0) throw new Error(`'${path}' must have at least one rule, got []`);
  const compiled = rules.map((rule) => compileRule(rule, path));
  return (value) => compiled.some((holds) => holds(value));
}

function compileRule(rule: unknown, path: string): Predicate {
  if (!isFields(rule)) {
    if (Array.isArray(rule)) throw new Error(`'${path}' must not have a list as a rule, got ${JSON.stringify(rule)}`);
    return element((value) => value === rule);
  }
  const [only, ...others] = Object.entries(rule);
  if (only === undefined || others.length > 0) {
    throw new Error(`'${path}' must have rules of one operator each, got ${JSON.stringify(rule)}`);
  }
  const [operator, operand] = only;
  const compile = OPERATORS[operator];
  if (!compile) {
    throw new Error(`'${path}' uses the operator '${operator}', which is not modelled; there are ${Object.keys(OPERATORS).join(', ')}`);
  }
  return compile(operand, `${path} ${operator}`);
}

/** A list in the record matches when one of its elements does. */
function element(holds: Predicate): Predicate {
  return (value) => Array.isArray(value) ? value.some(holds) : holds(value);
}

function text(operand: unknown, path: string): string {
  if (typeof operand !== 'string') throw new Error(`'${path}' must be a text, got ${JSON.stringify(operand)}`);
  return operand;
}

const OPERATORS: Readonly<Record<string, (operand: unknown, path: string) => Predicate>> = {
  prefix: (operand, path) => {
    const prefix = text(operand, path);
    return element((value) => typeof value === 'string' && value.startsWith(prefix));
  },
  suffix: (operand, path) => {
    const suffix = text(operand, path);
    return element((value) => typeof value === 'string' && value.endsWith(suffix));
  },
  'equals-ignore-case': (operand, path) => {
    const expected = text(operand, path).toLowerCase();
    return element((value) => typeof value === 'string' && value.toLowerCase() === expected);
  },
  exists: (operand, path) => {
    if (typeof operand !== 'boolean') throw new Error(`'${path}' must be true or false, got ${JSON.stringify(operand)}`);
    return (value) => (value !== undefined && !isFields(value)) === operand; // an object is not a leaf
  },
  numeric: (operand, path) => compileNumeric(operand, path),
  'anything-but': (operand, path) => compileAnythingBut(operand, path),
};

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function compileNumeric(operand: unknown, path: string): Predicate {
  const parts: unknown[] = Array.isArray(operand) ? operand : [];
  const comparisons: Predicate[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const compare = COMPARISONS[String(parts[index])];
    const bound = parts[index + 1];
    if (!compare || typeof bound !== 'number') break;
    comparisons.push((value) => compare(value as number, bound));
  }
  if (parts.length === 0 || parts.length > 4 || comparisons.length * 2 !== parts.length) {
    throw new Error(`'${path}' must be one or two comparisons, [">", 0, "<=", 5] for example, got ${JSON.stringify(operand)}`);
  }
  return element((value) => typeof value === 'number' && comparisons.every((holds) => holds(value)));
}

function compileAnythingBut(operand: unknown, path: string): Predicate {
  let excluded: Predicate;
  if (isFields(operand)) {
    if (!['prefix', 'suffix', 'equals-ignore-case'].includes(Object.keys(operand)[0])) {
      throw new Error(`'${path}' must be values, a prefix, a suffix or equals-ignore-case, got ${JSON.stringify(operand)}`);
    }
    excluded = compileRule(operand, path);
  } else {
    const values: unknown[] = Array.isArray(operand) ? operand : [operand];
    if (values.length === 0 || !values.every((value) => ['string', 'number', 'boolean'].includes(typeof value))) {
      throw new Error(`'${path}' must be values, a prefix, a suffix or equals-ignore-case, got ${JSON.stringify(operand)}`);
    }
    excluded = (value) => values.includes(value);
  }
  return element((value) => value !== undefined && !isFields(value) && !excluded(value));
}
