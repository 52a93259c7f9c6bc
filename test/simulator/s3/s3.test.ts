import { createHash } from 'node:crypto';
import { ServiceError } from '../../../simulator/contracts';
import { S3Service, type NotificationConfiguration } from '../../../simulator/s3';
import { functionArn, place, queueArn, surroundings } from '../sns/fakes';
import { documented } from '../documented';

function simulate(versioned = false) {
  const around = surroundings();
  const s3 = new S3Service(around.clock, around.events, around.random, place, around.directory);
  return { ...around, s3, bucket: s3.createBucket({ name: 'archive', versioned }) };
}

const bytes = (text: string): Buffer => Buffer.from(text);
interface NotifiedObject { key: string; sequencer: string }
interface NotifiedRecord { eventName: string; s3: { object: NotifiedObject } }

const recordsOf = (bodies: string[]) => bodies.map((body) => (JSON.parse(body) as { Records: NotifiedRecord[] }).Records[0]);
const code = (name: string, status: number) => expect.objectContaining({ code: name, status }) as Error;

documented('objects', 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html', () => {
  test('are read as they were put, at once', () => {
    const { bucket, s3Events, clock } = simulate();
    const body = bytes('hello');
    const object = bucket.put('a/b.txt', body, { contentType: 'text/plain', contentEncoding: 'gzip', metadata: { Owner: 'shop' } });
    body.fill(0);
    expect([bucket.get('a/b.txt'), bucket.headExisting('a/b.txt')]).toEqual([object, object]);
    expect(object).toMatchObject({
      key: 'a/b.txt', eTag: createHash('md5').update('hello').digest('hex'), contentType: 'text/plain', contentEncoding: 'gzip',
      metadata: { owner: 'shop' }, lastModified: clock.now(), versionId: undefined, deleteMarker: false,
    });
    expect(object.body.toString()).toBe('hello');
    bucket.delete('a/b.txt');
    bucket.delete('a/b.txt');
    expect(s3Events.map(({ action, key, bytes: size, resource }) => [action, key, size, resource])).toEqual([
      ['put', 'a/b.txt', 5, 'arn:aws:s3:::archive'], ['get', 'a/b.txt', 5, 'arn:aws:s3:::archive'], ['deleted', 'a/b.txt', 5, 'arn:aws:s3:::archive'],
    ]);
  });

  test('have the content type of S3 where none is given', () => {
    expect(simulate().bucket.put('a', bytes('x')).contentType).toBe('binary/octet-stream');
  });
});

documented('an object that is not there', 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html', () => {
  test('that are not there are undefined, or NoSuchKey', () => {
    const { bucket, s3Events } = simulate();
    expect([bucket.get('a'), bucket.head('a')]).toEqual([undefined, undefined]);
    expect(() => bucket.getExisting('a')).toThrow(code('NoSuchKey', 404));
    expect(() => bucket.headExisting('a')).toThrow(code('NoSuchKey', 404));
    expect(() => bucket.getExisting('a', 'v')).toThrow(code('NoSuchVersion', 404));
    expect(s3Events).toEqual([]);
  });
});

documented('objects under a condition', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html', () => {
  test('are not replaced with If-None-Match, nor without the ETag of If-Match', () => {
    const { bucket } = simulate();
    const { eTag } = bucket.put('a', bytes('one'), { ifNoneMatch: '*' });
    expect(() => bucket.put('a', bytes('two'), { ifNoneMatch: '*' })).toThrow(code('PreconditionFailed', 412));
    expect(() => bucket.put('a', bytes('two'), { ifMatch: '"other"' })).toThrow(code('PreconditionFailed', 412));
    expect(() => bucket.put('b', bytes('two'), { ifMatch: eTag })).toThrow(code('NoSuchKey', 404));
    expect(() => bucket.put('a', bytes('two'), { ifNoneMatch: eTag })).toThrow(code('NotImplemented', 501));
    expect(bucket.get('a')!.body.toString()).toBe('one');
    bucket.put('a', bytes('two'), { ifMatch: `"${eTag}"` });
    expect(bucket.get('a')!.body.toString()).toBe('two');
    bucket.delete('a');
    expect(() => bucket.put('a', bytes('three'), { ifNoneMatch: '*' })).not.toThrow();
  });
});

