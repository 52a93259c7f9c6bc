import { CopyObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Bucket, CfnBucket, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Simulation } from '../../../simulator';
import { S3Service, type LifecycleConfiguration, type LifecycleRule } from '../../../simulator/s3';
import { documented } from '../documented';
import { place, queueArn, surroundings } from '../sns/fakes';

const hour = 3_600_000;
const day = 24 * hour;
const PAGE = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html';
const EXAMPLES = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configuration-examples.html';
const TRANSITIONS = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html';
const large = Buffer.alloc(128 * 1024);

const rule = (given: Partial<LifecycleRule>): LifecycleRule => (
  { id: 'rule', enabled: true, prefix: '', expiredObjectDeleteMarker: false, transitions: [], noncurrentTransitions: [], ...given }
);

/** A bucket at 9 o'clock, with rules; its clock stands until it is advanced. */
function bucketWith(rules: readonly Partial<LifecycleRule>[], { versioned = false, smallObjects = 'all_storage_classes_128K' as const } = {}) {
  const around = surroundings();
  const s3 = new S3Service(around.clock, around.events, around.random, place, around.directory);
  const bucket = s3.createBucket({ name: 'archive', versioned });
  const configure = (configuration: readonly Partial<LifecycleRule>[], small: LifecycleConfiguration['smallObjects'] = smallObjects) => (
    bucket.lifecycle.configure({ rules: configuration.map((each, index) => rule({ id: `rule-${index}`, ...each })), smallObjects: small })
  );
  configure(rules);
  const put = (key: string, body: Buffer | string = '1') => bucket.put(key, Buffer.from(body));
  const classes = () => Object.fromEntries(bucket.versions().map(({ key, storageClass }) => [key, storageClass]));
  const kept = () => bucket.versions().map(({ key, deleteMarker, body }) => (deleteMarker ? `${key} marker` : `${key} ${body.length < 10 ? String(body) : ''}`.trim()));
  return { ...around, s3, bucket, configure, put, classes, kept };
}

