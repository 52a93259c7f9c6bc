import { ServiceError } from '../contracts';
import { evaluate, type Scope } from './intrinsics';

/**
 * Checks the parameters against the template's rules: CDK's `CheckBootstrapVersion` is one of them.
 *
 * @throws ServiceError `ValidationError` with the description of every assertion that does not hold
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
 */
export function checkRules(scope: Scope): void {
  const failed: string[] = [];
  for (const [name, { RuleCondition, Assertions }] of Object.entries(scope.template.Rules ?? {})) {
    if (RuleCondition !== undefined && evaluate(RuleCondition, scope) !== true) continue;
    for (const { Assert, AssertDescription } of Assertions) {
      if (evaluate(Assert, scope) !== true) failed.push(`${name}: ${AssertDescription ?? JSON.stringify(Assert)}`);
    }
  }
  if (failed.length > 0) throw new ServiceError('ValidationError', `Rules of the template do not hold: ${failed.join('; ')}`);
}