documented('the integrity of objects', 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html', () => {
  test('are checked against Content-MD5', () => {
    const { bucket } = simulate();
    const contentMd5 = createHash('md5').update('one').digest('base64');
    expect(() => bucket.put('a', bytes('two'), { contentMd5 })).toThrow(code('BadDigest', 400));
    expect(() => bucket.put('a', bytes('one'), { contentMd5: 'abc' })).toThrow(code('InvalidDigest', 400));
    expect(() => bucket.put('a', bytes('one'), { contentMd5 })).not.toThrow();
  });
});

documented('keys and metadata', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html', () => {
  test.each<[string, string, Record<string, string>]>([
    ['KeyTooLongError', 'k'.repeat(1_025), {}], ['KeyTooLongError', 'é'.repeat(513), {}], ['InvalidArgument', '', {}],
    ['MetadataTooLarge', 'k', { a: 'x'.repeat(2_048) }],
  ])('beyond a limit are %s', (name, key, metadata) => {
    expect(() => simulate().bucket.put(key, bytes('x'), { metadata })).toThrow(code(name, 400));
  });

  test('are taken at exactly the limits', () => {
    const { bucket } = simulate();
    expect(() => bucket.put('k'.repeat(1_024), bytes('x'), { metadata: { a: 'x'.repeat(2_047) } })).not.toThrow();
  });
});

documented('copies', 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html', () => {
  test('are copied with what belongs to them, or with something else', () => {
    const { s3, bucket } = simulate();
    const other = s3.createBucket({ name: 'other' });
    bucket.put('a', bytes('hello'), { contentType: 'text/plain', contentEncoding: 'gzip', metadata: { x: '1' } });
    expect(bucket.copy('a', 'b')).toMatchObject({ key: 'b', contentType: 'text/plain', contentEncoding: 'gzip', metadata: { x: '1' } });
    const replaced = other.copy('a', 'c', { from: bucket, replace: { contentType: 'text/html' } });
    expect(replaced).toMatchObject({ contentType: 'text/html', contentEncoding: undefined, metadata: {} });
    expect(other.get('c')!.body.toString()).toBe('hello');
    expect(() => bucket.copy('missing', 'b')).toThrow(code('NoSuchKey', 404));
  });
});

documented('versions', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html', () => {
  test('are kept when an object is replaced, and hidden by a delete marker', () => {
    const { bucket } = simulate(true);
    const one = bucket.put('a', bytes('one'));
    const two = bucket.put('a', bytes('two'));
    expect(one.versionId).not.toBe(two.versionId);
    const deleted = bucket.delete('a');
    expect(deleted.deleteMarker).toBe(true);
    expect([bucket.get('a'), bucket.objects(), bucket.get('a', one.versionId)]).toEqual([undefined, [], one]);
    expect(() => bucket.getExisting('a')).toThrow(code('NoSuchKey', 404));
    expect(() => bucket.getExisting('a', deleted.versionId)).toThrow(code('MethodNotAllowed', 405));
    expect(bucket.versions().map(({ versionId }) => versionId)).toEqual([deleted.versionId, two.versionId, one.versionId]);

    expect(bucket.delete('a', deleted.versionId)).toEqual({ versionId: deleted.versionId, deleteMarker: true });
    expect(bucket.get('a')).toBe(two);
    bucket.delete('a', two.versionId);
    expect(bucket.get('a')).toBe(one);
    expect(bucket.delete('a', 'unknown')).toEqual({ versionId: 'unknown', deleteMarker: false });
    expect(bucket.get('a')).toBe(one);
  });

  test('are one only without versioning', () => {
    const { bucket } = simulate();
    bucket.put('a', bytes('one'));
    bucket.put('a', bytes('two'));
    expect(bucket.versions()).toHaveLength(1);
    expect(bucket.delete('a')).toEqual({ deleteMarker: false });
    expect(bucket.versions()).toEqual([]);
  });
});

