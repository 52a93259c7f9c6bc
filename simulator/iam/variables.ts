import type { RequestContext } from './conditions';

/**
 * A text of a policy with its variables, `${aws:PrincipalAccount}` for example, replaced by what the request has. Undefined where it
 * has no such key and the variable no default value: the text then matches nothing.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 * @throws for `${*}` and `${?}`, and for a key with several values
 */
export function withVariables(text: string, context: RequestContext): string | undefined {
  if (!text.includes('${')) return text;
  let complete = true;
  const replaced = text.replace(/\$\{([^}]*)\}/g, (variable, inside: string) => {
    if (inside === '$') return '$';
    const [, key, defaultValue] = /^([^,]+?)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inside) ?? [];
    const value = key === undefined ? undefined : context[key.trim().toLowerCase()];
    if (inside === '*' || inside === '?' || Array.isArray(value)) throw new Error(`the policy variable '${variable}' is not modelled`);
    complete &&= (value ?? defaultValue) !== undefined;
    return (value as string | undefined) ?? defaultValue ?? '';
  });
  return complete ? replaced : undefined;
}
