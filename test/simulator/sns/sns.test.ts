import { ServiceError, type MessageAttribute } from '../../../simulator/contracts';
import { SnsService, type Authorize, type SubscriptionProperties, type TopicProperties } from '../../../simulator/sns';
import { functionArn, place, queueArn, surroundings } from './fakes';

const text = (stringValue: string): MessageAttribute => ({ dataType: 'String', stringValue });

function simulate(authorize?: Authorize) {
  const around = surroundings();
  const sns = new SnsService(around.clock, around.events, around.random, place, around.directory, authorize);
  return {
    ...around,
    sns,
    topic: (properties: Partial<TopicProperties> = {}) => sns.createTopic({ name: properties.fifo ? 'orders.fifo' : 'orders', ...properties }),
    subscribe: (topicArn: string, name: string, more: Partial<SubscriptionProperties> = {}) =>
      sns.subscribe({ topicArn, protocol: 'sqs', endpoint: queueArn(name), ...more }),
    actions: () => around.snsEvents.map(({ action }) => action),
  };
}

describe('fan-out', () => {
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

  test('says which messages a filter policy kept away, by attributes or by body', async () => {
    const { sns, clock, topic, subscribe, addQueue, actions } = simulate();
    const [byAttributes, byBody] = [addQueue('attributes'), addQueue('body')];
    const { arn } = topic();
    subscribe(arn, 'attributes', { filterPolicy: { kind: ['order'] }, rawMessageDelivery: true });
    subscribe(arn, 'body', { filterPolicy: { kind: ['order'] }, filterPolicyScope: 'MessageBody', rawMessageDelivery: true });
    sns.publish(arn, { message: 'one', attributes: { kind: text('order') } });
    sns.publish(arn, { message: '{"kind":"order"}' });
    await clock.advance(0);
    expect([byAttributes.bodies, byBody.bodies]).toEqual([['one'], ['{"kind":"order"}']]);
    expect(actions()).toEqual(['published', 'published', 'delivered', 'filteredOut', 'filteredOut', 'delivered']);
  });

  test('fans a hundred thousand messages out to filtering subscriptions within seconds', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const { arn } = topic();
    const queues = ['a', 'b', 'c'].map((name, index) => {
      subscribe(arn, name, { rawMessageDelivery: true, filterPolicy: { n: [{ numeric: ['>=', index * 10] }], kind: [{ prefix: 'or' }] } });
      return addQueue(name);
    });
    const started = performance.now();
    for (let index = 0; index < 100_000; index++) {
      sns.publish(arn, { message: 'x', attributes: { n: { dataType: 'Number', stringValue: String(index % 20) }, kind: text('order') } });
    }
    await clock.advance(0);
    expect(queues.map(({ sent }) => sent.length)).toEqual([100_000, 50_000, 0]);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('what arrives', () => {
  const attributes = { kind: text('order'), bytes: { dataType: 'Binary', binaryValue: Buffer.from([2, 3, 4]) } };

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

  test('only the newest thousand mails are kept', async () => {
    const { sns, clock, topic } = simulate();
    const { arn } = topic();
    const mail = sns.subscribe({ topicArn: arn, protocol: 'email', endpoint: 'a@example.com' });
    for (let index = 0; index < 1_001; index++) sns.publish(arn, { message: `${index}` });
    await clock.advance(0);
    expect([mail.deliveries.length, mail.deliveries[0].body]).toEqual([1_000, '1']);
  });

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

describe('failed deliveries', () => {
  test('a queue that is gone costs the message without a dead-letter queue', async () => {
    const { sns, clock, topic, subscribe, snsEvents } = simulate();
    const { arn } = topic();
    subscribe(arn, 'gone');
    sns.publish(arn, { message: 'lost' });
    await clock.advance(0);
    expect(snsEvents.at(-1)).toMatchObject({ action: 'failed', to: queueArn('gone') });
    expect(snsEvents.at(-1)!.reason).toContain('QueueDoesNotExist');
  });

  test.each([true, false])('a refusal goes at once to the dead-letter queue, in the form of the delivery (raw %s)', async (raw) => {
    const { sns, clock, topic, subscribe, addQueue, snsEvents } = simulate();
    const [queue, dead] = [addQueue('billing'), addQueue('dead')];
    queue.errors = [new ServiceError('AccessDenied', 'no statement allows sns.amazonaws.com', 403)];
    const { arn } = topic();
    subscribe(arn, 'billing', { rawMessageDelivery: raw, redrivePolicy: { deadLetterTargetArn: dead.arn } });
    const attributes = { kind: text('order') };
    sns.publish(arn, { message: 'refused', attributes });
    await clock.advance(0);
    expect(queue.attempts).toBe(1);
    if (raw) expect(dead.sent[0].message).toMatchObject({ body: 'refused', attributes });
    else expect(JSON.parse(dead.bodies[0])).toMatchObject({ Message: 'refused', MessageAttributes: { kind: { Value: 'order' } } });
    expect(snsEvents.at(-1)).toMatchObject({
      action: 'redriven', to: dead.arn, deliveredMessageId: 'sent-1', reason: 'AccessDenied: no statement allows sns.amazonaws.com',
    });
  });

  test('a dead-letter queue that refuses too costs the message, and both reasons are told', async () => {
    const { sns, clock, topic, subscribe, snsEvents } = simulate();
    const { arn } = topic();
    subscribe(arn, 'gone', { redrivePolicy: { deadLetterTargetArn: queueArn('dead') } });
    sns.publish(arn, { message: 'lost' });
    await clock.advance(0);
    expect(snsEvents.at(-1)!.action).toBe('failed');
    expect(snsEvents.at(-1)!.reason).toMatch(/gone does not exist.*dead-letter queue .*dead refused it/);
  });

  test('server errors are retried by AWS\'s schedule until the delivery succeeds', async () => {
    const { sns, clock, topic, subscribe, addQueue, actions } = simulate();
    const queue = addQueue('billing');
    queue.errors = Array.from({ length: 16 }, () => new ServiceError('InternalError', 'try again', 500));
    const { arn } = topic();
    subscribe(arn, 'billing');
    const start = clock.now();
    sns.publish(arn, { message: 'patient' });
    await clock.advance(0);
    expect(queue.attempts).toBe(4);
    await clock.advance(2_000);
    expect(queue.attempts).toBe(6);
    await clock.advance(600_000);
    expect(queue.attempts).toBe(17);
    const backoff = Array.from({ length: 10 }, (_, index) => Math.round(1_000 * 20 ** (index / 9))).reduce((sum, delay) => sum + delay);
    expect(queue.sent[0].at - start).toBe(2_000 + backoff + 20_000);
    expect(actions()).toEqual(['published', ...Array<string>(16).fill('retried'), 'delivered']);
  });

  test('server errors for 23 days end in the dead-letter queue', async () => {
    const { sns, clock, topic, subscribe, addQueue, actions } = simulate();
    const [queue, dead] = [addQueue('billing'), addQueue('dead')];
    let attempts = 0;
    queue.send = () => { attempts++; throw new ServiceError('InternalError', 'down', 500); };
    const { arn } = topic();
    subscribe(arn, 'billing', { redrivePolicy: { deadLetterTargetArn: dead.arn } });
    sns.publish(arn, { message: 'x' });
    await clock.advance(23 * 24 * 3_600_000);
    expect(dead.sent).toHaveLength(0);
    await clock.advance(24 * 3_600_000);
    expect(actions().filter((action) => action !== 'retried')).toEqual(['published', 'redriven']);
    expect(actions()).toHaveLength(2 + 100_015);
    expect(attempts).toBe(1 + 100_015);
  });

  test('a failure of the simulator itself stops the clock, and the other messages are still delivered', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('billing');
    queue.errors = [new Error('broken simulator')];
    const { arn } = topic();
    subscribe(arn, 'billing', { rawMessageDelivery: true });
    sns.publish(arn, { message: 'one' });
    sns.publish(arn, { message: 'two' });
    await expect(clock.advance(0)).rejects.toThrow('broken simulator');
    await clock.advance(0);
    expect(queue.bodies).toEqual(['two']);
  });

  test('a function that Lambda can\'t take events for is tried again', async () => {
    const { sns, clock, topic, addFunction, actions } = simulate();
    const target = addFunction('handler');
    target.errors = [new ServiceError('ServiceException', 'try again', 500)];
    const { arn } = topic();
    sns.subscribe({ topicArn: arn, protocol: 'lambda', endpoint: target.arn });
    sns.publish(arn, { message: 'x' });
    await clock.advance(0);
    expect(target.invocations).toHaveLength(1);
    expect(actions()).toEqual(['published', 'retried', 'delivered']);
  });

  test.each<[string, (functions: ReturnType<typeof simulate>) => void]>([
    ['is gone', () => {}],
    ['refuses SNS', ({ addFunction }) => { addFunction('handler').errors = [new ServiceError('AccessDeniedException', 'no permission', 403)]; }],
  ])('a function that %s costs a redrive, not a retry', async (_name, arrange) => {
    const simulation = simulate();
    arrange(simulation);
    const { sns, clock, topic, addQueue, actions } = simulation;
    const dead = addQueue('dead');
    const { arn } = topic();
    sns.subscribe({
      topicArn: arn, protocol: 'lambda', endpoint: functionArn('handler'), redrivePolicy: { deadLetterTargetArn: dead.arn },
    });
    sns.publish(arn, { message: 'x' });
    await clock.advance(0);
    expect(actions()).toEqual(['published', 'redriven']);
    expect(JSON.parse(dead.bodies[0])).toMatchObject({ Message: 'x' });
  });
});

describe('FIFO topics', () => {
  const fifo = { fifo: true, contentBasedDeduplication: true };

  test('deliver in order, with group, deduplication ID and growing sequence numbers, in unsigned envelopes', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('billing.fifo');
    const { arn } = topic(fifo);
    subscribe(arn, 'billing.fifo');
    const results = ['one', 'two', 'three'].map((message) => sns.publish(arn, { message, messageGroupId: 'g', messageDeduplicationId: `id-${message}` }));
    await clock.advance(0);
    expect(queue.sent.map(({ message }) => [message.messageGroupId, message.messageDeduplicationId, (JSON.parse(message.body) as { Message: string }).Message]))
      .toEqual([['g', 'id-one', 'one'], ['g', 'id-two', 'two'], ['g', 'id-three', 'three']]);
    const numbers = results.map(({ sequenceNumber }) => sequenceNumber!);
    expect(numbers).toEqual([...numbers].sort());
    expect(new Set(numbers).size).toBe(3);
    expect(numbers[0]).toMatch(/^\d{20}$/);
    const envelope = JSON.parse(queue.bodies[0]);
    expect(envelope.SequenceNumber).toBe(numbers[0]);
    expect(Object.keys(envelope).filter((key) => key.startsWith('Sign'))).toEqual([]);
  });

  test('take the SHA-256 of the body as deduplication ID where that is on', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('billing.fifo');
    const { arn } = topic(fifo);
    subscribe(arn, 'billing.fifo');
    sns.publish(arn, { message: 'hello', messageGroupId: 'g' });
    await clock.advance(0);
    expect(queue.sent[0].message.messageDeduplicationId).toBe('2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824');
  });

  test('deliver a repeated ID once within five minutes, and answer as the first time', async () => {
    const { sns, clock, topic, subscribe, addQueue, actions } = simulate();
    const queue = addQueue('billing.fifo');
    const created = topic(fifo);
    subscribe(created.arn, 'billing.fifo');
    const message = { message: 'x', messageGroupId: 'g', messageDeduplicationId: 'same' };
    const first = sns.publish(created.arn, message);
    await clock.advance(299_999);
    expect(sns.publish(created.arn, message)).toEqual(first);
    expect(created.publishedCount).toBe(1);
    await clock.advance(1);
    expect(sns.publish(created.arn, message)).not.toEqual(first);
    await clock.advance(0);
    expect(queue.sent).toHaveLength(2);
    expect(actions()).toEqual(['published', 'delivered', 'deduplicated', 'published', 'delivered']);
  });

  test.each([['Topic', 1], ['MessageGroup', 2], [undefined, 1]] as const)('deduplicate within the scope %s', async (scope, deliveries) => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('billing.fifo');
    const { arn } = topic({ ...fifo, fifoThroughputScope: scope });
    subscribe(arn, 'billing.fifo');
    for (const messageGroupId of ['a', 'b']) sns.publish(arn, { message: 'x', messageGroupId, messageDeduplicationId: 'same' });
    await clock.advance(0);
    expect(queue.sent).toHaveLength(deliveries);
  });

  test('deliver to standard queues without group and deduplication ID', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('standard');
    const { arn } = topic(fifo);
    subscribe(arn, 'standard');
    sns.publish(arn, { message: 'x', messageGroupId: 'g' });
    await clock.advance(0);
    expect(queue.sent[0].message).toMatchObject({ messageGroupId: undefined, messageDeduplicationId: undefined });
  });

  test('keep a group in order while one of its messages is retried, and the other groups moving', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('billing.fifo');
    queue.errors = Array.from({ length: 5 }, () => new ServiceError('InternalError', 'try again', 500));
    const { arn } = topic(fifo);
    subscribe(arn, 'billing.fifo', { rawMessageDelivery: true });
    for (const [message, messageGroupId] of [['a1', 'a'], ['a2', 'a'], ['b1', 'b'], ['a3', 'a']]) sns.publish(arn, { message, messageGroupId });
    await clock.advance(60_000);
    const bodies = queue.bodies;
    expect(bodies.filter((body) => body.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(bodies).toContain('b1');
  });

  test('go on with a group after its message ended in the dead-letter queue', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const [queue, dead] = [addQueue('billing.fifo'), addQueue('dead.fifo')];
    queue.errors = [new ServiceError('InternalError', 'try again', 500), new ServiceError('AccessDenied', 'no', 403)];
    const { arn } = topic(fifo);
    subscribe(arn, 'billing.fifo', { rawMessageDelivery: true, redrivePolicy: { deadLetterTargetArn: dead.arn } });
    for (const message of ['a1', 'a2']) sns.publish(arn, { message, messageGroupId: 'a' });
    await clock.advance(0);
    expect([dead.bodies, queue.bodies]).toEqual([['a1'], ['a2']]);
    expect(dead.sent[0].message).toMatchObject({ messageGroupId: 'a', messageDeduplicationId: expect.any(String) });
  });
});

