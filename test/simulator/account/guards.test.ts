import { authorizeObjects, deliverObjects, guardFunction, guardQueues, guardTables, guardTopics } from '../../../simulator/account/guards';
import { VirtualClock } from '../../../simulator/clock';
import type { Caller } from '../../../simulator/contracts';
import type { CompleteDestination } from '../../../simulator/firehose/destination';
import { AccessControl } from '../../../simulator/iam';
import type { Topic } from '../../../simulator/sns';
import type { Queue } from '../../../simulator/sqs';
import { documented, type AwsPage } from '../documented';
import { newS3 } from '../server/fixture';

const place = { account: '111122223333', region: 'eu-west-1', partition: 'aws', endpoint: '' };
const worker: Caller = { principal: 'arn:aws:iam::111122223333:role/worker' };
const arnOf = (service: string, name: string): string => `arn:aws:${service}:eu-west-1:111122223333:${name}`;
const [key, otherKey] = [arnOf('kms', 'key/one'), arnOf('kms', 'key/other')];

/** A worker whose role allows the actions, and two keys that leave it to roles, each on behalf of one service. */
function accessWith(actions: readonly string[], service = ''): AccessControl {
  const access = new AccessControl(new VirtualClock(), place);
  if (actions.length > 0) access.setRolePolicies('worker', 'own', [{ Statement: { Effect: 'Allow', Action: [...actions], Resource: '*' } }]);
  for (const arn of [key, otherKey]) {
    access.addKey(arn, {
      arn,
      policy: {
        Statement: {
          Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*',
          Condition: { StringEquals: { 'kms:ViaService': `${service}.eu-west-1.amazonaws.com` } },
        },
      },
    });
  }
  return access;
}

function encryptedBucket(kmsMasterKeyId?: string) {
  const s3 = newS3();
  s3.createBucket({ name: 'archive' }).kmsMasterKeyId = kmsMasterKeyId;
  return s3;
}

type Ask = (access: AccessControl, action: string) => void;
const askQueue: Ask = (access, action) => guardQueues(access, () => ({ kmsMasterKeyId: key }) as Queue)(action, arnOf('sqs', 'work'), worker);
const askTopic: Ask = (access, action) => (
  guardTopics(access, place)(action, { arn: arnOf('sns', 'orders'), policy: { Statement: [] }, kmsMasterKeyId: key } as unknown as Topic, worker)
);
const askBucket: Ask = (access, action) => authorizeObjects(access, encryptedBucket(key), action, 'arn:aws:s3:::archive/folder/one', worker);
const askTable: Ask = (access, action) => guardTables(access)(action, { arn: arnOf('dynamodb', 'table/orders'), kmsMasterKeyId: key }, worker);

describe.each<[string, AwsPage, Ask, Readonly<Record<string, readonly string[]>>]>([
  ['sqs', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html', askQueue, {
    'sqs:SendMessage': ['kms:GenerateDataKey', 'kms:Decrypt'], 'sqs:ReceiveMessage': ['kms:Decrypt'], 'sqs:DeleteMessage': [],
  }],
  ['sns', 'https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html', askTopic, {
    'sns:Publish': ['kms:GenerateDataKey', 'kms:Decrypt'], 'sns:Subscribe': [],
  }],
  ['s3', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html', askBucket, {
    's3:PutObject': ['kms:GenerateDataKey'], 's3:GetObject': ['kms:Decrypt'], 's3:DeleteObject': [],
  }],
  ['dynamodb', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html', askTable, {
    'dynamodb:GetItem': ['kms:Decrypt'],
  }],
])('what is encrypted in %s (%s)', (service, _page, ask, actions) => {
  test.each(Object.entries(actions))('asks for %s and, of the key, %j', (action, ofKey) => {
    expect(() => ask(accessWith([action, ...ofKey], service), action)).not.toThrow();
    for (const missing of [action, ...ofKey]) {
      const access = accessWith([action, ...ofKey].filter((one) => one !== missing), service);
      expect(() => ask(access, action)).toThrow(`not authorized to perform ${missing} `);
      expect(access.denials).toMatchObject([{ principal: worker.principal, action: missing }]);
    }
  });

  test.each(Object.entries(actions).filter(([, ofKey]) => ofKey.length > 0))('asks the key on behalf of the service: %s', (action) => {
    expect(() => ask(accessWith([action, 'kms:*'], 'another'), action)).toThrow('not authorized to perform kms:');
  });
});