documented('an expiration', PAGE, () => {
  test('deletes an object at the midnight UTC after so many days', async () => {
    const { bucket, clock, put } = bucketWith([{ expiration: { days: 3 } }]);
    put('a');
    await clock.advance(3 * day + 15 * hour - 1);
    expect(bucket.head('a')).toBeDefined();
    await clock.advance(1);
    expect(bucket.head('a')).toBeUndefined();
    expect(bucket.empty).toBe(true);
  });

  test('counts the days anew when an object is replaced', async () => {
    const { bucket, clock, put } = bucketWith([{ expiration: { days: 1 } }]);
    put('a');
    await clock.advance(day);
    put('a');
    await clock.advance(day);
    expect(bucket.head('a')).toBeDefined();
    await clock.advance(day);
    expect(bucket.head('a')).toBeUndefined();
  });

  test('is for the keys under its prefix and the sizes between its own', async () => {
    const { clock, put, kept } = bucketWith([{ prefix: 'logs/', sizeGreaterThan: 1, sizeLessThan: 4, expiration: { days: 1 } }]);
    for (const [key, body] of [['logs/1', '1'], ['logs/2', '12'], ['logs/3', '123'], ['logs/4', '1234'], ['other', '12']]) put(key, body);
    await clock.advance(2 * day);
    expect(kept()).toEqual(['logs/1 1', 'logs/4 1234', 'other 12']);
  });

  test('does nothing while its rule is disabled, and with a new rule what is due already at the next midnight', async () => {
    const { bucket, clock, put, configure } = bucketWith([{ enabled: false, expiration: { days: 1 } }]);
    put('a');
    await clock.advance(10 * day);
    configure([{ expiration: { days: 5 } }]);
    expect(bucket.head('a')).toBeDefined();
    await clock.advance(15 * hour);
    expect(bucket.head('a')).toBeUndefined();
  });

  test('at a date expires everything from that midnight on, what comes later included', async () => {
    const { bucket, clock, put } = bucketWith([{ expiration: { date: Date.UTC(2026, 0, 7) } }]);
    put('a');
    await clock.advance(day + 15 * hour - 1);
    expect(bucket.head('a')).toBeDefined();
    await clock.advance(1);
    expect(bucket.head('a')).toBeUndefined();
    put('b');
    await clock.advance(day);
    expect(bucket.head('b')).toBeUndefined();
  });

  test('ends when the rules are taken away', async () => {
    const { bucket, clock, put } = bucketWith([{ expiration: { days: 1 } }]);
    put('a');
    bucket.lifecycle.configure(undefined);
    await clock.advance(5 * day);
    expect(bucket.head('a')).toBeDefined();
  });

  test('ends with its bucket', async () => {
    const { s3, bucket, clock, put, s3Events } = bucketWith([{ expiration: { days: 1 } }]);
    s3.deleteBucket('archive');
    put('a');
    await clock.advance(5 * day);
    expect(bucket.head('a')).toBeDefined();
    expect(s3Events.map(({ action }) => action)).toEqual(['put']);
  });

  test('with versions hides an object behind a delete marker, and then leaves it alone', async () => {
    const { clock, put, kept, bucket } = bucketWith([{ expiration: { days: 1 } }], { versioned: true });
    put('a', '1');
    await clock.advance(2 * day);
    expect(kept()).toEqual(['a marker', 'a 1']);
    await clock.advance(10 * day);
    expect(kept()).toEqual(['a marker', 'a 1']);
    expect(bucket.get('a')).toBeUndefined();
  });

  test.each([
    ['at once where the rule says so', { expiredObjectDeleteMarker: true }, 15 * hour],
    ['after the days of the expiration', { expiration: { days: 1 } }, day + 15 * hour],
  ])('removes a delete marker that is all that is left %s', async (_, given, after) => {
    const { clock, put, kept, bucket } = bucketWith([given], { versioned: true });
    const { versionId } = put('a');
    bucket.delete('a');
    bucket.delete('a', versionId);
    put('b');
    bucket.delete('b');
    await clock.advance(after - 1);
    expect(kept()).toEqual(['a marker', 'b marker', 'b 1']);
    await clock.advance(1);
    expect(kept()).toEqual(['b marker', 'b 1']);
  });
});

documented('an expiration of noncurrent versions', PAGE, () => {
  test('deletes a version so many days after its successor came', async () => {
    const { clock, put, kept } = bucketWith([{ noncurrentExpiration: { days: 1 } }], { versioned: true });
    put('a', '1');
    await clock.advance(10 * day);
    put('a', '2');
    await clock.advance(day + 15 * hour - 1);
    expect(kept()).toEqual(['a 2', 'a 1']);
    await clock.advance(1);
    expect(kept()).toEqual(['a 2']);
  });

  test('spares the newest noncurrent versions, delete markers not counted', async () => {
    const { clock, put, kept, bucket } = bucketWith([{ noncurrentExpiration: { days: 1, newerVersions: 2 } }], { versioned: true });
    for (const body of ['1', '2', '3']) put('a', body);
    bucket.delete('a');
    put('a', '4');
    await clock.advance(3 * day);
    expect(kept()).toEqual(['a 4', 'a marker', 'a 3', 'a 2']);
  });

  test('and of current ones remove an object with all its traces', async () => {
    const { clock, put, bucket } = bucketWith([{ expiration: { days: 2 }, noncurrentExpiration: { days: 2 } }], { versioned: true });
    put('a');
    await clock.advance(4 * day);
    expect(bucket.versions()).toHaveLength(2);
    await clock.advance(day);
    expect(bucket.empty).toBe(true);
  });

  test('waits for Object Lock', async () => {
    const { clock, put, kept, bucket } = bucketWith([{ noncurrentExpiration: { days: 1 } }], { versioned: true });
    bucket.retention = 5 * day;
    put('a', '1');
    put('a', '2');
    await clock.advance(5 * day);
    expect(kept()).toEqual(['a 2', 'a 1']);
    await clock.advance(day);
    expect(kept()).toEqual(['a 2']);
  });
});