documented('listing', 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html', () => {
  const filled = (keys: string[]) => {
    const { bucket } = simulate();
    for (const key of keys) bucket.put(key, bytes('x'));
    return bucket;
  };

  test('is in the order of UTF-8 bytes', () => {
    const keys = ['b', 'B', 'a/2', 'a', '\u{1f600}', '\uff5e', 'é'];
    expect(filled(keys).list().objects.map(({ key }) => key)).toEqual(['B', 'a', 'a/2', 'b', 'é', '\uff5e', '\u{1f600}']);
  });

  test('takes a prefix, and rolls keys up to the delimiter', () => {
    const bucket = filled(['aaa', 'photos/2025/a', 'photos/2026/a', 'photos/2026/b', 'photos/index', 'readme', 'photosphere']);
    const { objects, commonPrefixes, keyCount, isTruncated } = bucket.list({ prefix: 'photos/', delimiter: '/' });
    expect([objects.map(({ key }) => key), commonPrefixes, keyCount, isTruncated])
      .toEqual([['photos/index'], ['photos/2025/', 'photos/2026/'], 3, false]);
    expect(bucket.list({ delimiter: '/' }).commonPrefixes).toEqual(['photos/']);
    expect(bucket.list({ startAfter: 'photos/index' }).objects.map(({ key }) => key)).toEqual(['photosphere', 'readme']);
  });

  test.each([1, 2, 3, 100])('gives every object and common prefix once by pages of %d', (maxKeys) => {
    const bucket = filled(['a/1', 'a/2', 'a/3', 'b', 'c/1', 'c/2', 'd']);
    const seen: string[] = [];
    let continuationToken: string | undefined;
    do {
      const page = bucket.list({ delimiter: '/', maxKeys, continuationToken });
      expect(page.keyCount).toBe(page.objects.length + page.commonPrefixes.length);
      expect(page.keyCount).toBeLessThanOrEqual(maxKeys);
      seen.push(...page.commonPrefixes, ...page.objects.map(({ key }) => key));
      continuationToken = page.nextContinuationToken;
      expect(page.isTruncated).toBe(continuationToken !== undefined);
    } while (continuationToken !== undefined);
    expect(seen.sort()).toEqual(['a/', 'b', 'c/', 'd']);
  });

  test('has a thousand keys a page unless fewer are asked for', () => {
    const bucket = filled(Array.from({ length: 1_001 }, (_, index) => `k${index}`));
    expect([bucket.list().keyCount, bucket.list({ maxKeys: 5_000 }).keyCount, bucket.list({ maxKeys: 7 }).keyCount]).toEqual([1_000, 1_000, 7]);
    expect(bucket.list({ maxKeys: 0 })).toEqual({ objects: [], commonPrefixes: [], isTruncated: false, keyCount: 0 });
  });

  test('refuses a negative page size and a token that is none', () => {
    const bucket = filled(['a']);
    expect(() => bucket.list({ maxKeys: -1 })).toThrow('must be from 0 to 1000, got -1');
    expect(() => bucket.list({ continuationToken: 'x' })).toThrow(code('InvalidArgument', 400));
  });

  test('leaves out what a delete marker hides, and shows what comes back', () => {
    const { bucket } = simulate(true);
    bucket.put('a', bytes('x'));
    bucket.put('b', bytes('x'));
    const { versionId } = bucket.delete('a');
    expect(bucket.list().objects.map(({ key }) => key)).toEqual(['b']);
    bucket.delete('a', versionId);
    expect(bucket.list().objects.map(({ key }) => key)).toEqual(['a', 'b']);
  });
});