documented('the objects of a bucket', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html', () => {
  const put = 's3:PutObject';
  const ask = (access: AccessControl, bucketKey?: string, givenKey?: string): void => (
    authorizeObjects(access, encryptedBucket(bucketKey), put, 'arn:aws:s3:::archive/folder/one', worker, givenKey)
  );

  test('need no key where the bucket has none', () => {
    expect(() => ask(accessWith([put], 's3'))).not.toThrow();
  });

  test('are written under the key that the request names, in place of the bucket\'s', () => {
    const access = accessWith([put], 's3');
    expect(() => ask(access, key, otherKey)).toThrow();
    expect(() => ask(access, undefined, otherKey)).toThrow();
    expect(access.denials).toMatchObject([{ resource: otherKey }, { resource: otherKey }]);
  });

  test('are under the policy of their bucket', () => {
    const access = accessWith([], 's3');
    access.setResourcePolicy('arn:aws:s3:::archive', {
      Statement: { Effect: 'Allow', Principal: { AWS: worker.principal }, Action: put, Resource: 'arn:aws:s3:::archive/folder/*' },
    });
    expect(() => ask(access)).not.toThrow();
    expect(() => authorizeObjects(access, encryptedBucket(), put, 'arn:aws:s3:::archive/other', worker)).toThrow(`not authorized to perform ${put} `);
  });
});

documented('a delivery stream', 'https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html', () => {
  const deliver = (actions: readonly string[], kmsKeyArn?: string) => {
    const s3 = encryptedBucket();
    const access = accessWith(actions, 's3');
    deliverObjects(() => ({ access, s3 }))('arn:aws:s3:::archive', 'one', Buffer.from('x'), { roleArn: worker.principal, kmsKeyArn } as CompleteDestination);
    return s3.existingBucket('archive').list().objects.length;
  };

  test('writes as its role, under the key of its destination', () => {
    expect(deliver(['s3:PutObject'])).toBe(1);
    expect(deliver(['s3:PutObject', 'kms:GenerateDataKey'], key)).toBe(1);
    expect(() => deliver([])).toThrow('not authorized to perform s3:PutObject ');
    expect(() => deliver(['s3:PutObject'], key)).toThrow('not authorized to perform kms:GenerateDataKey ');
  });
});

documented('a topic without a policy', 'https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html', () => {
  const publish = (caller: Caller): void => guardTopics(accessWith([]), place)('sns:Publish', { arn: arnOf('sns', 'orders') } as Topic, caller);

  test('takes what services send for its own account, and for no other', () => {
    const service = (account: string): Caller => ({ principal: 's3.amazonaws.com', sourceArn: `arn:aws:cloudwatch:eu-west-1:${account}:alarm:one` });
    expect(() => publish(service(place.account))).not.toThrow();
    expect(() => publish(service('999988887777'))).toThrow('not authorized to perform sns:Publish ');
  });
});

documented('a function', 'https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html', () => {
  const guarded = (access: AccessControl) => {
    const invoke = jest.fn(() => Promise.resolve('invoked' as never));
    const invokeAsync = jest.fn(() => 'accepted');
    return { invoke, invokeAsync, target: guardFunction(access, { arn: arnOf('lambda', 'function:worker'), timeout: 3, invoke, invokeAsync }) };
  };

  test('is invoked, now or later, by whom a policy allows to', async () => {
    const { target, invoke, invokeAsync } = guarded(accessWith(['lambda:InvokeFunction']));
    await target.invoke({ a: 1 }, worker);
    expect(target.invokeAsync!({ a: 2 }, worker)).toBe('accepted');
    expect([invoke.mock.calls, invokeAsync.mock.calls]).toEqual([[[{ a: 1 }, worker]], [[{ a: 2 }, worker]]]);
  });

  test('never runs for anybody else', async () => {
    const { target, invoke, invokeAsync } = guarded(accessWith([]));
    await expect(target.invoke({}, worker)).rejects.toThrow('not authorized to perform lambda:InvokeFunction ');
    expect(() => target.invokeAsync!({}, worker)).toThrow('not authorized to perform lambda:InvokeFunction ');
    expect([invoke.mock.calls, invokeAsync.mock.calls]).toEqual([[], []]);
  });
});
