import { ServiceError } from '../contracts';
import { invalidAttributeValue, invalidParameter, outOfRange } from './errors';
import type { QueueProperties, QueueSettings, RedriveAllowPolicy } from './queue-properties';
import { checkPolicy, checkTags } from './queue-quotas';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const ranges = [
  ['visibilityTimeout', 'VisibilityTimeout', [0, 43_200], 'seconds'],
  ['delaySeconds', 'DelaySeconds', [0, 900], 'seconds'],
  ['messageRetentionPeriod', 'MessageRetentionPeriod', [60, 1_209_600], 'seconds'],
  ['maximumMessageSize', 'MaximumMessageSize', [1024, 1_048_576], 'bytes'],
  ['receiveMessageWaitTimeSeconds', 'ReceiveMessageWaitTimeSeconds', [0, 20], 'seconds'],
  ['kmsDataKeyReusePeriodSeconds', 'KmsDataKeyReusePeriodSeconds', [60, 86_400], 'seconds'],
] as const;

const fifoOnly = [
  ['contentBasedDeduplication', 'ContentBasedDeduplication'],
  ['deduplicationScope', 'DeduplicationScope'],
  ['fifoThroughputLimit', 'FifoThroughputLimit'],
] as const;

const choices = [
  ['deduplicationScope', 'DeduplicationScope', ['queue', 'messageGroup']],
  ['fifoThroughputLimit', 'FifoThroughputLimit', ['perQueue', 'perMessageGroupId']],
] as const;

const maximumReceiveCounts = [1, 1000] as const;
const sourceQueues = [1, 10] as const;

/**
 * Throws the `ServiceError` with which AWS refuses a queue's properties.
 * @param given what the caller set; `settings` is that with defaults, or with what the queue has
 */
export function checkProperties(settings: QueueSettings, given: Partial<QueueProperties>): void {
  checkName(settings.name, settings.fifo);
  for (const [property, name, range, unit] of ranges) {
    const value = settings[property];
    if (!Number.isInteger(value) || value < range[0] || value > range[1]) throw invalidAttributeValue(outOfRange(name, range, unit, value));
  }
  if (!settings.fifo) {
    for (const [property, name] of fifoOnly) {
      if (given[property] !== undefined) {
        throw new ServiceError('InvalidAttributeName', `Unknown Attribute ${name}: it is for FIFO queues only, and '${settings.name}' is a standard queue`);
      }
    }
  }
  for (const [property, name, values] of choices) {
    if (!(values as readonly string[]).includes(settings[property])) {
      throw invalidAttributeValue(`'${name}' must be ${values.join(' or ')}, got ${settings[property]}`);
    }
  }
  if (settings.fifoThroughputLimit === 'perMessageGroupId' && settings.deduplicationScope !== 'messageGroup') {
    throw invalidAttributeValue("'FifoThroughputLimit' can be perMessageGroupId only where 'DeduplicationScope' is messageGroup, "
      + `got ${settings.deduplicationScope}`);
  }
  if (settings.kmsMasterKeyId !== undefined && settings.sqsManagedSseEnabled) {
    throw invalidAttributeValue("A queue has one kind of server-side encryption: 'SqsManagedSseEnabled' must be false where 'KmsMasterKeyId' is set");
  }
  checkMaxReceiveCount(settings);
  checkRedriveAllowPolicy(settings.redriveAllowPolicy);
  checkTags(settings.tags);
  checkPolicy(settings.policy);
}

function checkName(name: string, fifo: boolean): void {
  const base = fifo ? name.replace(/\.fifo$/, '') : name;
  if (fifo && base === name) {
    throw invalidParameter(`The name of a FIFO queue must end with '.fifo', got '${name}'`);
  }
  if (!fifo && name.endsWith('.fifo')) {
    throw invalidParameter(`Only the name of a FIFO queue ends with '.fifo', got '${name}'; set 'FifoQueue' to true`);
  }
  if (!/^[A-Za-z0-9_-]+$/.test(base) || name.length > 80) {
    throw invalidParameter(`The name of a queue must be 1 to 80 letters, digits, hyphens and underscores, got '${name}' (${name.length})`);
  }
}

function checkMaxReceiveCount({ redrivePolicy }: QueueSettings): void {
  if (redrivePolicy === undefined) return;
  const { maxReceiveCount, deadLetterTargetArn } = redrivePolicy;
  if (typeof deadLetterTargetArn !== 'string' || deadLetterTargetArn === '') {
    throw invalidParameter("'RedrivePolicy' must have a 'deadLetterTargetArn'");
  }
  if (!Number.isInteger(maxReceiveCount) || maxReceiveCount < maximumReceiveCounts[0] || maxReceiveCount > maximumReceiveCounts[1]) {
    throw invalidParameter(outOfRange('maxReceiveCount', maximumReceiveCounts, '', maxReceiveCount));
  }
}

function checkRedriveAllowPolicy(policy: RedriveAllowPolicy | undefined): void {
  if (policy === undefined) return;
  const permissions = ['allowAll', 'denyAll', 'byQueue'];
  if (!permissions.includes(policy.redrivePermission)) {
    throw invalidParameter(`'redrivePermission' must be ${permissions.join(' or ')}, got ${policy.redrivePermission}`);
  }
  const count = policy.sourceQueueArns?.length ?? 0;
  if (policy.redrivePermission === 'byQueue' && (count < sourceQueues[0] || count > sourceQueues[1])) {
    throw invalidParameter(`'sourceQueueArns' must name ${sourceQueues.join(' to ')} queues where 'redrivePermission' is byQueue, got ${count}`);
  }
  if (policy.redrivePermission !== 'byQueue' && policy.sourceQueueArns !== undefined) {
    throw invalidParameter(`'sourceQueueArns' needs 'redrivePermission' byQueue, got ${policy.redrivePermission}`);
  }
}
