import type { Place } from '../contracts';
import { policyOf } from './api-attributes';
import { invalidParameter } from './message';
import type { Topic } from './topic';

interface Policy {
  readonly Statement?: { readonly Sid?: string } | readonly { readonly Sid?: string }[];
}

/** What `AddPermission` may name. @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html */
const actions = [
  'Publish', 'Subscribe', 'AddPermission', 'RemovePermission', 'DeleteTopic', 'GetTopicAttributes', 'SetTopicAttributes',
  'ListSubscriptionsByTopic', 'GetDataProtectionPolicy', 'PutDataProtectionPolicy',
];

/** Adds a statement to the policy that a topic has, or that it has at first. */
export function addPermission(topic: Topic, place: Place, label: string, accounts: readonly string[], named: readonly string[]): void {
  const policy = policyOf(topic, place);
  const strange = named.find((action) => !actions.includes(action));
  if (strange !== undefined) throw invalidParameter('Policy statement action out of service scope!');
  if (named.length === 0) throw invalidParameter('ActionName Reason: no value for required parameter');
  if (accounts.length === 0 || !accounts.every((account) => /^\d{12}$/.test(account))) {
    throw invalidParameter(`AWSAccountId Reason: must be account IDs of 12 digits, got ${JSON.stringify(accounts)}`);
  }
  const statements = statementsOf(policy);
  if (statements.some(({ Sid }) => Sid === label)) throw invalidParameter('Statement already exists');
  const statement = {
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: accounts.map((account) => `arn:${place.partition}:iam::${account}:root`) },
    Action: named.map((action) => `SNS:${action}`),
    Resource: topic.arn,
  };
  topic.policy = { ...policy, Statement: [...statements, statement] };
}

/** A label that no statement has is no error. */
export function removePermission(topic: Topic, place: Place, label: string): void {
  const policy = policyOf(topic, place);
  const statements = statementsOf(policy);
  const rest = statements.filter(({ Sid }) => Sid !== label);
  if (rest.length < statements.length) topic.policy = { ...policy, Statement: rest };
}

function statementsOf({ Statement }: Policy): readonly { readonly Sid?: string }[] {
  return Statement === undefined ? [] : [Statement].flat();
}