describe('a publish is refused', () => {
  const refused = (message: object, properties: Partial<TopicProperties> = {}) => () => {
    const { sns, topic } = simulate();
    sns.publish(topic(properties).arn, { message: 'x', ...message });
  };
  const attribute = (name: string, value: Partial<MessageAttribute>) => ({ attributes: { [name]: value } });

  test.each<[string, object, Partial<TopicProperties>?]>([
    ['Empty message', { message: '' }],
    ['Message too long', { message: 'x'.repeat(262_145) }],
    ['Message too long', { message: 'x'.repeat(262_140), attributes: { a: text('x') } }],
    ['Message too long', { message: 'é'.repeat(131_073) }],
    ['Message too long', { message: 'x'.repeat(1_025) }, { maximumMessageSize: 1_024 }],
    ['Subject', { subject: '' }],
    ['Subject', { subject: 'x'.repeat(101) }],
    ['Subject', { subject: 'two\nlines' }],
    ['MessageStructure', { messageStructure: 'xml' }],
    ['failed to parse', { messageStructure: 'json' }],
    ['No default entry', { message: '{"sqs":"x"}', messageStructure: 'json' }],
    ['No default entry', { message: '{"default":1}', messageStructure: 'json' }],
    ['No default entry', { message: 'null', messageStructure: 'json' }],
    ['MessageGroupId parameter is required', {}, { fifo: true, contentBasedDeduplication: true }],
    ['ContentBasedDeduplication enabled or MessageDeduplicationId', { messageGroupId: 'g' }, { fifo: true }],
    ['not valid for this topic type', { messageDeduplicationId: 'x' }],
    ['MessageGroupId Reason: must be 1 to 128', { messageGroupId: 'x'.repeat(129) }],
    ['MessageDeduplicationId Reason: must be 1 to 128', { messageGroupId: 'g', messageDeduplicationId: 'a b' }, { fifo: true }],
    ['must contain non-empty', attribute('a', { dataType: 'String', stringValue: '' })],
    ['must contain non-empty', attribute('a', { dataType: 'Binary', binaryValue: Buffer.alloc(0) })],
    ['must use field \'String\'', attribute('a', { dataType: 'Number', binaryValue: Buffer.from('1') })],
    ['must use field \'Binary\'', attribute('a', { dataType: 'Binary', stringValue: '1' })],
    ['set of supported type prefixes', attribute('a', { dataType: 'Text', stringValue: '1' })],
    ['must be a number, got \'many\'', attribute('a', { dataType: 'Number', stringValue: 'many' })],
    ['1 to 256 bytes', attribute('a'.repeat(257), text('x'))],
    ['\'#x5E\'', attribute('a^', text('x'))],
    ['starting with character', attribute('.a', text('x'))],
    ['ending with character', attribute('a.', text('x'))],
    ['successive', attribute('a..b', text('x'))],
  ])('%s', (reason, message, ...properties) => {
    expect(refused(message, properties[0])).toThrow(ServiceError);
    expect(refused(message, properties[0])).toThrow(reason);
  });

  test('never at exactly the limits', () => {
    expect(refused({ message: 'x'.repeat(262_144) })).not.toThrow();
    expect(refused({ message: 'x'.repeat(1_048_576) }, { maximumMessageSize: 1_048_576 })).not.toThrow();
    expect(refused({ subject: 'x'.repeat(100) })).not.toThrow();
  });

  test('for a topic that is nowhere, elsewhere or no ARN', () => {
    const { sns } = simulate();
    expect(() => sns.publish('orders', { message: 'x' })).toThrow('at least 6 elements, not 1');
    expect(() => sns.publish('arn:aws:sns:us-east-1:111122223333:orders', { message: 'x' })).toThrow('Invalid parameter: TopicArn');
    expect(() => sns.publish('arn:aws:sns:eu-west-1:111122223333:orders', { message: 'x' }))
      .toThrow(expect.objectContaining({ code: 'NotFound', status: 404 }));
  });

  test('for a caller whom the topic does not allow, and nothing is said to have been published', () => {
    const authorize: Authorize = (action, topic, caller) => {
      throw new ServiceError('AuthorizationError', `${caller.principal} may not ${action} ${topic.name}`, 403);
    };
    const { sns, topic, snsEvents } = simulate(authorize);
    const { arn } = topic();
    expect(() => sns.publish(arn, { message: 'x' }, { principal: 'cloudwatch.amazonaws.com' }))
      .toThrow('cloudwatch.amazonaws.com may not sns:Publish orders');
    expect(snsEvents).toEqual([]);
  });
});

