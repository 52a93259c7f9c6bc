import type { Stack } from 'aws-cdk-lib';
import type { ResourceBudgetProps } from '../resource-budget';
import { shareWithin } from './alarm';
import { isKnown, must, numberWithin, type Rule } from './validation';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const RESOURCES_OF_A_STACK = 500;
export const BYTES_OF_A_TEMPLATE = 1_000_000;

export interface StackSize {
  readonly resources: number;
  readonly templateBytes: number;
  /** How many resources of each type there are, the most frequent first. */
  readonly types: readonly (readonly [string, number])[];
}

/** What must hold for the properties of a ResourceBudget. */
export function resourceBudgetRules({ maxResources, maxTemplateBytes, warningShare }: ResourceBudgetProps): Rule[] {
  return [
    known('maxResources', maxResources),
    numberWithin('maxResources', maxResources, 1, RESOURCES_OF_A_STACK),
    known('maxTemplateBytes', maxTemplateBytes),
    numberWithin('maxTemplateBytes', maxTemplateBytes, 1, BYTES_OF_A_TEMPLATE),
    ...(warningShare === undefined ? [] : [shareWithin('warningShare', warningShare)]),
  ];
}

/** What must hold for a stack. */
export function sizeRules(stack: Stack, size: StackSize, limits: { maxResources: number; maxTemplateBytes: number }): Rule[] {
  const most = size.types.slice(0, 3).map(([type, count]) => `${count} ${type}`).join(', ');
  return [
    must(size.resources <= limits.maxResources,
      `the stack '${stack.node.path}' must have at most ${limits.maxResources} resources, got ${size.resources} (${most}, …). Split it`),
    must(size.templateBytes <= limits.maxTemplateBytes,
      `the template of the stack '${stack.node.path}' must have at most ${limits.maxTemplateBytes} bytes, got ${size.templateBytes}. `
      + "Split it, or set 'suppressTemplateIndentation'"),
  ];
}

/** A stack as it will be written. The members are internal to aws-cdk-lib, which offers no other way before the file is there. */
export function sizeOf(stack: Stack): StackSize {
  const { _suppressTemplateIndentation: compact } = stack as unknown as { _suppressTemplateIndentation?: boolean };
  const template = (stack as unknown as { _toCloudFormation(): { Resources?: Record<string, { Type: string }> } })._toCloudFormation();
  const resources = Object.values(template.Resources ?? {});
  const counts: Record<string, number> = {};
  for (const { Type } of resources) counts[Type] = (counts[Type] ?? 0) + 1;
  return {
    resources: resources.length,
    templateBytes: Buffer.byteLength(JSON.stringify(template, undefined, compact ? undefined : 1)),
    types: Object.entries(counts).sort(([, one], [, other]) => other - one),
  };
}

function known(name: string, value: number | undefined): Rule {
  return must(value === undefined || isKnown(value), `'${name}' must be known when the app is synthesized`);
}
