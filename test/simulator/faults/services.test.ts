import { PutMetricDataCommand, CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Duration } from 'aws-cdk-lib';
import { clientSettings, publish, start, stopAll, whereabouts } from './fixture';

afterEach(stopAll);

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
describe('a service that goes wrong', () => {
  test.each([
    ['sqs', 'serviceError', 'ServiceUnavailable', 503], ['sqs', 'serviceThrottle', 'RequestThrottled', 400],
    ['sns', 'serviceError', 'InternalErrorException', 500], ['sns', 'serviceThrottle', 'ThrottlingException', 400],
    ['s3', 'serviceError', 'InternalError', 500], ['s3', 'serviceThrottle', 'SlowDown', 503],
    ['cloudwatch', 'serviceError', 'InternalServiceFault', 500], ['cloudwatch', 'serviceThrottle', 'ThrottlingException', 400],
  ] as const)('%s answers clients to a %s with %s, status %i', async (service, kind, name, status) => {
    const simulation = await start({ faults: [{ kind, service }] });
    const settings = clientSettings(simulation.endpoint);
    const call = {
      sqs: () => new SQSClient(settings).send(new GetQueueUrlCommand({ QueueName: simulation.queue('Done').name })),
      sns: () => publish(simulation.endpoint, simulation.topic('News').arn, 'news'),
      s3: () => new S3Client({ ...settings, forcePathStyle: true }).send(new GetObjectCommand({ Bucket: simulation.bucket('Store').name, Key: 'x' })),
      cloudwatch: () => new CloudWatchClient(settings).send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData: [{ MetricName: 'M', Value: 1 }] })),
    }[service];
    await expect(call()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
    expect(simulation.topic('News').tally.published).toBe(0);
  });

  test('fails once: the client of the SDK tries again, and the message is processed at the first receive', async () => {
    const simulation = await start({ faults: [{ kind: 'serviceError', resource: 'Done', operation: 'SendMessage', calls: [1] }] }, 3);
    await simulation.queue('Work').send('one');
    await simulation.advance(Duration.minutes(1));

    expect(simulation.queue('Work').tally.received).toBe(1);
    expect(whereabouts(simulation)).toMatchObject({ done: ['one'], deadLetters: [], left: [] });
    expect(simulation.faults.injected).toMatchObject([{ kind: 'serviceError', operation: 'SendMessage', resource: 'Done' }]);
  });

  test('fails all the time: the message ends in the dead-letter queue, and its trace shows which calls failed', async () => {
    const simulation = await start({ faults: [{ kind: 'serviceThrottle', service: 's3', operation: 'PutObject', resource: 'Store' }] });
    const messageId = await simulation.queue('Work').send('one');
    await simulation.advance(Duration.minutes(5));

    expect(whereabouts(simulation)).toMatchObject({ done: [], deadLetters: ['one'], left: [] });
    expect(simulation.trace(messageId).steps.filter(({ action }) => action === 'fault')).toMatchObject(
      Array(3).fill({ resource: 'Store', reason: 'serviceThrottle in PutObject' }),
    );
  });

  test('is slow: the call of the handler takes virtual time, and the invocation as long', async () => {
    const simulation = await start({ faults: [{ kind: 'serviceDelay', resource: 'Done', delay: 5_000 }] });
    await simulation.queue('Work').send('one');
    await simulation.advance(Duration.minutes(1));

    expect(simulation.function('Worker').tally).toMatchObject({ failures: 0, longestDuration: 5_100 });
    expect(whereabouts(simulation)).toMatchObject({ done: ['one'], left: [] });
  });

  test('loses the response of a call that took effect: the client sends again, and the message is there twice', async () => {
    const simulation = await start({ faults: [{ kind: 'lostResponse', resource: 'Done', times: 1 }] }, 3);
    const messageId = await simulation.queue('Work').send('one');
    await simulation.advance(Duration.minutes(1));

    expect(whereabouts(simulation)).toMatchObject({ done: ['one', 'one'], deadLetters: [], left: [] });
    expect(simulation.trace(messageId).steps.filter(({ resource }) => resource === 'Done').map(({ action }) => action)).toEqual(['fault', 'sent', 'sent']);
  });

  test('fails for other resources and operations never', async () => {
    const simulation = await start({ faults: [{ kind: 'serviceError', resource: 'Work' }, { kind: 'serviceError', operation: 'ReceiveMessage' }] });
    await new SQSClient(clientSettings(simulation.endpoint))
      .send(new SendMessageCommand({ QueueUrl: simulation.queue('Done').url, MessageBody: 'one' }));
    expect(simulation.faults.injected).toEqual([]);
  });
});

// https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
// https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
describe('an endpoint that fails', () => {
  test('with a server error is tried again until it takes the message', async () => {
    const simulation = await start({ faults: [{ kind: 'deliveryFailure', resource: 'Work', topic: 'Orders', until: 2_000 }] });
    const messageId = await simulation.topic('Orders').publish('one');
    await simulation.advance(Duration.minutes(1));

    const { steps } = simulation.trace(messageId);
    // at once three times, and after a second each twice
    expect(steps.filter(({ action }) => action === 'retried').map(({ elapsed }) => elapsed)).toEqual([0, 0, 0, 0, 1_000]);
    expect(steps.find(({ action }) => action === 'retried')).toMatchObject({ resource: 'Work', reason: 'ServiceUnavailable: injected by a fault' });
    expect(steps.find(({ action }) => action === 'delivered')).toMatchObject({ elapsed: 2_000 });
    expect(whereabouts(simulation)).toMatchObject({ done: ['one'], undelivered: [] });
  });

  test('with a client error is given up: the message goes to the dead-letter queue of the subscription', async () => {
    const simulation = await start({ faults: [{ kind: 'deliveryFailure', resource: 'Work', status: 403 }] });
    const messageId = await simulation.topic('Orders').publish('one');
    await simulation.advance(Duration.minutes(1));

    expect(whereabouts(simulation)).toMatchObject({ done: [], undelivered: ['one'] });
    expect(simulation.trace(messageId).steps[1]).toMatchObject({
      action: 'redriven', resource: 'Undelivered', reason: 'InvalidRequest: injected by a fault',
    });
  });

  test('of another topic is not hit', async () => {
    const simulation = await start({ faults: [{ kind: 'deliveryFailure', topic: 'News' }] });
    await simulation.topic('Orders').publish('one');
    await simulation.advance(Duration.minutes(1));
    expect(whereabouts(simulation)).toMatchObject({ done: ['one'], undelivered: [] });
  });
});
