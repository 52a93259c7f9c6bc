import {
  CreateTopicCommand, GetTopicAttributesCommand, ListTopicsCommand, NotFoundException, PublishBatchCommand, PublishCommand, SNSClient,
  SubscribeCommand, TagResourceCommand, UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { ServiceError } from '../../../simulator/contracts';
import { serve, type Served } from './fixture';

let served: Served;
let client: SNSClient;

beforeAll(async () => {
  served = await serve();
  client = new SNSClient(served.client);
});

afterAll(async () => {
  client.destroy();
  await served.server.close();
});

const TopicArn = 'arn:aws:sns:us-east-1:000000000000:orders';

describe('the SDK\'s SNS client', () => {
  test('publishes with attributes, bytes among them', async () => {
    served.sns.answer = () => ({ MessageId: 'id', SequenceNumber: '1' });
    const output = await client.send(new PublishCommand({
      TopicArn, Message: 'a & b + ü\n', Subject: 'S', MessageGroupId: 'g',
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'order' }, bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2, 3) },
      },
    }));
    expect(served.sns.last).toEqual({
      operation: 'Publish', caller: { principal: 'AKIATEST' },
      input: {
        TopicArn, Message: 'a & b + ü\n', Subject: 'S', MessageGroupId: 'g',
        MessageAttributes: {
          kind: { DataType: 'String', StringValue: 'order' }, bytes: { DataType: 'Binary', BinaryValue: Buffer.of(1, 2, 3) },
        },
      },
    });
    expect(output).toMatchObject({ MessageId: 'id', SequenceNumber: '1' });
  });

  test('publishes batches', async () => {
    served.sns.answer = () => ({ Successful: [{ Id: 'a', MessageId: 'm' }], Failed: [{ Id: 'b', Code: 'InvalidParameter', Message: 'no', SenderFault: true }] });
    const output = await client.send(new PublishBatchCommand({
      TopicArn, PublishBatchRequestEntries: [
        { Id: 'a', Message: '1', MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } } }, { Id: 'b', Message: '2' },
      ],
    }));
    expect(served.sns.last.input.PublishBatchRequestEntries).toEqual([
      { Id: 'a', Message: '1', MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } } }, { Id: 'b', Message: '2' },
    ]);
    expect(output.Successful).toEqual([{ Id: 'a', MessageId: 'm' }]);
    expect(output.Failed).toEqual([{ Id: 'b', Code: 'InvalidParameter', Message: 'no', SenderFault: true }]);
  });

  test('sends attributes, tags and flags, and reads maps and lists', async () => {
    served.sns.answer = () => ({ TopicArn });
    await client.send(new CreateTopicCommand({ Name: 'orders', Attributes: { KmsMasterKeyId: 'k' }, Tags: [{ Key: 'team', Value: 'x' }] }));
    expect(served.sns.last.input).toEqual({ Name: 'orders', Attributes: { KmsMasterKeyId: 'k' }, Tags: [{ Key: 'team', Value: 'x' }] });

    served.sns.answer = () => ({ SubscriptionArn: 's' });
    await client.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: 'e', ReturnSubscriptionArn: true, Attributes: { RawMessageDelivery: 'true' } }));
    expect(served.sns.last.input).toEqual({ TopicArn, Protocol: 'sqs', Endpoint: 'e', ReturnSubscriptionArn: true, Attributes: { RawMessageDelivery: 'true' } });

    await client.send(new UntagResourceCommand({ ResourceArn: TopicArn, TagKeys: ['a', 'b'] }));
    expect(served.sns.last.input).toEqual({ ResourceArn: TopicArn, TagKeys: ['a', 'b'] });

    served.sns.answer = () => ({ Attributes: { Policy: '{"a":"<b>"}', DisplayName: '' } });
    expect((await client.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes).toEqual({ Policy: '{"a":"<b>"}', DisplayName: '' });

    served.sns.answer = () => ({ Topics: [{ TopicArn }], NextToken: 'n' });
    expect(await client.send(new ListTopicsCommand())).toMatchObject({ Topics: [{ TopicArn }], NextToken: 'n' });
    served.sns.answer = () => ({ Topics: [] });
    expect((await client.send(new ListTopicsCommand())).Topics).toEqual([]);
    served.sns.answer = () => ({});
    await client.send(new TagResourceCommand({ ResourceArn: TopicArn, Tags: [] }));
    expect(served.sns.last.input).toEqual({ ResourceArn: TopicArn, Tags: [] });
  });

  test('throws the error of the service model, by whichever of its names the service has it', async () => {
    for (const code of ['NotFound', 'NotFoundException']) {
      served.sns.answer = () => { throw new ServiceError(code, 'Topic does not exist'); };
      const error = await client.send(new PublishCommand({ TopicArn, Message: 'x' })).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(NotFoundException);
      expect(error).toMatchObject({ message: 'Topic does not exist', $metadata: { httpStatusCode: 404 } });
    }
  });
});