documented('buckets', 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html', () => {
  test('are found by name and made once', () => {
    const { s3, bucket } = simulate();
    expect([s3.bucket('archive'), s3.existingBucket('archive'), s3.buckets(), s3.bucket('other')]).toEqual([bucket, bucket, [bucket], undefined]);
    expect(() => s3.createBucket({ name: 'archive' })).toThrow(code('BucketAlreadyOwnedByYou', 409));
    expect(() => s3.existingBucket('other')).toThrow(code('NoSuchBucket', 404));
    expect(() => s3.deleteBucket('other')).toThrow(code('NoSuchBucket', 404));
  });
});

documented('deleting a bucket', 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html', () => {
  test('are deleted only when no version is left', () => {
    const { s3, bucket } = simulate(true);
    const { versionId } = bucket.put('a', bytes('x'));
    const marker = bucket.delete('a');
    expect(() => s3.deleteBucket('archive')).toThrow(code('BucketNotEmpty', 409));
    bucket.delete('a', versionId);
    expect(() => s3.deleteBucket('archive')).toThrow(code('BucketNotEmpty', 409));
    bucket.delete('a', marker.versionId);
    s3.deleteBucket('archive');
    expect(s3.buckets()).toEqual([]);
  });
});

documented('the name of a bucket', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html', () => {
  test.each(['ab', 'x'.repeat(64), 'Archive', '-archive', 'archive-', 'a..b', '192.168.0.1', 'a_b'])('are refused the name %s', (name) => {
    expect(() => simulate().s3.createBucket({ name })).toThrow(code('InvalidBucketName', 400));
  });
});

const created: NotificationConfiguration = { id: 'created', events: ['s3:ObjectCreated:*'], destination: queueArn('uploads') };

