import type { Template } from '../template';
import { capabilitiesOf, transformsOf } from './stack-input';

type Shown = Record<string, unknown>;

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What `GetTemplateSummary` and `ValidateTemplate` say of a template. */
export function templateFacts(template: Template): Shown {
  const capabilities = capabilitiesOf(template);
  const types = [...new Set(Object.values(template.Resources ?? {}).map(({ Type }) => Type))];
  const { AWSTemplateFormatVersion: version, Metadata: metadata } = template as { AWSTemplateFormatVersion?: string; Metadata?: unknown };
  return {
    Parameters: Object.entries(template.Parameters ?? {}).map(([ParameterKey, parameter]) => ({
      ParameterKey,
      DefaultValue: parameter.Default === undefined ? undefined : text(parameter.Default),
      ParameterType: parameter.Type,
      NoEcho: parameter.NoEcho === true || parameter.NoEcho === 'true',
      Description: (parameter as { Description?: string }).Description,
      ParameterConstraints: { AllowedValues: parameter.AllowedValues?.map(String) },
    })),
    Description: template.Description,
    Capabilities: capabilities,
    CapabilitiesReason: capabilities.length === 0 ? undefined
      : `The following resource(s) require capabilities: [${types.filter((type) => type.startsWith('AWS::IAM::')).join(', ')}]`,
    ResourceTypes: types,
    Version: version,
    Metadata: metadata === undefined ? undefined : JSON.stringify(metadata),
    DeclaredTransforms: transformsOf(template),
    ResourceIdentifierSummaries: [],
  };
}
