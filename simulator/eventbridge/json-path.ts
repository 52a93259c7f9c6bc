/** The steps of a path: names of fields, numbers of elements, and `*` for each of them. */
type Step = string | number | typeof everything;

const everything = Symbol('*');

/**
 * Reads the JSON paths that EventBridge has: dots, indices and wildcards, `$.detail.items[0].name` for example. Undefined for others.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function readJsonPath(path: string): ((value: unknown) => unknown) | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: Step[] = [];
  const step = /\.(\*)|\.([A-Za-z0-9_/-]+)|\[(\*)\]|\[(\d+)\]|\['([^']*)'\]/y;
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const [, wildcard, name, each, index, quoted] = step.exec(path) ?? [];
    if (wildcard ?? each) steps.push(everything);
    else if (index !== undefined) steps.push(Number(index));
    else if ((name ?? quoted) !== undefined) steps.push((name ?? quoted));
    else return undefined;
  }
  return (value) => follow(value, steps);
}

/** Undefined where the path leads nowhere; a list of what is found where it has wildcards. */
function follow(value: unknown, [step, ...others]: readonly Step[]): unknown {
  if (step === undefined || value === undefined) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (step === everything) return Object.values(value).map((one) => follow(one, others)).filter((one) => one !== undefined);
  return Object.hasOwn(value, step) ? follow((value as Record<string | number, unknown>)[step as string], others) : undefined;
}
