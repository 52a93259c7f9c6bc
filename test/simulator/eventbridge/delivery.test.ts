import { ServiceError } from '../../../simulator/contracts';
import type { Target } from '../../../simulator/eventbridge';
import { place } from '../sns/fakes';
import { documented } from '../documented';
import { simulate } from './fixture';

const unavailable = () => new ServiceError('ServiceUnavailable', 'busy', 503);

documented('an event', 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-what-is-how-it-works-concepts.html', () => {
  test('reaches the target of each rule that matches it, and no other', async () => {
    const { service, queue, rule, put, seen, actions } = simulate();
    rule();
    service.createRule({ name: 'other', eventPattern: '{"source":["com.example.payments"]}', targets: [{ Id: 'one', Arn: queue.arn }] });
    const id = await put();
    expect(queue.bodies.map((body) => JSON.parse(body) as object)).toEqual([{
      version: '0', id, 'detail-type': 'OrderPlaced', source: 'com.example.orders', account: place.account, time: '2026-01-05T09:00:00Z',
      region: place.region, resources: [], detail: { orderId: '1' },
    }]);
    expect(actions()).toEqual(['put', 'matched', 'triggered', 'attempted', 'delivered']);
    expect(seen.at(-1)).toMatchObject({ resource: 'arn:aws:events:eu-west-1:111122223333:rule/rule', to: queue.arn, deliveredMessageId: 'sent-1' });
  });

  test('that no rule matches goes nowhere', async () => {
    const { put, rule, actions, queue } = simulate();
    rule();
    await put(0, { Source: 'com.example.payments' });
    expect(actions()).toEqual(['put', 'unmatched']);
    expect(queue.sent).toEqual([]);
  });

  test('on one bus is not seen by the rules of another', async () => {
    const { service, rule, put, queue, seen } = simulate();
    service.createBus('orders');
    const { arn } = rule({}, 'orders');
    await put();
    expect(queue.sent).toEqual([]);
    await put(0, { EventBusName: 'arn:aws:events:eu-west-1:111122223333:event-bus/orders' });
    expect(queue.sent).toHaveLength(1);
    expect(arn).toBe('arn:aws:events:eu-west-1:111122223333:rule/orders/rule');
    expect(seen.at(-1)!.resource).toBe(arn);
  });

  test('is delivered on behalf of the rule, or by the role of the target', async () => {
    const { rule, put, queue } = simulate();
    const { arn } = rule();
    await put();
    const role = 'arn:aws:iam::111122223333:role/events';
    const other = simulate();
    other.rule({ RoleArn: role });
    await other.put();
    expect(queue.sent[0].caller).toEqual({ principal: 'events.amazonaws.com', sourceArn: arn });
    expect(other.queue.sent[0].caller).toEqual({ principal: role });
  });

  test('reaches functions as an event, and topics as text without a source', async () => {
    const { service, put, addFunction, topics, published } = simulate();
    const target = addFunction('handler');
    const topic = 'arn:aws:sns:eu-west-1:111122223333:topic';
    topics.add(topic);
    service.createRule({
      name: 'rule', eventPattern: '{"source":["com.example.orders"]}',
      targets: [{ Id: 'function', Arn: target.arn, InputPath: '$.detail' }, { Id: 'topic', Arn: topic, InputPath: '$.detail' }],
    });
    await put();
    expect(target.invocations.map((one) => one.event)).toEqual([{ orderId: '1' }]);
    expect(published).toEqual([{ topicArn: topic, message: '{"orderId":"1"}', subject: undefined, caller: { principal: 'events.amazonaws.com', sourceArn: undefined } }]);
  });

  test('carries the message group of the target', async () => {
    const { put, addQueue, service } = simulate();
    const fifo = addQueue('orders.fifo');
    service.createRule({ name: 'rule', eventPattern: '{"source":["com.example.orders"]}', targets: [{ Id: 'one', Arn: fifo.arn, SqsParameters: { MessageGroupId: 'all' } }] });
    await put();
    expect(fifo.sent.map(({ message }) => message.messageGroupId)).toEqual(['all']);
  });
});

documented('a delivery that fails', 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html', () => {
  test('is tried again, later each time, and the event arrives', async () => {
    const { rule, put, queue, actions, seen } = simulate();
    rule();
    queue.errors = [unavailable(), unavailable(), new ServiceError('RequestThrottled', 'slow', 400)];
    await put(6_999);
    expect(queue.sent).toEqual([]);
    const before = seen.length;
    expect(actions().filter((action) => action === 'retried')).toHaveLength(3);
    expect(before).toBe(3 + 6);
  });

  test('waits 1, 2 and 4 seconds before its first retries', async () => {
    const { clock, rule, put, queue } = simulate();
    rule();
    queue.errors = [unavailable(), unavailable(), unavailable()];
    await put(7_000);
    expect(queue.sent.map(({ at }) => at)).toEqual([clock.now()]);
  });

  test('is given up after 185 retries, within 24 hours', async () => {
    const { clock, rule, put, queue, seen, actions } = simulate();
    rule();
    queue.errors = Array.from({ length: 500 }, unavailable);
    const began = clock.now();
    await put(2 * 86_400_000);
    expect(queue.attempts).toBe(186);
    expect(actions().at(-1)).toBe('failed');
    expect(seen.at(-1)!.at - began).toBeLessThan(86_400_000);
    expect(seen.at(-1)!.at - began).toBeGreaterThan(80_000_000);
  });

  test.each<[NonNullable<Target['RetryPolicy']>, number]>([
    [{ MaximumRetryAttempts: 0 }, 1],
    [{ MaximumRetryAttempts: 2 }, 3],
    [{ MaximumEventAgeInSeconds: 60 }, 6], // after 1, 3, 7, 15 and 31 seconds; the next would be after 63
    [{ MaximumEventAgeInSeconds: 63 }, 7],
  ])('is given up by the retry policy %j after %i attempts', async (RetryPolicy, attempts) => {
    const { rule, put, queue } = simulate();
    rule({ RetryPolicy });
    queue.errors = Array.from({ length: 500 }, unavailable);
    await put(86_400_000);
    expect(queue.attempts).toBe(attempts);
  });

  test.each([
    ['it lacks the permission', new ServiceError('AccessDenied', 'no', 403)],
    ['the target is gone', new ServiceError('QueueDoesNotExist', 'gone', 404)],
    ['the target cannot take it', new ServiceError('InvalidParameterValue', 'bad', 400)],
  ])('is not tried again when %s', async (_what, error) => {
    const { rule, put, queue, actions, seen } = simulate();
    rule();
    queue.errors = [error];
    await put(86_400_000);
    expect(queue.attempts).toBe(1);
    expect(actions()).toEqual(['put', 'matched', 'triggered', 'attempted', 'failed']);
    expect(seen.at(-1)!.reason).toBe(`${error.code}: ${error.message}`);
  });
});