documented('transitions', TRANSITIONS, () => {
  test('move an object on from class to class, each when its days are over', async () => {
    const { clock, put, classes } = bucketWith([{ transitions: [
      { when: { days: 30 }, storageClass: 'STANDARD_IA' }, { when: { days: 90 }, storageClass: 'GLACIER' }, { when: { days: 180 }, storageClass: 'DEEP_ARCHIVE' },
    ] }]);
    put('a', large);
    const seen: string[] = [];
    for (const days of [30, 1, 60, 90]) {
      await clock.advance(days * day);
      seen.push(classes().a);
    }
    expect(seen).toEqual(['STANDARD', 'STANDARD_IA', 'GLACIER', 'DEEP_ARCHIVE']);
  });

  test('go to the coldest of the classes that are due, and never back to a warmer one', async () => {
    const { clock, put, classes, configure } = bucketWith([
      { transitions: [{ when: { days: 30 }, storageClass: 'STANDARD_IA' }] }, { transitions: [{ when: { days: 30 }, storageClass: 'GLACIER' }] },
    ]);
    put('a', large);
    await clock.advance(31 * day);
    expect(classes()).toEqual({ a: 'GLACIER' });
    configure([{ transitions: [{ when: { days: 0 }, storageClass: 'INTELLIGENT_TIERING' }] }]);
    await clock.advance(day);
    expect(classes()).toEqual({ a: 'GLACIER' });
  });

  test.each([
    ['STANDARD_IA', 'ONEZONE_IA', 'ONEZONE_IA'], ['STANDARD_IA', 'INTELLIGENT_TIERING', 'INTELLIGENT_TIERING'], ['STANDARD_IA', 'GLACIER_IR', 'GLACIER_IR'],
    ['INTELLIGENT_TIERING', 'ONEZONE_IA', 'ONEZONE_IA'], ['INTELLIGENT_TIERING', 'STANDARD_IA', 'INTELLIGENT_TIERING'],
    ['ONEZONE_IA', 'INTELLIGENT_TIERING', 'ONEZONE_IA'], ['ONEZONE_IA', 'GLACIER_IR', 'ONEZONE_IA'], ['ONEZONE_IA', 'STANDARD_IA', 'ONEZONE_IA'],
    ['ONEZONE_IA', 'GLACIER', 'GLACIER'], ['GLACIER_IR', 'DEEP_ARCHIVE', 'DEEP_ARCHIVE'], ['GLACIER_IR', 'ONEZONE_IA', 'GLACIER_IR'],
    ['DEEP_ARCHIVE', 'GLACIER', 'DEEP_ARCHIVE'], ['GLACIER', 'DEEP_ARCHIVE', 'DEEP_ARCHIVE'],
  ] as const)('from %s with a rule for %s end in %s', async (from, to, expected) => {
    const { clock, put, classes, configure } = bucketWith([{ transitions: [{ when: { days: 30 }, storageClass: from }] }]);
    put('a', large);
    await clock.advance(31 * day);
    configure([{ transitions: [{ when: { days: 30 }, storageClass: to }] }]);
    await clock.advance(day);
    expect(classes()).toEqual({ a: expected });
  });

  test('leave objects under 128 KB where they are, unless the rule has a size of its own or the bucket lets archives take them', async () => {
    const { clock, put, classes, configure } = bucketWith([
      { prefix: 'a', transitions: [{ when: { days: 1 }, storageClass: 'GLACIER' }] },
      { prefix: 'b', sizeGreaterThan: 0, transitions: [{ when: { days: 1 }, storageClass: 'GLACIER' }] },
      { prefix: 'c', transitions: [{ when: { days: 1 }, storageClass: 'GLACIER_IR' }] },
      { prefix: 'd', sizeLessThan: 200_000, transitions: [{ when: { days: 1 }, storageClass: 'GLACIER_IR' }] },
    ]);
    const small = large.subarray(1);
    for (const key of ['a', 'b', 'c', 'd']) put(key, small);
    put('aa', large);
    await clock.advance(2 * day);
    expect(classes()).toEqual({ a: 'STANDARD', aa: 'GLACIER', b: 'GLACIER', c: 'STANDARD', d: 'GLACIER_IR' });
    configure(['a', 'c'].map((prefix) => (
      { prefix, transitions: [{ when: { days: 1 }, storageClass: prefix === 'a' ? 'DEEP_ARCHIVE' : 'GLACIER_IR' } as const] }
    )), 'varies_by_storage_class');
    await clock.advance(day);
    expect(classes()).toMatchObject({ a: 'DEEP_ARCHIVE', c: 'STANDARD' });
  });

  test('of noncurrent versions leave the current one in its class', async () => {
    const { clock, put, bucket } = bucketWith([{ noncurrentTransitions: [{ days: 1, storageClass: 'GLACIER', newerVersions: 1 }] }], { versioned: true });
    for (let count = 0; count < 3; count++) put('a', large);
    await clock.advance(2 * day);
    expect(bucket.versions().map(({ storageClass }) => storageClass)).toEqual(['STANDARD', 'STANDARD', 'GLACIER']);
  });
});

