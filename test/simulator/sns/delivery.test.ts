import { documented } from '../documented';
import { simulate, text } from './simulate';

const attributes = { kind: text('order'), bytes: { dataType: 'Binary', binaryValue: Buffer.from([2, 3, 4]) } };

documented('Fanout to queues', 'https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html', () => {
  test('delivers to every queue, as an event of the clock after the publisher has its answer', async () => {
    const { sns, clock, topic, subscribe, addQueue, snsEvents } = simulate();
    const [billing, shipping] = [addQueue('billing'), addQueue('shipping')];
    const { arn } = topic();
    const subscription = subscribe(arn, 'billing');
    subscribe(arn, 'shipping');

    const { messageId } = sns.publish(arn, { message: 'hello' });
    expect(billing.sent).toHaveLength(0);
    await clock.advance(0);

    expect([billing.sent.length, shipping.sent.length]).toEqual([1, 1]);
    expect(billing.sent[0].caller).toEqual({ principal: 'sns.amazonaws.com', sourceArn: arn });
    expect(snsEvents.map(({ action, to }) => [action, to])).toEqual([
      ['published', undefined], ['delivered', billing.arn], ['delivered', shipping.arn],
    ]);
    expect(snsEvents[1]).toEqual({
      service: 'sns', action: 'delivered', at: clock.now(), resource: arn, subscription: subscription.arn, messageId, bytes: 5,
      to: billing.arn, deliveredMessageId: 'sent-1',
    });
    expect(sns.topic(arn)!.publishedCount).toBe(1);
  });

  test('delivers nothing to who subscribes after the publish', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('billing');
    const { arn } = topic();
    sns.publish(arn, { message: 'early' });
    subscribe(arn, 'billing');
    await clock.advance(0);
    expect(queue.sent).toHaveLength(0);
  });
});

