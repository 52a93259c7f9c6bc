import { ServiceError } from '../contracts';
import { invalidAttributeValue, invalidParameter } from './errors';

/**
 * Characters, without the prefix that is AWS's own.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
 */
const tagKey = /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu;
const tagValue = /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/iu;
const maximumTags = 50;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html */
const maximumPolicyBytes = 8192;
const maximumStatements = 20;
const maximumPrincipals = 50;

export function checkTags(tags: Readonly<Record<string, string>>): void {
  const keys = Object.keys(tags);
  if (keys.length > maximumTags) throw invalidParameter(`A queue must have at most ${maximumTags} tags, got ${keys.length}`);
  for (const key of keys) {
    if (!tagKey.test(key)) {
      throw invalidParameter(`A tag's key must be 1 to 128 letters, digits, spaces and _.:/=+-@, and must not start with 'aws:', got '${key}'`);
    }
    if (!tagValue.test(tags[key])) {
      throw invalidParameter(`The value of the tag '${key}' must be at most 256 letters, digits, spaces and _.:/=+-@, `
        + `and must not start with 'aws:', got '${tags[key]}'`);
    }
  }
}

export function checkPolicy(policy: object | undefined): void {
  if (policy === undefined) return;
  const bytes = Buffer.byteLength(JSON.stringify(policy));
  if (bytes > maximumPolicyBytes) throw invalidAttributeValue(`'Policy' must be at most ${maximumPolicyBytes} bytes, got ${bytes}`);
  const statements = [(policy as { Statement?: unknown }).Statement ?? []].flat() as { Principal?: unknown }[];
  if (statements.length > maximumStatements) throw overLimit('statements', maximumStatements, statements.length);
  const principals = statements.reduce((sum, { Principal }) => sum + countOf(Principal), 0);
  if (principals > maximumPrincipals) throw overLimit('principals', maximumPrincipals, principals);
}

/** `*`, or lists or single names by kind. */
function countOf(principal: unknown): number {
  if (typeof principal !== 'object' || principal === null) return principal === undefined ? 0 : 1;
  return Object.values(principal).flat().length;
}

function overLimit(what: string, most: number, count: number): ServiceError {
  return new ServiceError('OverLimit', `'Policy' must have at most ${most} ${what}, got ${count}`, 403);
}
