import type { QueueProperties } from '../../../simulator/sqs';
import { documented } from '../documented';
import { Harness, refusal } from './harness';

const create = (properties: QueueProperties): string => refusal(() => new Harness().sqs.createQueue(properties));

documented('Creating a queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html', () => {
  test("fills AWS's defaults in", () => {
    const queue = new Harness().queue({ name: 'Orders' });
    expect(queue).toMatchObject({
      name: 'Orders', arn: 'arn:aws:sqs:eu-west-1:123456789012:Orders', url: 'http://localhost:4100/123456789012/Orders', fifo: false,
      visibilityTimeout: 30, delaySeconds: 0, messageRetentionPeriod: 345_600, maximumMessageSize: 1_048_576,
      receiveMessageWaitTimeSeconds: 0, contentBasedDeduplication: false, deduplicationScope: 'queue', fifoThroughputLimit: 'perQueue',
      kmsDataKeyReusePeriodSeconds: 300, sqsManagedSseEnabled: true, tags: {},
    });
    expect([queue.redrivePolicy, queue.redriveAllowPolicy, queue.kmsMasterKeyId, queue.policy]).toEqual([undefined, undefined, undefined, undefined]);
  });

  test.each<[keyof QueueProperties, number, number, string]>([
    ['visibilityTimeout', 0, 43_200, 'seconds'],
    ['delaySeconds', 0, 900, 'seconds'],
    ['messageRetentionPeriod', 60, 1_209_600, 'seconds'],
    ['maximumMessageSize', 1024, 1_048_576, 'bytes'],
    ['receiveMessageWaitTimeSeconds', 0, 20, 'seconds'],
    ['kmsDataKeyReusePeriodSeconds', 60, 86_400, 'seconds'],
  ])('takes a %s from %d to %d', (property, least, most, unit) => {
    const name = property[0].toUpperCase() + property.slice(1);
    expect(create({ name: 'a', [property]: least })).toBe('accepted');
    expect(create({ name: 'a', [property]: most })).toBe('accepted');
    for (const value of [least - 1, most + 1, least + 0.5]) {
      expect(create({ name: 'a', [property]: value })).toBe(`InvalidAttributeValue: '${name}' must be from ${least} to ${most} ${unit}, got ${value}`);
    }
  });

  test.each(['', 'with space', 'dot.ted', 'x'.repeat(81)])('refuses the name "%s"', (name) => {
    expect(create({ name })).toMatch(/^InvalidParameterValue: .*1 to 80/);
  });

  test('counts .fifo as part of the name, which a FIFO queue must have and no other may', () => {
    expect(create({ name: `${'x'.repeat(75)}.fifo`, fifo: true })).toBe('accepted');
    expect(create({ name: `${'x'.repeat(76)}.fifo`, fifo: true })).toMatch(/^InvalidParameterValue: .*1 to 80/);
    expect(create({ name: 'a', fifo: true })).toMatch(/^InvalidParameterValue: .*'.fifo'/);
    expect(create({ name: 'a.fifo' })).toMatch(/^InvalidParameterValue: .*'.fifo'/);
  });

  test.each<Partial<QueueProperties>>([
    { contentBasedDeduplication: false }, { deduplicationScope: 'queue' }, { fifoThroughputLimit: 'perQueue' },
  ])('refuses %j on a standard queue', (properties) => {
    expect(create({ name: 'a', ...properties })).toMatch(/^InvalidAttributeName: /);
    expect(create({ name: 'a.fifo', fifo: true, ...properties })).toBe('accepted');
  });

  test('refuses choices that do not exist', () => {
    const wrong = 'group' as 'messageGroup';
    expect(create({ name: 'a.fifo', fifo: true, deduplicationScope: wrong }))
      .toBe("InvalidAttributeValue: 'DeduplicationScope' must be queue or messageGroup, got group");
  });

  test('gives the existing queue for the same properties, and refuses others', () => {
    const { sqs } = new Harness();
    const policy = { Version: '2012-10-17', Statement: [] };
    const queue = sqs.createQueue({ name: 'a', visibilityTimeout: 60, policy });
    expect(sqs.createQueue({ name: 'a' })).toBe(queue);
    expect(sqs.createQueue({ name: 'a', visibilityTimeout: 60, policy: { Statement: [], Version: '2012-10-17' } })).toBe(queue);
    expect(refusal(() => sqs.createQueue({ name: 'a', visibilityTimeout: 61 }))).toMatch(/^QueueNameExists: /);
    expect(sqs.queues()).toEqual([queue]);
  });
});