documented('the dead-letter queue of a target', 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html', () => {
  const refused = async (error: ServiceError, more: Partial<Target> = {}) => {
    const world = simulate();
    const deadLetters = world.addQueue('dead');
    const { arn } = world.rule({ DeadLetterConfig: { Arn: deadLetters.arn }, ...more });
    world.queue.errors = Array.from({ length: 500 }, () => error);
    const id = await world.put(2 * 86_400_000);
    const attributes = Object.fromEntries(Object.entries(deadLetters.sent[0]?.message.attributes ?? {}).map(([name, { stringValue }]) => [name, stringValue]));
    return { ...world, deadLetters, arn, id, attributes };
  };

  test('gets the event as it was, with what became of it', async () => {
    const { deadLetters, attributes, arn, id, queue, actions } = await refused(new ServiceError('AccessDenied', 'not allowed', 403), { Input: '"other"' });
    expect(JSON.parse(deadLetters.bodies[0])).toMatchObject({ id, detail: { orderId: '1' } });
    expect(attributes).toEqual({ RULE_ARN: arn, TARGET_ARN: queue.arn, ERROR_CODE: 'NO_PERMISSIONS', ERROR_MESSAGE: 'not allowed', RETRY_ATTEMPTS: '0' });
    expect(deadLetters.sent[0].caller).toEqual({ principal: 'events.amazonaws.com', sourceArn: arn });
    expect(actions().at(-1)).toBe('redriven');
  });

  test.each<[string, ServiceError, object]>([
    ['NO_RESOURCE', new ServiceError('NotFound', 'gone', 404), { RETRY_ATTEMPTS: '0' }],
    ['INVALID_PARAMETER', new ServiceError('InvalidParameterValue', 'bad'), { RETRY_ATTEMPTS: '0' }],
    ['THROTTLING', new ServiceError('TooManyRequestsException', 'slow', 429), { RETRY_ATTEMPTS: '185', EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts' }],
    ['ERROR_FROM_TARGET', unavailable(), { RETRY_ATTEMPTS: '185', EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts' }],
  ])('says %s', async (ERROR_CODE, error, more) => {
    const { attributes } = await refused(error);
    expect(attributes).toMatchObject({ ERROR_CODE, ...more });
  });

  test('says when the event has become too old', async () => {
    const { attributes } = await refused(unavailable(), { RetryPolicy: { MaximumEventAgeInSeconds: 60 } });
    expect(attributes).toMatchObject({ EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds', RETRY_ATTEMPTS: '5' });
  });

  test('gets what became no JSON, and what has no target any more', async () => {
    const { service, put, addQueue } = simulate();
    const deadLetters = addQueue('dead');
    const DeadLetterConfig = { Arn: deadLetters.arn };
    service.createRule({
      name: 'rule', eventPattern: '{"source":["com.example.orders"]}',
      targets: [
        { Id: 'json', Arn: addQueue('broken').arn, DeadLetterConfig, InputTransformer: { InputPathsMap: { a: '$.detail.text' }, InputTemplate: '{"a": "<a>"}' } },
        { Id: 'queue', Arn: 'arn:aws:sqs:eu-west-1:111122223333:gone', DeadLetterConfig },
        { Id: 'topic', Arn: 'arn:aws:sns:eu-west-1:111122223333:gone', DeadLetterConfig },
        { Id: 'function', Arn: 'arn:aws:lambda:eu-west-1:111122223333:function:gone', DeadLetterConfig },
      ],
    });
    await put(0, { Detail: JSON.stringify({ text: '"' }) });
    expect(deadLetters.sent.map(({ message }) => message.attributes!.ERROR_CODE.stringValue)).toEqual(['INVALID_JSON', 'NO_RESOURCE', 'NO_RESOURCE', 'NO_RESOURCE']);
  });

  test('may refuse the event, which is then lost', async () => {
    const { service, put, addQueue, seen } = simulate();
    const deadLetters = addQueue('dead');
    deadLetters.errors = [new ServiceError('AccessDenied', 'nor here', 403)];
    service.createRule({
      name: 'rule', eventPattern: '{"source":["com.example.orders"]}',
      targets: [{ Id: 'one', Arn: 'arn:aws:sqs:eu-west-1:111122223333:gone', DeadLetterConfig: { Arn: deadLetters.arn } }],
    });
    await put();
    expect(seen.at(-1)).toMatchObject({ action: 'failed', deadLetterQueue: deadLetters.arn, reason: expect.stringMatching(/^ResourceNotFoundException: .*gone.*; the dead-letter queue: AccessDenied: nor here$/) as string });
  });
});