documented('What arrives', 'https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html', () => {
  test('a JSON envelope in a queue, with a signature that says that it is simulated', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('billing');
    const { arn } = topic();
    const subscription = subscribe(arn, 'billing');
    const { messageId } = sns.publish(arn, { message: 'hello', subject: 'Order', attributes, messageGroupId: 'customer-1', traceHeader: 'Root=1' });
    await clock.advance(0);
    const { body, ...rest } = queue.sent[0].message;
    expect(rest).toEqual({ attributes: undefined, messageGroupId: 'customer-1', messageDeduplicationId: undefined, traceHeader: 'Root=1' });
    expect(Object.entries(JSON.parse(body))).toEqual(Object.entries({
      Type: 'Notification',
      MessageId: messageId,
      TopicArn: arn,
      Subject: 'Order',
      Message: 'hello',
      Timestamp: '2026-01-05T09:00:00.000Z',
      SignatureVersion: '1',
      Signature: 'SIMULATED-NOT-SIGNED',
      SigningCertURL: 'http://localhost:4566/SimpleNotificationService-simulated.pem',
      UnsubscribeURL: `http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
      MessageAttributes: { kind: { Type: 'String', Value: 'order' }, bytes: { Type: 'Binary', Value: 'AgME' } },
    }));
  });

  test('an envelope without subject and attributes where there are none', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('billing');
    const { arn } = topic({ signatureVersion: '2' });
    subscribe(arn, 'billing');
    sns.publish(arn, { message: 'hello' });
    await clock.advance(0);
    const envelope = JSON.parse(queue.bodies[0]);
    expect(Object.keys(envelope)).not.toEqual(expect.arrayContaining(['Subject']));
    expect(envelope).not.toHaveProperty('MessageAttributes');
    expect(envelope).not.toHaveProperty('SequenceNumber');
    expect(envelope.SignatureVersion).toBe('2');
  });

  test('mails, text messages and requests are recorded, never sent', async () => {
    const { sns, clock, topic } = simulate();
    const { arn } = topic();
    const [mail, json, sms, url] = [['email', 'a@example.com'], ['email-json', 'a@example.com'], ['sms', '+15550100'], ['https', 'https://example.com/hook']]
      .map(([protocol, endpoint]) => sns.subscribe({ topicArn: arn, protocol, endpoint }));
    const { messageId } = sns.publish(arn, { message: 'Alarm!', subject: 'ALARM: depth' });
    sns.publish(arn, { message: 'Again' });
    await clock.advance(0);
    expect(mail.deliveries).toEqual([
      { at: clock.now(), messageId, subject: 'ALARM: depth', body: 'Alarm!' },
      { at: clock.now(), messageId: expect.any(String), subject: 'AWS Notification Message', body: 'Again' },
    ]);
    expect(JSON.parse(json.deliveries[0].body)).toMatchObject({ Type: 'Notification', Message: 'Alarm!' });
    expect(sms.deliveries[0]).toEqual({ at: clock.now(), messageId, subject: undefined, body: 'Alarm!' });
    expect(JSON.parse(url.deliveries[0].body)).toMatchObject({ Message: 'Alarm!', Subject: 'ALARM: depth' });
  });
});

documented('What arrives', 'https://docs.aws.amazon.com/sns/latest/dg/sns-lambda-as-subscriber.html', () => {
  test('an event of Lambda\'s spelling in a function', async () => {
    const { sns, clock, topic, addFunction } = simulate();
    const target = addFunction('handler');
    const { arn } = topic();
    const subscription = sns.subscribe({ topicArn: arn, protocol: 'lambda', endpoint: target.arn });
    const { messageId } = sns.publish(arn, { message: 'hello' });
    await clock.advance(0);
    expect(target.invocations[0]).toEqual({
      at: clock.now(),
      caller: { principal: 'sns.amazonaws.com', sourceArn: arn },
      event: {
        Records: [{
          EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscription.arn,
          Sns: {
            Type: 'Notification', MessageId: messageId, TopicArn: arn, Subject: null, Message: 'hello', Timestamp: '2026-01-05T09:00:00.000Z',
            SignatureVersion: '1', Signature: 'SIMULATED-NOT-SIGNED',
            SigningCertUrl: 'http://localhost:4566/SimpleNotificationService-simulated.pem',
            UnsubscribeUrl: `http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`, MessageAttributes: {},
          },
        }],
      },
    });
  });
});

documented('What arrives', 'https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html', () => {
  test('the message itself with raw delivery, its attributes as attributes of the queue\'s message', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('billing');
    const { arn } = topic();
    subscribe(arn, 'billing', { rawMessageDelivery: true });
    sns.publish(arn, { message: 'hello', subject: 'Order', attributes });
    await clock.advance(0);
    expect(queue.sent[0].message).toMatchObject({ body: 'hello', attributes });
  });

  test('nothing with raw delivery and more than ten attributes, which the envelope can carry', async () => {
    const { sns, clock, topic, subscribe, addQueue, snsEvents } = simulate();
    const [raw, enveloped] = [addQueue('raw'), addQueue('enveloped')];
    const { arn } = topic();
    subscribe(arn, 'raw', { rawMessageDelivery: true });
    subscribe(arn, 'enveloped');
    const eleven = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`a${index}`, text('x')]));
    sns.publish(arn, { message: 'hello', attributes: eleven });
    await clock.advance(0);
    expect([raw.sent.length, enveloped.sent.length]).toEqual([0, 1]);
    expect(snsEvents.find(({ action }) => action === 'failed')!.reason).toContain('at most 10 message attributes, got 11');
  });
});

documented('What arrives', 'https://docs.aws.amazon.com/sns/latest/api/API_Publish.html', () => {
  test('a text of its own for each protocol with a JSON message structure, and no attributes', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('billing');
    const { arn } = topic();
    subscribe(arn, 'billing');
    const mail = sns.subscribe({ topicArn: arn, protocol: 'email', endpoint: 'operations@example.com' });
    sns.publish(arn, { message: JSON.stringify({ default: 'for all', sqs: 'for queues' }), messageStructure: 'json', attributes });
    await clock.advance(0);
    expect(JSON.parse(queue.bodies[0])).toMatchObject({ Message: 'for queues' });
    expect(JSON.parse(queue.bodies[0])).not.toHaveProperty('MessageAttributes');
    expect(mail.deliveries[0].body).toBe('for all');
  });
});

documented('What arrives', 'https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html', () => {
  test('nothing at an address that has not confirmed', async () => {
    const { sns, clock, topic } = simulate();
    const { arn } = topic();
    const mail = sns.subscribe({ topicArn: arn, protocol: 'email', endpoint: 'a@example.com', confirmed: false });
    sns.publish(arn, { message: 'one' });
    await clock.advance(0);
    mail.confirm();
    sns.publish(arn, { message: 'two' });
    await clock.advance(0);
    expect(mail.deliveries.map(({ body }) => body)).toEqual(['two']);
  });
});
