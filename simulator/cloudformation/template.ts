/** A CloudFormation template, as far as its sections are read here. */
export interface Template {
  readonly Description?: string;
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Rules?: Readonly<Record<string, TemplateRule>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, Record<string, Record<string, unknown>>>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
  readonly Transform?: unknown;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  /** What happens to the resource when it is removed, or its stack is deleted. @default 'Delete' */
  readonly DeletionPolicy?: string;
  /** What happens to the former resource when an update replaces it. @default 'Delete' */
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: unknown;
  readonly AllowedValues?: readonly unknown[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly MinLength?: number | string;
  readonly MaxLength?: number | string;
  readonly MinValue?: number | string;
  readonly MaxValue?: number | string;
  readonly NoEcho?: boolean | string;
}

export interface TemplateRule {
  readonly RuleCondition?: unknown;
  readonly Assertions: readonly { readonly Assert: unknown; readonly AssertDescription?: string }[];
}

export interface TemplateOutput {
  readonly Value: unknown;
  readonly Description?: string;
  readonly Export?: { readonly Name: unknown };
  readonly Condition?: string;
}

/** The logical IDs in the order of their creation: what a resource refers to or depends on comes before it. */
export function creationOrder(template: Template): string[] {
  const resources = template.Resources ?? {};
  const order: string[] = [];
  const state = new Map<string, 'visiting' | 'done'>();
  const visit = (id: string, from: readonly string[]): void => {
    if (state.get(id) === 'done') return;
    if (state.get(id) === 'visiting') {
      throw new Error(`circular dependency between resources: ${[...from.slice(from.indexOf(id)), id].join(' → ')}`);
    }
    state.set(id, 'visiting');
    for (const needed of dependenciesOf(resources[id])) if (needed in resources) visit(needed, [...from, id]);
    state.set(id, 'done');
    order.push(id);
  };
  for (const id of Object.keys(resources)) visit(id, []);
  return order;
}

/** The logical IDs, parameters and pseudo parameters that a resource refers to or depends on. */
export function dependenciesOf({ DependsOn = [], Properties }: TemplateResource): Set<string> {
  const found = new Set(typeof DependsOn === 'string' ? [DependsOn] : DependsOn);
  collectReferences(Properties, found);
  return found;
}

function collectReferences(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const element of value) collectReferences(element, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      if (key === 'Ref') found.add(String(member));
      else if (key === 'Fn::GetAtt') found.add(Array.isArray(member) ? String(member[0]) : String(member).split('.')[0]);
      else if (key === 'Fn::Sub') {
        for (const [, name] of String(Array.isArray(member) ? member[0] : member).matchAll(/\$\{([^!}.]+)[^}]*\}/g)) found.add(name);
        collectReferences(member, found);
      } else collectReferences(member, found);
    }
  }
}