documented('conflicts between rules', EXAMPLES, () => {
  test('are settled for the shorter expiration, and for an expiration against a transition', async () => {
    const { clock, put, kept } = bucketWith([
      { expiration: { days: 9 } }, { prefix: 'logs/', expiration: { days: 1 } }, { prefix: 'logs/', transitions: [{ when: { days: 1 }, storageClass: 'GLACIER' }] },
    ]);
    put('logs/1', large);
    put('other');
    await clock.advance(2 * day);
    expect(kept()).toEqual(['other 1']);
  });

  test('do not keep an unfinished upload from being aborted', async () => {
    const { clock, bucket } = bucketWith([{ prefix: 'a', abortUploadsAfter: 2 }]);
    const { id } = bucket.uploads.initiate('a/1', {});
    bucket.uploads.addPart(id, 'a/1', 1, Buffer.from('part'));
    bucket.uploads.initiate('b/1', {});
    await clock.advance(2 * day);
    expect(bucket.uploads.all()).toHaveLength(2);
    await clock.advance(day);
    expect(bucket.uploads.all().map(({ key }) => key)).toEqual(['b/1']);
    expect(() => bucket.uploads.existing(id, 'a/1')).toThrow(expect.objectContaining({ code: 'NoSuchUpload', status: 404 }) as Error);
  });
});

documented('notifications of a lifecycle', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configure-notification.html', () => {
  test('name what it did, and are no removals', async () => {
    const { clock, bucket, put, addQueue, s3Events } = bucketWith(
      [{ expiration: { days: 40 } }, { transitions: [{ when: { days: 1 }, storageClass: 'GLACIER' }] }, { noncurrentExpiration: { days: 1 } }], { versioned: true },
    );
    const [lifecycle, removals] = [addQueue('lifecycle'), addQueue('removals')];
    bucket.setNotifications([
      { id: 'l', events: ['s3:LifecycleExpiration:*', 's3:LifecycleTransition'], destination: queueArn('lifecycle') },
      { id: 'r', events: ['s3:ObjectRemoved:*'], destination: queueArn('removals') },
    ]);
    put('a', large);
    await clock.advance(43 * day);
    const records = lifecycle.sent.slice(1).map(({ message }) => (JSON.parse(message.body) as { Records: Record<string, unknown>[] }).Records[0]);
    expect(records.map(({ eventName }) => eventName)).toEqual(
      ['LifecycleTransition', 'LifecycleExpiration:DeleteMarkerCreated', 'LifecycleExpiration:Delete'],
    );
    expect(records[0]).toMatchObject({
      eventVersion: '2.3', userIdentity: { principalId: 's3.amazonaws.com' }, requestParameters: { sourceIPAddress: 's3.amazonaws.com' },
      lifecycleEventData: { transitionEventData: { destinationStorageClass: 'GLACIER' } },
    });
    expect(removals.sent).toHaveLength(1);
    expect(s3Events.map(({ action }) => action).filter((action) => action !== 'notified')).toEqual(['put', 'transitioned', 'expired', 'expired']);
  });
});

