import { ServiceError } from '../contracts';
import { text, texts, type Input } from './api-input';
import { invalidParameter } from './errors';
import type { Queue } from './queue';

interface Statement {
  readonly Sid?: string;
}

interface Policy {
  readonly Statement?: Statement | readonly Statement[];
}

/** What `AddPermission` may name. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html */
const actions = ['*', 'SendMessage', 'ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'GetQueueAttributes', 'GetQueueUrl'];
const maximumActions = 7;

function statementsOf(queue: Queue): readonly Statement[] {
  const statement = (queue.policy as Policy | undefined)?.Statement;
  return statement === undefined ? [] : [statement].flat();
}

export function addPermission(queue: Queue, partition: string, input: Input): Record<string, unknown> {
  const label = text(input, 'Label');
  if (!/^[\w-]{1,80}$/.test(label)) throw invalidParameter(`'Label' must be 1 to 80 letters, digits, hyphens and underscores, got '${label}'`);
  const accounts = texts(input, 'AWSAccountIds');
  const named = texts(input, 'Actions');
  if (accounts.length === 0 || !accounts.every((account) => /^\d{12}$/.test(account))) {
    throw invalidParameter(`'AWSAccountIds' must be account IDs of 12 digits, got ${JSON.stringify(accounts)}`);
  }
  if (named.length === 0 || !named.every((action) => actions.includes(action))) {
    throw invalidParameter(`'Actions' must be of ${actions.join(', ')}, got ${JSON.stringify(named)}`);
  }
  if (named.length > maximumActions) throw new ServiceError('OverLimit', `${maximumActions} actions is the maximum, got ${named.length}`, 403);
  const statements = statementsOf(queue);
  if (statements.some(({ Sid }) => Sid === label)) throw invalidParameter(`Value ${label} for parameter Label is invalid. Reason: Already exists.`);
  const statement = {
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: accounts.map((account) => `arn:${partition}:iam::${account}:root`) },
    Action: named.map((action) => `SQS:${action}`),
    Resource: queue.arn,
  };
  queue.update({ policy: { Version: '2012-10-17', Id: `${queue.arn}/SQSDefaultPolicy`, ...queue.policy, Statement: [...statements, statement] } });
  return {};
}

export function removePermission(queue: Queue, input: Input): Record<string, unknown> {
  const label = text(input, 'Label');
  const statements = statementsOf(queue);
  const rest = statements.filter(({ Sid }) => Sid !== label);
  if (rest.length === statements.length) throw invalidParameter(`Value ${label} for parameter Label is invalid. Reason: can't find label on existing policy.`);
  queue.update({ policy: rest.length === 0 ? undefined : { ...queue.policy, Statement: rest } });
  return {};
}