documented('notifications', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html', () => {
  test('reach a queue as the event of AWS, after the put has its answer', async () => {
    const { bucket, clock, addQueue, s3Events } = simulate();
    const queue = addQueue('uploads');
    bucket.setNotifications([created]);
    queue.sent.length = 0;
    const { eTag, sequencer } = bucket.put('in/red flower (1)@é.jpg', bytes('hello'));
    expect(queue.sent).toEqual([]);
    await clock.advance(0);
    expect(queue.sent[0].caller).toEqual({ principal: 's3.amazonaws.com', sourceArn: 'arn:aws:s3:::archive', sourceAccount: '111122223333' });
    expect(JSON.parse(queue.bodies[0])).toEqual({
      Records: [{
        eventVersion: '2.1', eventSource: 'aws:s3', awsRegion: 'eu-west-1', eventTime: '2026-01-05T09:00:00.000Z', eventName: 'ObjectCreated:Put',
        userIdentity: { principalId: 'AWS:111122223333' }, requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { 'x-amz-request-id': expect.stringMatching(/^[0-9A-F]{16}$/), 'x-amz-id-2': expect.any(String) },
        s3: {
          s3SchemaVersion: '1.0', configurationId: 'created',
          bucket: { name: 'archive', ownerIdentity: { principalId: '111122223333' }, arn: 'arn:aws:s3:::archive' },
          object: { key: 'in/red+flower+%281%29%40%C3%A9.jpg', size: 5, eTag, sequencer },
        },
      }],
    });
    expect(s3Events.at(-1)).toEqual({
      service: 's3', action: 'notified', at: clock.now(), resource: 'arn:aws:s3:::archive', key: 'in/red flower (1)@é.jpg', bytes: 5, to: queue.arn,
    });
  });

  test('begin with a test event for queues and topics, and none for functions', () => {
    const { bucket, addQueue, addFunction, topics, published, clock } = simulate();
    const [queue, target] = [addQueue('uploads'), addFunction('handler')];
    const topicArn = 'arn:aws:sns:eu-west-1:111122223333:uploads';
    topics.add(topicArn);
    bucket.setNotifications([
      created, { events: ['s3:ObjectRemoved:Delete'], destination: topicArn }, { events: ['s3:ObjectRemoved:DeleteMarkerCreated'], destination: target.arn },
    ]);
    const testEvent = {
      Service: 'Amazon S3', Event: 's3:TestEvent', Time: new Date(clock.now()).toISOString(), Bucket: 'archive',
      RequestId: expect.any(String), HostId: expect.any(String),
    };
    expect(JSON.parse(queue.bodies[0])).toEqual(testEvent);
    expect(published).toMatchObject([{ topicArn, subject: 'Amazon S3 Notification' }]);
    expect(JSON.parse(published[0].message)).toEqual(testEvent);
    expect(target.invocations).toEqual([]);
    expect(bucket.notificationConfigurations.map(({ id }) => typeof id)).toEqual(['string', 'string', 'string']);
  });

  test('name copies, deletions and delete markers, with sequencers that grow', async () => {
    const { bucket, clock, addQueue } = simulate(true);
    const queue = addQueue('uploads');
    bucket.setNotifications([created, { id: 'removed', events: ['s3:ObjectRemoved:*'], destination: queue.arn }]);
    queue.sent.length = 0;
    const { versionId } = bucket.put('a', bytes('x'));
    bucket.copy('a', 'a');
    const marker = bucket.delete('a');
    bucket.delete('a', versionId);
    await clock.advance(0);
    const records = recordsOf(queue.bodies);
    expect(records.map(({ eventName }) => eventName))
      .toEqual(['ObjectCreated:Put', 'ObjectCreated:Copy', 'ObjectRemoved:DeleteMarkerCreated', 'ObjectRemoved:Delete']);
    const objects = records.map(({ s3 }) => s3.object);
    expect(objects[2]).toEqual({ key: 'a', eTag: 'd41d8cd98f00b204e9800998ecf8427e', versionId: marker.versionId, sequencer: expect.any(String) });
    expect(objects[3]).toEqual({ key: 'a', versionId, sequencer: expect.any(String) });
    const sequencers = objects.map(({ sequencer }) => sequencer);
    expect(sequencers).toEqual([...new Set(sequencers)].sort());
  });

  documented('the filters of notifications', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html', () => {
    test('come only for the kinds, prefixes and suffixes that were asked for', async () => {
      const { bucket, clock, addQueue } = simulate();
      const [puts, copies] = [addQueue('puts'), addQueue('copies')];
      bucket.setNotifications([
        { events: ['s3:ObjectCreated:Put'], prefix: 'in/', suffix: '.csv', destination: puts.arn },
        { events: ['s3:ObjectCreated:Copy'], destination: copies.arn },
      ]);
      puts.sent.length = copies.sent.length = 0;
      for (const key of ['in/a.csv', 'in/a.txt', 'out/a.csv']) bucket.put(key, bytes('x'));
      bucket.copy('in/a.csv', 'in/b.csv');
      bucket.delete('in/a.csv');
      await clock.advance(0);
      const keys = (bodies: string[]) => recordsOf(bodies).map(({ s3 }) => s3.object.key);
      expect([keys(puts.bodies), keys(copies.bodies)]).toEqual([['in/a.csv'], ['in/b.csv']]);
    });
  });

  test('hand the event to a function', async () => {
    const { bucket, clock, addFunction, s3Events } = simulate();
    const target = addFunction('handler');
    bucket.setNotifications([{ ...created, destination: target.arn }]);
    bucket.put('a', bytes('x'));
    await clock.advance(0);
    expect(target.invocations).toHaveLength(1);
    expect(target.invocations[0]).toMatchObject({
      event: { Records: [{ eventName: 'ObjectCreated:Put' }] }, caller: { principal: 's3.amazonaws.com', sourceArn: 'arn:aws:s3:::archive' },
    });
    expect(s3Events.at(-1)).toMatchObject({ action: 'notified', to: target.arn });
  });

  test('that a destination no longer takes are given up, and that is told', async () => {
    const { bucket, clock, addQueue, addFunction, queues, functions, s3Events } = simulate();
    const [queue, target, gone] = [addQueue('uploads'), addFunction('handler'), addFunction('gone')];
    bucket.setNotifications([
      { ...created, suffix: '.q' }, { ...created, suffix: '.f', destination: target.arn }, { ...created, suffix: '.g', destination: gone.arn },
    ]);
    queues.delete(queue.arn);
    functions.delete(gone.arn);
    target.errors = [new ServiceError('AccessDeniedException', 'no permission', 403)];
    bucket.put('a.q', bytes('x'));
    bucket.put('a.f', bytes('x'));
    bucket.put('a.g', bytes('x'));
    await clock.advance(0);
    const failed = s3Events.filter(({ action }) => action === 'notificationFailed');
    expect(failed.map(({ key, to }) => [key, to])).toEqual([['a.q', queue.arn], ['a.f', target.arn], ['a.g', gone.arn]]);
    expect(failed.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('QueueDoesNotExist'), 'AccessDeniedException: no permission', expect.stringContaining('ResourceNotFoundException'),
    ]);
  });

  documented('the configurations of notifications', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html', () => {
    test.each<[string, string, NotificationConfiguration[]]>([
      ['InvalidArgument', 'The destination queue does not exist', [{ ...created, destination: queueArn('gone') }]],
      ['InvalidArgument', 'the function does not exist', [{ ...created, destination: functionArn('gone') }]],
      ['InvalidArgument', 'NotFound: Topic does not exist', [{ ...created, destination: 'arn:aws:sns:eu-west-1:111122223333:gone' }]],
      ['InvalidArgument', 'standard queues', [{ ...created, destination: queueArn('uploads.fifo') }]],
      ['InvalidArgument', 'could not be parsed', [{ ...created, destination: 'uploads' }]],
      ['InvalidArgument', 'could not be parsed', [{ ...created, destination: queueArn('uploads').replace('arn:', 'urn:') }]],
      ['InvalidArgument', 'is not supported', [{ ...created, events: ['s3:ObjectMoved:*'] }]],
      ['NotImplemented', 's3:ObjectTagging:*', [{ ...created, events: ['s3:ObjectTagging:*'] }]],
      ['InvalidArgument', 'overlap', [created, { ...created, id: 'other', events: ['s3:ObjectCreated:Put'] }]],
      ['InvalidArgument', 'overlap', [{ ...created, prefix: 'a' }, { ...created, prefix: 'ab', suffix: '.x' }]],
    ])('are refused as %s: %s', (name, reason, configurations) => {
      const { bucket, addQueue } = simulate();
      addQueue('uploads');
      expect(() => bucket.setNotifications(configurations)).toThrow(expect.objectContaining({ code: name }));
      expect(() => bucket.setNotifications(configurations)).toThrow(reason);
      expect(bucket.notificationConfigurations).toEqual([]);
    });
  });

  documented('the permissions of notifications', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html', () => {
    test('are refused to a queue whose policy does not let S3 in', () => {
      const { bucket, addQueue } = simulate();
      addQueue('uploads').errors = [new ServiceError('AccessDenied', 'no statement allows s3.amazonaws.com', 403)];
      expect(() => bucket.setNotifications([created])).toThrow('AccessDenied: no statement allows s3.amazonaws.com');
    });
  });

  documented('configurations that do not overlap', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html', () => {
    test('may have distinct prefixes or suffixes for one kind', () => {
      const { bucket, addQueue } = simulate();
      addQueue('uploads');
      expect(() => bucket.setNotifications([{ ...created, prefix: 'a' }, { ...created, prefix: 'b' }])).not.toThrow();
      expect(() => bucket.setNotifications([{ ...created, suffix: '.a' }, { ...created, suffix: '.b' }])).not.toThrow();
    });
  });
});

describe('a notification', () => {
  test('stops the clock for a failure of the simulator itself', async () => {
    const { bucket, clock, addQueue } = simulate();
    const queue = addQueue('uploads');
    bucket.setNotifications([created]);
    queue.errors = [new Error('broken simulator')];
    bucket.put('a', bytes('x'));
    await expect(clock.advance(0)).rejects.toThrow('broken simulator');
  });
});