documented('a lifecycle', PAGE, () => {
  test.each<[string, Partial<LifecycleRule>, string]>([
    ['no action', {}, "rule 'rule-0': it must have at least one action"],
    ['0 days', { expiration: { days: 0 } }, 'the days of the expiration must be a whole number from 1, got 0'],
    ['half a day', { expiration: { days: 1.5 } }, 'the days of the expiration must be a whole number from 1, got 1.5'],
    ['an hour as its date', { expiration: { date: hour } }, 'a date must be midnight UTC'],
    ['a day until an upload is aborted that is none', { abortUploadsAfter: 0 }, 'the days until an upload is aborted must be a whole number from 1, got 0'],
    ['0 noncurrent days', { noncurrentExpiration: { days: 0 } }, 'the days of the noncurrent expiration must be a whole number from 1, got 0'],
    ['29 days until STANDARD_IA', { transitions: [{ when: { days: 29 }, storageClass: 'STANDARD_IA' }] }, 'the days until STANDARD_IA must be a whole number from 30, got 29'],
    ['29 days until ONEZONE_IA', { transitions: [{ when: { days: 29 }, storageClass: 'ONEZONE_IA' }] }, 'the days until ONEZONE_IA must be a whole number from 30, got 29'],
    ['29 noncurrent days until STANDARD_IA', { noncurrentTransitions: [{ days: 29, storageClass: 'STANDARD_IA' }] }, 'the noncurrent days until STANDARD_IA must be a whole number from 30, got 29'],
    ['a transition to STANDARD', { transitions: [{ when: { days: 1 }, storageClass: 'STANDARD' }] }, 'StorageClass must be one of STANDARD_IA, ONEZONE_IA'],
    ['another class', { noncurrentTransitions: [{ days: 1, storageClass: 'COLD' as never }] }, 'got COLD'],
    ['an expiration before its transition', { expiration: { days: 5 }, transitions: [{ when: { days: 5 }, storageClass: 'GLACIER' }] },
      'the days of the expiration must be more than those of its transitions, got 5 and 5'],
    ['101 newer versions', { noncurrentExpiration: { days: 1, newerVersions: 101 } }, 'NewerNoncurrentVersions must be a whole number from 1 to 100, got 101'],
    ['0 newer versions', { noncurrentTransitions: [{ days: 1, newerVersions: 0, storageClass: 'GLACIER' }] }, 'NewerNoncurrentVersions must be a whole number from 1 to 100, got 0'],
    ['sizes that cross', { sizeGreaterThan: 5, sizeLessThan: 5, expiration: { days: 1 } }, 'ObjectSizeGreaterThan must be less than ObjectSizeLessThan, got 5 and 5'],
    ['delete markers beside days', { expiredObjectDeleteMarker: true, expiration: { days: 1 } }, 'ExpiredObjectDeleteMarker must not be given beside'],
    ['an ID of 256 characters', { id: 'x'.repeat(256), expiration: { days: 1 } }, 'its ID must have at most 255 characters, got 256'],
  ])('fails with %s', (_, given, message) => {
    expect(() => bucketWith([given])).toThrow(expect.objectContaining({ code: 'InvalidArgument', message: expect.stringContaining(message) as string }) as Error);
  });

  test('fails with the same ID twice, with no rule and with 1,001', () => {
    const one = { id: 'one', expiration: { days: 1 } };
    expect(() => bucketWith([one, one])).toThrow("the ID of a rule must be its own, got 'one' twice");
    expect(() => bucketWith([])).toThrow('a lifecycle must have from 1 to 1000 rules, got 0');
    expect(() => bucketWith(Array.from({ length: 1001 }, () => ({ expiration: { days: 1 } })))).toThrow('got 1001');
  });
});