describe('topics and subscriptions are refused', () => {
  test.each<[string, TopicProperties]>([
    ['Topic Name', { name: '' }],
    ['Topic Name', { name: 'x'.repeat(257) }],
    ['Topic Name', { name: 'a b' }],
    ['Topic Name', { name: 'orders.fifo' }],
    ['Topic Name', { name: 'orders', fifo: true }],
    ['FIFO topics only', { name: 'orders', contentBasedDeduplication: true }],
    ['FIFO topics only', { name: 'orders', fifoThroughputScope: 'Topic' }],
    ['SignatureVersion: Invalid value [3]', { name: 'orders', signatureVersion: '3' }],
    ['TracingConfig: Invalid value [On]', { name: 'orders', tracingConfig: 'On' }],
    ['must be from 1024 to 1048576, got 1023', { name: 'orders', maximumMessageSize: 1_023 }],
    ['must be from 1024 to 1048576, got 1048577', { name: 'orders', maximumMessageSize: 1_048_577 }],
  ])('%s: a topic', (reason, properties) => {
    const { sns } = simulate();
    expect(() => sns.createTopic(properties)).toThrow(reason);
    expect(sns.topics()).toEqual([]);
  });

  test.each<[string, Partial<SubscriptionProperties>, Partial<TopicProperties>?]>([
    ['FIFO SQS Queues can not be subscribed to standard SNS topics', { endpoint: queueArn('billing.fifo') }],
    ['FIFO topics deliver to queues only', { protocol: 'email', endpoint: 'a@example.com' }, { fifo: true }],
    ['does not support this protocol string: carrier-pigeon', { protocol: 'carrier-pigeon' }],
    ['\'application\' is not modelled', { protocol: 'application' }],
    ['SQS endpoint ARN', { endpoint: 'http://localhost/111122223333/billing' }],
    ['Lambda endpoint ARN', { protocol: 'lambda' }],
    ['Email address', { protocol: 'email', endpoint: 'nobody' }],
    ['Invalid SMS endpoint: +1a', { protocol: 'sms', endpoint: '+1a' }],
    ['must match the specified protocol', { protocol: 'https', endpoint: 'http://example.com' }],
    ['does not support raw message delivery', { protocol: 'email', endpoint: 'a@example.com', rawMessageDelivery: true }],
    ['deadLetterTargetArn is an invalid arn', { redrivePolicy: { deadLetterTargetArn: 'dead' } }],
    ['must use a standard queue as DLQ', { redrivePolicy: { deadLetterTargetArn: queueArn('dead.fifo') } }],
    ['must use a FIFO queue as DLQ', { endpoint: queueArn('b.fifo'), redrivePolicy: { deadLetterTargetArn: queueArn('dead') } }, { fifo: true }],
    ['FilterPolicy: Empty arrays are not allowed', { filterPolicy: { a: [] } }],
    ['FilterPolicyScope: Invalid value [Message]', { filterPolicyScope: 'Message' as 'MessageBody' }],
    ['can\'t deliver to \'email\'', { protocol: 'email', endpoint: 'a@example.com' }, { maximumMessageSize: 1_048_576 }],
  ])('%s: a subscription', (reason, properties, ...topics) => {
    const { sns, topic, subscribe } = simulate();
    const created = topic(topics[0]);
    expect(() => subscribe(created.arn, 'billing', properties)).toThrow(expect.objectContaining({ code: 'InvalidParameter' }));
    expect(() => subscribe(created.arn, 'billing', properties)).toThrow(reason);
    expect([created.subscriptions, sns.subscriptions()]).toEqual([[], []]);
  });

  test('Topic already exists: a topic of the same name', () => {
    const { topic } = simulate();
    topic();
    expect(() => topic()).toThrow('Topic already exists');
  });

  test('but not a topic with a name of 256 characters, nor a hundred queues and functions for messages above 256 KiB', () => {
    const { sns, subscribe } = simulate();
    const { arn } = sns.createTopic({ name: 'x'.repeat(256), maximumMessageSize: 262_145 });
    sns.subscribe({ topicArn: arn, protocol: 'lambda', endpoint: functionArn('handler') });
    for (let index = 1; index < 100; index++) subscribe(arn, `queue-${index}`);
    expect(() => subscribe(arn, 'queue-100')).toThrow('at most 100 subscriptions');
    expect(sns.topic(arn)!.subscriptions).toHaveLength(100);
  });

  test('but not a size of 256 KiB where a mail address is subscribed', () => {
    const { sns, topic } = simulate();
    const created = topic();
    sns.subscribe({ topicArn: created.arn, protocol: 'email', endpoint: 'a@example.com' });
    created.maximumMessageSize = 262_144;
    expect(created.maximumMessageSize).toBe(262_144);
  });

  test('but subscribing an endpoint again in the same way gives the same subscription', () => {
    const { topic, subscribe } = simulate();
    const created = topic();
    const first = subscribe(created.arn, 'billing', { filterPolicy: { a: ['x'] } });
    expect(subscribe(created.arn, 'billing', { filterPolicy: { a: ['x'] } })).toBe(first);
    expect(() => subscribe(created.arn, 'billing', { filterPolicy: { a: ['y'] } })).toThrow('already exists with different attributes');
    expect(created.subscriptions).toEqual([first]);
  });

  test('a size above 256 KiB when a mail address is subscribed', () => {
    const { sns, topic } = simulate();
    const created = topic();
    sns.subscribe({ topicArn: created.arn, protocol: 'email', endpoint: 'a@example.com' });
    expect(() => { created.maximumMessageSize = 262_145; }).toThrow('can\'t deliver to \'email\'');
    expect(created.maximumMessageSize).toBe(262_144);
  });

  test('a malformed filter policy leaves the present one in force', async () => {
    const { sns, clock, topic, subscribe, addQueue } = simulate();
    const queue = addQueue('billing');
    const { arn } = topic();
    const subscription = subscribe(arn, 'billing', { filterPolicy: { a: ['x'] } });
    expect(() => subscription.filterBy({ a: 'x' })).toThrow('must be an object or an array');
    sns.publish(arn, { message: 'x', attributes: { a: text('y') } });
    await clock.advance(0);
    expect([subscription.filterPolicy, queue.sent.length]).toEqual([{ a: ['x'] }, 0]);
  });

  test('deleting a topic deletes its subscriptions', () => {
    const { sns, topic, subscribe } = simulate();
    const { arn } = topic();
    subscribe(arn, 'billing');
    sns.deleteTopic(arn);
    sns.deleteTopic(arn);
    expect([sns.topic(arn), sns.subscriptions()]).toEqual([undefined, []]);
  });
});