documented('A FIFO queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html', () => {
  test('has high throughput only with a deduplication scope of the message group', () => {
    const fifo = { name: 'a.fifo', fifo: true, fifoThroughputLimit: 'perMessageGroupId' } as const;
    expect(create(fifo)).toMatch(/^InvalidAttributeValue: 'FifoThroughputLimit'/);
    expect(create({ ...fifo, deduplicationScope: 'messageGroup' })).toBe('accepted');
  });
});

documented('A queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html', () => {
  test('does not encrypt with SQS-managed keys where a KMS key is given', () => {
    expect(new Harness().queue({ kmsMasterKeyId: 'alias/key' }).sqsManagedSseEnabled).toBe(false);
    expect(create({ name: 'a', kmsMasterKeyId: 'alias/key', sqsManagedSseEnabled: true })).toMatch(/^InvalidAttributeValue: .*one kind/);
  });

  test('has one kind of encryption, the one chosen last', () => {
    const queue = new Harness().queue();
    const encryption = (): unknown => [queue.kmsMasterKeyId, queue.sqsManagedSseEnabled];
    queue.update({ kmsMasterKeyId: 'alias/key' });
    expect(encryption()).toEqual(['alias/key', false]);
    queue.update({ sqsManagedSseEnabled: true });
    expect(encryption()).toEqual([undefined, true]);
    queue.update({ sqsManagedSseEnabled: false });
    expect(encryption()).toEqual([undefined, false]);
    queue.update({ kmsMasterKeyId: 'alias/key' });
    queue.update({ kmsMasterKeyId: undefined });
    expect(encryption()).toEqual([undefined, true]);
  });
});

documented('Creating a queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html', () => {
  test('checks redrive-allow policies', () => {
    const allow = (redriveAllowPolicy: QueueProperties['redriveAllowPolicy']): string => create({ name: 'a', redriveAllowPolicy });
    const arns = (length: number): string[] => Array.from({ length }, (_, index) => `arn:aws:sqs:eu-west-1:123456789012:q${index}`);
    expect(allow({ redrivePermission: 'byQueue' })).toMatch(/^InvalidParameterValue: .*1 to 10 queues.*got 0/);
    expect(allow({ redrivePermission: 'byQueue', sourceQueueArns: arns(11) })).toMatch(/got 11/);
    expect(allow({ redrivePermission: 'byQueue', sourceQueueArns: arns(10) })).toBe('accepted');
    expect(allow({ redrivePermission: 'denyAll', sourceQueueArns: arns(1) })).toMatch(/needs 'redrivePermission' byQueue, got denyAll/);
    expect(allow({ redrivePermission: 'some' as 'allowAll' })).toMatch(/must be allowAll or denyAll or byQueue, got some/);
  });
});

documented('Creating a queue', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_TagQueue.html', () => {
  test('refuses more than 50 tags', () => {
    const tags = (length: number): Record<string, string> => Object.fromEntries(Array.from({ length }, (_, index) => [`tag${index}`, '']));
    expect(create({ name: 'a', tags: tags(50) })).toBe('accepted');
    expect(create({ name: 'a', tags: tags(51) })).toBe('InvalidParameterValue: A queue must have at most 50 tags, got 51');
  });
});