documented('the lifecycle of a bucket in a template', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-rule.html', () => {
  test('moves objects to a class that lists and headers show, and lets nobody read what is archived', async () => {
    const stack = new Stack(new App(), 'Shop');
    new Bucket(stack, 'Archive', { versioned: true, lifecycleRules: [
      { prefix: 'cold/', transitions: [{ storageClass: StorageClass.GLACIER, transitionAfter: Duration.days(1) }] },
      { prefix: 'short/', expiration: Duration.days(1), noncurrentVersionExpiration: Duration.days(1) },
    ] });
    const simulation = await Simulation.start(stack);
    const archive = simulation.bucket('Archive');
    archive.put('cold/1', large);
    archive.put('short/1', '1');
    await simulation.advance(Duration.days(4));

    expect(archive.objects.map(({ key, storageClass }) => [key, storageClass])).toEqual([['cold/1', 'GLACIER']]);
    const s3 = new S3Client({
      endpoint: simulation.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    });
    const at = { Bucket: archive.name, Key: 'cold/1' };
    expect(await s3.send(new HeadObjectCommand(at))).toMatchObject({ StorageClass: 'GLACIER' });
    expect((await s3.send(new ListObjectsV2Command({ Bucket: archive.name }))).Contents).toMatchObject([{ Key: 'cold/1', StorageClass: 'GLACIER' }]);
    expect((await s3.send(new ListObjectVersionsCommand({ Bucket: archive.name }))).Versions).toMatchObject([{ Key: 'cold/1', StorageClass: 'GLACIER' }]);
    const refused = { name: 'InvalidObjectState', $metadata: { httpStatusCode: 403 } };
    await expect(s3.send(new GetObjectCommand(at))).rejects.toMatchObject(refused);
    await expect(s3.send(new CopyObjectCommand({ ...at, Key: 'copy', CopySource: `${archive.name}/cold/1` }))).rejects.toMatchObject(refused);
    s3.destroy();
    await simulation.stop();
  });

  const refusal = async (given: object) => {
    const stack = new Stack(new App(), 'Shop');
    new CfnBucket(stack, 'Archive', { lifecycleConfiguration: given as CfnBucket.LifecycleConfigurationProperty });
    await Simulation.start(stack);
  };

  test.each([
    ['a filter by tags', { rules: [{ status: 'Enabled', expirationInDays: 1, tagFilters: [{ key: 'a', value: 'b' }] }] }, "'TagFilters' of 'LifecycleConfiguration.Rules' is not modelled"],
    ['another status', { rules: [{ status: 'On', expirationInDays: 1 }] }, "'Status' of a lifecycle rule must be Enabled or Disabled, got 'On'"],
    ['another least size', { rules: [], transitionDefaultMinimumObjectSize: 'none' }, "'TransitionDefaultMinimumObjectSize' must be all_storage_classes_128K or varies_by_storage_class, got 'none'"],
    ['days and a date', { rules: [{ status: 'Enabled', expirationInDays: 1, expirationDate: new Date('2026-02-01T00:00:00Z') }] }, 'a lifecycle action must not have both days and a date'],
    ['a transition without a time', { rules: [{ status: 'Enabled', transitions: [{ storageClass: 'GLACIER' }] }] }, "a transition must have 'TransitionInDays' or 'TransitionDate'"],
    ['0 days', { rules: [{ status: 'Enabled', expirationInDays: 0 }] }, 'the days of the expiration must be a whole number from 1, got 0'],
  ])('fails with %s', async (_, given, message) => {
    await expect(refusal(given)).rejects.toThrow(message);
  });

  test('that is refused leaves no bucket behind', async () => {
    const shop = (...expirations: number[]) => {
      const stack = new Stack(new App(), 'Shop');
      new Bucket(stack, 'Other');
      for (const expirationInDays of expirations) {
        new CfnBucket(stack, 'Archive', { bucketName: 'archive', lifecycleConfiguration: { rules: [{ status: 'Enabled', expirationInDays }] } });
      }
      return stack;
    };
    const simulation = await Simulation.start(shop());
    await expect(simulation.update(shop(0))).rejects.toThrow('the days of the expiration must be a whole number from 1, got 0');
    await simulation.update(shop(1));
    expect(simulation.bucket('Archive').name).toBe('archive');
    await simulation.stop();
  });

  test('is read with every action that a rule may have', async () => {
    const stack = new Stack(new App(), 'Shop');
    new CfnBucket(stack, 'Archive', {
      versioningConfiguration: { status: 'Enabled' },
      lifecycleConfiguration: { transitionDefaultMinimumObjectSize: 'varies_by_storage_class', rules: [
        { status: 'Enabled', prefix: 'a/', transition: { storageClass: 'Glacier', transitionInDays: 1 } },
        { status: 'Enabled', prefix: 'b/', transitions: [{ storageClass: 'DEEP_ARCHIVE', transitionDate: new Date('2026-01-06T00:00:00Z') }] },
        { status: 'Disabled', prefix: 'c/', expirationInDays: 1 },
        { status: 'Enabled', prefix: 'd/', expirationDate: new Date('2026-01-06T00:00:00Z') },
        { status: 'Enabled', prefix: 'e/', noncurrentVersionExpirationInDays: 1, expiredObjectDeleteMarker: true },
        { status: 'Enabled', prefix: 'f/', noncurrentVersionExpiration: { noncurrentDays: 1, newerNoncurrentVersions: 1 }, abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } },
        { status: 'Enabled', prefix: 'g/', noncurrentVersionTransitions: [{ storageClass: 'GLACIER', transitionInDays: 1, newerNoncurrentVersions: 1 }] },
        { status: 'Enabled', prefix: 'h/', objectSizeGreaterThan: 2, objectSizeLessThan: 4, expirationInDays: 1 },
      ] },
    });
    const simulation = await Simulation.start(stack);
    const archive = simulation.bucket('Archive');
    for (const folder of 'abcdefgh') for (const body of ['12', '123', '1234']) archive.put(`${folder}/${folder === 'h' ? body : 'x'}`, body);
    await simulation.advance(Duration.days(3));
    const s3 = new S3Client({
      endpoint: simulation.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    });
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: archive.name }));
    const versions = (folder: string) => Versions.filter(({ Key }) => Key!.startsWith(folder)).map(({ Size, StorageClass: kept }) => `${Size} ${kept}`);
    expect(Object.fromEntries([...'abcdefg'].map((folder) => [folder, versions(folder)]))).toEqual({
      a: ['4 GLACIER', '3 STANDARD', '2 STANDARD'],
      b: ['4 DEEP_ARCHIVE', '3 STANDARD', '2 STANDARD'],
      c: ['4 STANDARD', '3 STANDARD', '2 STANDARD'],
      d: ['4 STANDARD', '3 STANDARD', '2 STANDARD'],
      e: ['4 STANDARD'],
      f: ['4 STANDARD', '3 STANDARD'],
      g: ['4 STANDARD', '3 STANDARD', '2 GLACIER'],
    });
    expect(DeleteMarkers.map(({ Key }) => Key)).toEqual(['d/x', 'h/123']);
    s3.destroy();
    await simulation.stop();
  });
});
