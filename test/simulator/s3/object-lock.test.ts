import { DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Bucket, CfnBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Simulation } from '../../../simulator';
import { S3Service } from '../../../simulator/s3';
import { documented } from '../documented';
import { place, surroundings } from '../sns/fakes';

const day = 24 * 3600 * 1000;

documented('Object Lock', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html', () => {
  function locked() {
    const around = surroundings();
    const bucket = new S3Service(around.clock, around.events, around.random, place, around.directory).createBucket({ name: 'archive', versioned: true });
    bucket.retention = day;
    return { ...around, bucket };
  }

  test('keeps each version until its retention ends', async () => {
    const { bucket, clock } = locked();
    const { versionId } = bucket.put('a', Buffer.from('1'));
    const refused = expect.objectContaining({ code: 'AccessDenied', status: 403 }) as Error;
    expect(() => bucket.delete('a', versionId)).toThrow(refused);
    expect(() => bucket.clear()).toThrow(refused);
    await clock.advance(day - 1);
    expect(() => bucket.delete('a', versionId)).toThrow(refused);
    await clock.advance(1);
    expect(bucket.delete('a', versionId)).toEqual({ versionId, deleteMarker: false });
    expect(bucket.empty).toBe(true);
  });

  test('lets an object be replaced and hidden, and its delete marker be deleted', () => {
    const { bucket } = locked();
    bucket.put('a', Buffer.from('1'));
    bucket.put('a', Buffer.from('2'));
    const marker = bucket.delete('a');
    expect(bucket.get('a')).toBeUndefined();
    bucket.delete('a', marker.versionId);
    expect(bucket.get('a')!.body.toString()).toBe('2');
    expect(bucket.versions()).toHaveLength(2);
  });
});

documented('a bucket with Object Lock', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html', () => {
  test('has versions, and a DeleteObjects request names those that it keeps', async () => {
    const stack = new Stack(new App(), 'Shop');
    new Bucket(stack, 'Archive', { objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(30)) });
    const simulation = await Simulation.start(stack);
    simulation.bucket('Archive').put('a', 'first');
    simulation.bucket('Archive').put('a', 'second');
    const client = new S3Client({
      endpoint: simulation.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    });
    const { name } = simulation.bucket('Archive');
    const versions = async () => (await client.send(new ListObjectVersionsCommand({ Bucket: name }))).Versions ?? [];
    const remove = async () => client.send(new DeleteObjectsCommand({
      Bucket: name, Delete: { Objects: (await versions()).map(({ Key, VersionId }) => ({ Key: Key!, VersionId })) },
    }));
    expect(await versions()).toHaveLength(2);
    expect((await remove()).Errors).toMatchObject([{ Key: 'a', Code: 'AccessDenied' }, { Key: 'a', Code: 'AccessDenied' }]);
    await simulation.advance(Duration.days(30));
    const { Deleted, Errors } = await remove();
    expect(Deleted).toHaveLength(2);
    expect(Errors).toBeUndefined();
    expect(await versions()).toEqual([]);
    client.destroy();
    await simulation.stop();
  });

  test('fails with a retention where Object Lock is not enabled', async () => {
    const stack = new Stack(new App(), 'Shop');
    new CfnBucket(stack, 'Archive', { objectLockConfiguration: { objectLockEnabled: 'Enabled', rule: { defaultRetention: { mode: 'GOVERNANCE', years: 1 } } } });
    await expect(Simulation.start(stack)).rejects.toThrow("'ObjectLockConfiguration' needs 'ObjectLockEnabled'");
  });
});
