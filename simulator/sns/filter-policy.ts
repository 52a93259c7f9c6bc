import { compileValues, FilterPolicyError, isObject, reservedKeywords, type FieldTest, type Leaf } from './filter-operators';

export { FilterPolicyError } from './filter-operators';

export type FilterPolicyScope = 'MessageAttributes' | 'MessageBody';

/** The fields of a message to compare; undefined where they can't be told, and the message is then filtered out. */
export type MessageFields = Readonly<Record<string, unknown>>;

export type FilterPredicate = (fields: MessageFields | undefined) => boolean;

/** @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const limits = { keys: 5, combinations: 150, bytes: 256 * 1024 };

/**
 * Compiles a filter policy once, so that every published message costs a few comparisons.
 *
 * @throws FilterPolicyError for what SNS refuses: a malformed policy, more than 5 keys, more than 150 combinations, more
 * than 256 KB, a nested policy for attributes
 */
export function compileFilterPolicy(policy: object, scope: FilterPolicyScope): FilterPredicate {
  if (!isObject(policy)) throw new FilterPolicyError('Filter is not an object');
  if (Buffer.byteLength(JSON.stringify(policy)) > limits.bytes) {
    throw new FilterPolicyError(`Filter policy must be at most ${limits.bytes} bytes`);
  }
  if (scope === 'MessageAttributes') refuseNesting(policy);
  const keys = scope === 'MessageAttributes' ? attributeNames(policy) : new Set(Object.keys(policy));
  if (keys.size > limits.keys) throw new FilterPolicyError(`Filter policy can not have more than ${limits.keys} keys`);
  const matches = scope === 'MessageAttributes' ? compileNode(policy, attributes, []) : compileNode(policy, body, []);
  if (combinations(policy, 1) > limits.combinations) throw new FilterPolicyError('Filter policy is too complex');
  return (fields) => fields !== undefined && matches(fields, fields);
}

/** A part of the message, and the whole of it. */
type NodeTest = (part: MessageFields, whole: MessageFields) => boolean;

/** How the fields of a scope are found. */
interface Access {
  /** The steps to a field of this name. */
  path(name: string): string[];
  step(part: MessageFields, name: string): unknown;
  /** Whether the absence of fields can be told at all. */
  tellsAbsence(whole: MessageFields): boolean;
}

const attributes: Access = {
  path: (name) => [name],
  step: (part, name) => (Object.hasOwn(part, name) ? part[name] : undefined),
  // A message without attributes passes no policy, not even one that asks for an attribute's absence.
  tellsAbsence: (whole) => Object.keys(whole).length > 0,
};

const body: Access = {
  // SNS treats a dot in a name as nesting, in the policy and in the message alike.
  path: (name) => name.split('.'),
  step: (part, name) => {
    const direct = Object.hasOwn(part, name) ? part[name] : undefined;
    let dotted: Record<string, unknown> | undefined;
    for (const key in part) {
      if (key.length > name.length && key.startsWith(name) && key[name.length] === '.') {
        (dotted ??= {})[key.slice(name.length + 1)] = part[key];
      }
    }
    if (dotted === undefined) return direct;
    if (direct === undefined) return dotted;
    return isObject(direct) ? { ...direct, ...dotted } : [direct, dotted];
  },
  tellsAbsence: () => true,
};

function compileNode(policy: Readonly<Record<string, unknown>>, access: Access, parents: readonly string[]): NodeTest {
  const tests = Object.entries(policy).map(([name, value]): NodeTest => {
    const branches = orBranches(name, value);
    if (branches) {
      const alternatives = branches.map((branch) => compileNode(branch, access, parents));
      return (part, whole) => alternatives.some((alternative) => alternative(part, whole));
    }
    const path = access.path(name);
    if (Array.isArray(value)) return fieldTest(compileValues(value), access, path, [...parents, ...path]);
    if (!isObject(value)) throw new FilterPolicyError(`"${name}" must be an object or an array`);
    if (Object.keys(value).length === 0) throw new FilterPolicyError('Empty objects are not allowed');
    return nestedTest(compileNode(value, access, [...parents, ...path]), access, path);
  });
  return tests.length === 1 ? tests[0] : (part, whole) => tests.every((test) => test(part, whole));
}

/** Without anything but objects of ordinary names in it, `$or` is a name like any other. */
function orBranches(name: string, value: unknown): Readonly<Record<string, unknown>>[] | undefined {
  if (name !== '$or' || !Array.isArray(value) || value.length < 2) return undefined;
  return value.every((branch) => isObject(branch) && Object.keys(branch).every((key) => !reservedKeywords.has(key)))
    ? value as Readonly<Record<string, unknown>>[]
    : undefined;
}

function fieldTest(field: FieldTest, access: Access, path: readonly string[], fullPath: readonly string[]): NodeTest {
  const { matches, matchesAbsence } = field;
  return (part, whole) => {
    if (someLeaf(part, access, path, 0, matches)) return true;
    return matchesAbsence && access.tellsAbsence(whole) && !someLeaf(whole, access, fullPath, 0, () => true);
  };
}

/** Conditions below an array must all hold in one and the same element of it. */
function nestedTest(test: NodeTest, access: Access, path: readonly string[]): NodeTest {
  const descend = (value: unknown, whole: MessageFields, index: number): boolean => {
    if (Array.isArray(value) && value.length > 0) return value.some((element) => descend(element, whole, index));
    if (index === path.length) return test(isObject(value) ? value : {}, whole);
    return descend(isObject(value) ? access.step(value, path[index]) : undefined, whole, index + 1);
  };
  return (part, whole) => descend(part, whole, 0);
}

/** Leaves in arrays count each for itself, as AWS's examples of `anything-but` on arrays show. */
function someLeaf(
  value: unknown, access: Access, path: readonly string[], index: number, test: (leaf: Leaf) => boolean,
): boolean {
  if (Array.isArray(value)) return value.some((element) => someLeaf(element, access, path, index, test));
  if (index === path.length) return value !== undefined && !isObject(value) && test(value as Leaf);
  return isObject(value) && someLeaf(access.step(value, path[index]), access, path, index + 1, test);
}

function refuseNesting(policy: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(policy)) {
    const branches = orBranches(name, value);
    if (branches) branches.forEach(refuseNesting);
    else if (isObject(value) && Object.values(value).some((inner) => isObject(inner) || Array.isArray(inner))) {
      throw new FilterPolicyError('Filter policy scope MessageAttributes does not support nested filter policy');
    }
  }
}

function attributeNames(policy: Readonly<Record<string, unknown>>): Set<string> {
  const names = new Set<string>();
  for (const [name, value] of Object.entries(policy)) {
    const branches = orBranches(name, value);
    if (branches) branches.forEach((branch) => attributeNames(branch).forEach((inner) => names.add(inner)));
    else names.add(name);
  }
  return names;
}

/** The values of each list times the depth of their key, multiplied over keys and added over the branches of an `$or`. */
function combinations(policy: Readonly<Record<string, unknown>>, depth: number): number {
  return Object.entries(policy).reduce((product, [name, value]) => {
    const branches = orBranches(name, value);
    if (branches) return product * branches.reduce((sum, branch) => sum + combinations(branch, depth), 0);
    return product * (Array.isArray(value) ? value.length * depth : combinations(value as Record<string, unknown>, depth + 1));
  }, 1);
}
