import { type CfnResource, TagManager } from 'aws-cdk-lib';

/** The tags that a resource will have in the template, by key; nothing where it is of a type that has none. */
export function tagsOf(resource: CfnResource): Record<string, unknown> | undefined {
  const manager = TagManager.of(resource);
  if (!manager) return undefined;
  const property = manager.tagPropertyName.charAt(0).toUpperCase() + manager.tagPropertyName.slice(1);
  // aws-cdk-lib has no other way to see what `addPropertyOverride` put over the tags
  const overrides = (resource as unknown as { rawOverrides?: { Properties?: Record<string, unknown> } }).rawOverrides?.Properties ?? {};
  return property in overrides ? overridden(manager.tagValues(), overrides[property]) : manager.tagValues();
}

/** A list replaces the tags, a map is laid over them, and nothing deletes them. */
function overridden(values: Record<string, unknown>, override: unknown): Record<string, unknown> {
  if (Array.isArray(override)) return Object.fromEntries((override as { Key: string; Value: unknown }[]).map(({ Key, Value }) => [Key, Value]));
  return typeof override === 'object' && override !== null ? { ...values, ...override } : {};
}
