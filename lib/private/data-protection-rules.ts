import { Token } from 'aws-cdk-lib';
import { isObject, type JsonObject, shown } from './filter-policy-rules-conditions';
import { must, type Rule } from './validation';

const name = 'dataProtectionPolicy';

/**
 * What must hold for the data protection policy of a topic.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-policies.html
 */
export function dataProtectionRules(policy: JsonObject | undefined): Rule[] {
  if (policy === undefined || Token.isUnresolved(policy)) return [];
  const { Name, Version, Statement } = policy;
  const statements: unknown[] = Array.isArray(Statement) ? Statement : [];
  const audits = statements.filter((statement) => operationsOf(statement).includes('Audit'));
  return [
    must(isText(Name), `'${name}.Name' must be a text, got ${shown(Name)}`),
    must(Token.isUnresolved(Version) || Version === '2021-06-01', `'${name}.Version' must be "2021-06-01", got ${shown(Version)}`),
    must(Token.isUnresolved(Statement) || statements.length > 0, `'${name}.Statement' must be a list of at least one statement, got ${shown(Statement)}`),
    must(audits.length <= 1, `'${name}' must have at most one statement with the operation Audit, got ${audits.length}`),
    ...statements.flatMap((statement, index) => (Token.isUnresolved(statement) ? [] : statementRules(`${name}.Statement[${index}]`, statement))),
  ];
}

function statementRules(path: string, statement: unknown): Rule[] {
  if (!isObject(statement)) return [must(false, `'${path}' must be an object, got ${shown(statement)}`)];
  const { DataDirection, DataIdentifier, Principal, Operation } = statement;
  const operations = operationsOf(statement);
  return [
    must(Token.isUnresolved(DataDirection) || DataDirection === 'Inbound' || DataDirection === 'Outbound',
      `'${path}.DataDirection' must be "Inbound" or "Outbound", got ${shown(DataDirection)}`),
    must(isFilledList(DataIdentifier), `'${path}.DataIdentifier' must be a list of at least one identifier, got ${shown(DataIdentifier)}`),
    must(isFilledList(Principal), `'${path}.Principal' must be a list of at least one principal, got ${shown(Principal)}`),
    must(Token.isUnresolved(Operation) || (operations.length === 1 && ['Audit', 'Deidentify', 'Deny'].includes(operations[0])),
      `'${path}.Operation' must have one of Audit, Deidentify and Deny, got ${shown(Operation)}`),
    must(!operations.includes('Audit') || DataDirection !== 'Outbound', `'${path}.DataDirection' must be "Inbound" for the operation Audit, got "Outbound"`),
  ];
}

function operationsOf(statement: unknown): string[] {
  return isObject(statement) && isObject(statement.Operation) && !Token.isUnresolved(statement.Operation) ? Object.keys(statement.Operation) : [];
}

function isText(value: unknown): boolean {
  return Token.isUnresolved(value) || (typeof value === 'string' && value !== '');
}

function isFilledList(value: unknown): boolean {
  return Token.isUnresolved(value) || (Array.isArray(value) && value.length > 0);
}
