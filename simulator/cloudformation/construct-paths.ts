import type { Template } from './template';

/**
 * The construct path of each resource, relative to the stack.
 *
 * @param given what the cloud assembly knows, where there is one
 * @param prefix the path of the stack itself, as it stands before what the templates hold; found where it is not given
 */
export function constructPaths(template: Template, given?: ReadonlyMap<string, string>, prefix = stackPath(template)): (logicalId: string) => string {
  return (logicalId) => {
    const known = given?.get(logicalId);
    if (known !== undefined) return known;
    const path = cdkPath(template, logicalId);
    if (path === undefined) return logicalId;
    return prefix !== undefined && path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : path;
  };
}

/** The path of a stack (`App/Stage/Stack`) from a resource that CDK gives every stack, or else the first part of any path. */
export function stackPath(template: Template): string | undefined {
  const ids = Object.keys(template.Resources ?? {});
  const paths = ids.map((logicalId) => cdkPath(template, logicalId)).filter((path) => path !== undefined);
  const marker = paths.find((path) => path.endsWith('/CDKMetadata/Default'));
  return marker?.replace('/CDKMetadata/Default', '') ?? paths[0]?.split('/')[0];
}

/** The paths of a nested stack, which its outer stack knows by `NestedLogicalId/LogicalId`. */
export function nestedPaths(paths: ReadonlyMap<string, string> | undefined, logicalId: string): ReadonlyMap<string, string> | undefined {
  const start = `${logicalId}/`;
  return paths && new Map([...paths].filter(([key]) => key.startsWith(start)).map(([key, path]) => [key.slice(start.length), path]));
}

function cdkPath({ Resources = {} }: Template, logicalId: string): string | undefined {
  const path = Resources[logicalId].Metadata?.['aws:cdk:path'];
  return typeof path === 'string' ? path : undefined;
}
