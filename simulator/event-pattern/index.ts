/**
 * The patterns by which EventBridge selects events and Lambda filters records: one language, of which each service allows a part.
 */
import { eventBridgeRules, lambdaFilters, type Grammar } from './grammar';
import { compileText } from './text-operators';

export { eventBridgeRules, lambdaFilters, type Grammar };

export type Predicate = (value: unknown) => boolean;

type Fields = Readonly<Record<string, unknown>>;

/** What no field inside of an `$or` may be called: the language's own words. */
const reserved = new Set(['prefix', 'suffix', 'equals-ignore-case', 'exists', 'numeric', 'anything-but', 'wildcard', 'cidr', 'exactly']);

/** Compiles a pattern: an object whose leaves are lists of rules. Throws an `Error` that names what is wrong, and where. */
export function compilePattern(pattern: unknown, path: string, grammar: Grammar): Predicate {
  const compiled = new PatternCompiler(grammar).compile(pattern, path);
  const { mostCombinations = Infinity } = grammar;
  const count = combinations(pattern);
  if (count > mostCombinations) throw new Error(`'${path}' must have at most ${mostCombinations} combinations of $or, got ${count}`);
  return compiled;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAlternatives(name: string, value: unknown): value is readonly unknown[] {
  return name === '$or' && Array.isArray(value);
}

function combinations(pattern: unknown): number {
  if (!isFields(pattern)) return 1;
  return Object.entries(pattern).reduce((product, [name, nested]) => product * (
    isAlternatives(name, nested) ? nested.reduce((sum: number, one) => sum + combinations(one), 0) : combinations(nested)
  ), 1);
}

/** A list in the event matches when one of its elements does. */
function element(holds: Predicate): Predicate {
  return (value) => Array.isArray(value) ? value.some(holds) : holds(value);
}

class PatternCompiler {
  constructor(private readonly grammar: Grammar) {}

  compile(pattern: unknown, path: string, insideOr = false): Predicate {
    if (Array.isArray(pattern)) return this.rules(pattern, path);
    if (!isFields(pattern)) throw new Error(`'${path}' must be an object or a list of rules, got ${JSON.stringify(pattern)}`);
    if (Object.keys(pattern).length === 0) throw new Error(`'${path}' must have at least one field, got {}`);

    const conditions = Object.entries(pattern).map(([name, nested]): Predicate => {
      if (isAlternatives(name, nested)) return this.alternatives(nested, `${path}.$or`);
      if (insideOr && reserved.has(name)) throw new Error(`'${path}' must not have a field that is called '${name}' inside of $or`);
      const matches = this.compile(nested, `${path}.${name}`, insideOr);
      return (fields) => matches(isFields(fields) && Object.hasOwn(fields, name) ? fields[name] : undefined);
    });
    const all: Predicate = (fields) => conditions.every((holds) => holds(fields));
    // Of a list of objects, one must satisfy the whole pattern.
    return (value) => Array.isArray(value) ? value.some(all) : all(value);
  }

  private alternatives(alternatives: readonly unknown[], path: string): Predicate {
    if (alternatives.length < 2 || !alternatives.every(isFields)) {
      throw new Error(`'${path}' must be a list of at least two objects, got ${JSON.stringify(alternatives)}`);
    }
    const compiled = alternatives.map((alternative) => this.compile(alternative, path, true));
    return (fields) => compiled.some((holds) => holds(fields));
  }

  private rules(rules: readonly unknown[], path: string): Predicate {
    if (rules.length === 0) throw new Error(`'${path}' must have at least one rule, got []`);
    const compiled = rules.map((rule) => this.rule(rule, path));
    return (value) => compiled.some((holds) => holds(value));
  }

  private rule(rule: unknown, path: string): Predicate {
    if (!isFields(rule)) {
      if (Array.isArray(rule)) throw new Error(`'${path}' must not have a list as a rule, got ${JSON.stringify(rule)}`);
      return element((value) => value === rule);
    }
    const [operator, operand] = onlyEntry(rule, path);
    const { operators, ignoringCase } = this.grammar;
    if (!operators.includes(operator)) {
      throw new Error(`'${path}' uses the operator '${operator}', which is not modelled; there are ${operators.join(', ')}`);
    }
    const place = `${path} ${operator}`;
    switch (operator) {
      case 'exists': return existence(operand, place);
      case 'numeric': return element(this.numeric(operand, place));
      case 'anything-but': return element(this.anythingBut(operand, place));
      default: return element(compileText(operator, operand, place, ignoringCase));
    }
  }

  private numeric(operand: unknown, path: string): Predicate {
    const { greatestNumber = Infinity } = this.grammar;
    const parts: unknown[] = Array.isArray(operand) ? operand : [];
    const comparisons: Predicate[] = [];
    for (let index = 0; index < parts.length; index += 2) {
      const compare = COMPARISONS[String(parts[index])];
      const bound = parts[index + 1];
      if (!compare || typeof bound !== 'number') break;
      if (Math.abs(bound) > greatestNumber) throw new Error(`'${path}' must be from -${greatestNumber} to ${greatestNumber}, got ${bound}`);
      comparisons.push((value) => compare(value as number, bound));
    }
    if (parts.length === 0 || parts.length > 4 || comparisons.length * 2 !== parts.length) {
      throw new Error(`'${path}' must be one or two comparisons, [">", 0, "<=", 5] for example, got ${JSON.stringify(operand)}`);
    }
    return (value) => typeof value === 'number' && comparisons.every((holds) => holds(value));
  }

  private anythingBut(operand: unknown, path: string): Predicate {
    const excluded = isFields(operand) ? this.excludedBy(operand, path) : this.excludedValues(operand, path);
    return (value) => value !== undefined && !isFields(value) && !excluded(value);
  }

  private excludedBy(operand: Fields, path: string): Predicate {
    const { negatable, exclusionLists } = this.grammar;
    const [operator, given] = Object.keys(operand).length === 1 ? Object.entries(operand)[0] : [];
    if (operator === undefined || !negatable.includes(operator)) throw this.wrongExclusion(operand, path);
    const texts: readonly unknown[] = Array.isArray(given) && exclusionLists ? given : [given];
    if (texts.length === 0 || texts.includes('')) {
      throw new Error(`'${path} ${operator}' must be a text that is not empty, got ${JSON.stringify(given)}`);
    }
    const tests = texts.map((one) => compileText(operator, one, `${path} ${operator}`, []));
    return (value) => tests.some((test) => test(value));
  }

  private excludedValues(operand: unknown, path: string): Predicate {
    const values: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
    const types = new Set(values.map((value) => typeof value));
    const allowed = this.grammar.mixedExclusions
      ? [...types].every((type) => ['string', 'number', 'boolean'].includes(type))
      : types.size === 1 && (types.has('string') || types.has('number'));
    if (values.length === 0 || !allowed) throw this.wrongExclusion(operand, path);
    return (value) => values.includes(value);
  }

  private wrongExclusion(operand: unknown, path: string): Error {
    const forms = this.grammar.negatable.map((name) => (name === 'equals-ignore-case' ? name : `a ${name}`));
    const values = this.grammar.mixedExclusions ? 'values' : 'texts or numbers';
    return new Error(`'${path}' must be ${values}, ${forms.slice(0, -1).join(', ')} or ${forms.at(-1)}, got ${JSON.stringify(operand)}`);
  }
}

function onlyEntry(rule: Fields, path: string): [string, unknown] {
  const [only, ...others] = Object.entries(rule);
  if (only === undefined || others.length > 0) {
    throw new Error(`'${path}' must have rules of one operator each, got ${JSON.stringify(rule)}`);
  }
  return only;
}

function existence(operand: unknown, path: string): Predicate {
  if (typeof operand !== 'boolean') throw new Error(`'${path}' must be true or false, got ${JSON.stringify(operand)}`);
  return (value) => (value !== undefined && !isFields(value)) === operand; // an object is not a leaf
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};
