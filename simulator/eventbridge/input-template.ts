/** What every template may use. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html */
export const reservedVariables: readonly string[] = [
  'aws.events.rule-arn', 'aws.events.rule-name', 'aws.events.event', 'aws.events.event.json', 'aws.events.event.ingestion-time',
];

const placeholder = /<([A-Za-z0-9_.-]+)>/;

/** The names of the variables that a template uses. */
export function placeholdersIn(template: string): string[] {
  return [...template.matchAll(new RegExp(placeholder, 'g'))].map(([, name]) => name);
}

/**
 * A template with its variables filled in. Outside of quotation marks a value is JSON; inside it is text, in which quotation marks are
 * not escaped, and those of objects left out. A variable that the event lacks is empty.
 */
export function fillIn(template: string, variable: (name: string) => unknown): string {
  let filled = '';
  let quoted = false;
  for (let index = 0; index < template.length; index++) {
    const found = template[index] === '<' ? new RegExp(placeholder, 'y') : undefined;
    if (found) found.lastIndex = index;
    const match = found?.exec(template);
    if (match) {
      const given = variable(match[1]);
      const value = given === undefined ? '' : given;
      filled += quoted ? asText(value) : JSON.stringify(value);
      index += match[0].length - 1;
      continue;
    }
    if (template[index] === '\\') filled += template[index++];
    else if (template[index] === '"') quoted = !quoted;
    filled += template[index] ?? '';
  }
  return filled;
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value).replaceAll('"', '');
}
