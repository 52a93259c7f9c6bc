import { ServiceError } from '../../../simulator/contracts';
import type { EventBridgeEvent } from '../../../simulator/events';
import { EventBridgeService, type Target } from '../../../simulator/eventbridge';
import { place, surroundings } from '../sns/fakes';
import { documented } from '../documented';

const entry = { Source: 'com.example.orders', DetailType: 'OrderPlaced', Detail: '{"orderId":"1"}' };
const unavailable = () => new ServiceError('ServiceUnavailable', 'busy', 503);
const caller = { principal: place.account };

function simulate() {
  const { clock, events, random, directory, ...world } = surroundings();
  const seen: EventBridgeEvent[] = [];
  events.on('eventbridge', (event) => { seen.push(event); });
  const authorize = jest.fn();
  const service = new EventBridgeService({ clock, events, random, place, directory, authorize });
  const queue = world.addQueue('orders');
  const rule = (target: Partial<Target> = {}, bus?: string) => (
    service.createRule({ name: 'rule', eventPattern: '{"source":["com.example.orders"]}', targets: [{ Id: 'one', Arn: queue.arn, ...target }] }, bus)
  );
  const put = async (advance = 0, more: object = {}) => {
    const [{ EventId }] = service.putEvents([{ ...entry, ...more }], caller);
    await clock.advance(advance);
    return EventId!;
  };
  const actions = () => seen.map(({ action }) => action);
  return { clock, service, queue, rule, put, seen, actions, authorize, ...world };
}

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
    expect(seen.at(-1)).toMatchObject({ action: 'failed', deadLetterQueue: deadLetters.arn, reason: expect.stringContaining('AccessDenied: nor here') as string });
  });
});

documented('a rule', 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html', () => {
  test('that is disabled matches nothing until it is enabled', async () => {
    const { rule, put, queue } = simulate();
    const one = rule();
    one.enabled = false;
    await put();
    expect(queue.sent).toEqual([]);
    one.enabled = true;
    await put();
    expect(queue.sent).toHaveLength(1);
  });

  test('with a schedule runs on the clock, and tells so', async () => {
    const { clock, service, queue } = simulate();
    const { arn } = service.createRule({ name: 'rule', scheduleExpression: 'rate(5 minutes)', targets: [{ Id: 'one', Arn: queue.arn }] });
    await clock.advance(10 * 60_000);
    expect(queue.sent.map(({ at }) => new Date(at).toISOString().slice(11, 16))).toEqual(['09:05', '09:10']);
    expect(JSON.parse(queue.bodies[0])).toMatchObject({ source: 'aws.events', 'detail-type': 'Scheduled Event', resources: [arn], detail: {}, time: '2026-01-05T09:05:00Z' });
  });

  test('with a schedule does not run while it is disabled, and counts again from when it is enabled', async () => {
    const { clock, service, queue } = simulate();
    const one = service.createRule({ name: 'rule', scheduleExpression: 'rate(5 minutes)', state: 'DISABLED', targets: [{ Id: 'one', Arn: queue.arn }] });
    await clock.advance(7 * 60_000);
    one.enabled = true;
    await clock.advance(5 * 60_000);
    expect(queue.sent.map(({ at }) => new Date(at).toISOString().slice(11, 16))).toEqual(['09:12']);
    one.enabled = false;
    await clock.advance(60 * 60_000);
    expect(queue.sent).toHaveLength(1);
  });

  test('keeps its beat over an update that leaves the schedule, and no other', async () => {
    const { clock, service, queue } = simulate();
    const targets = [{ Id: 'one', Arn: queue.arn }];
    const one = service.createRule({ name: 'rule', scheduleExpression: 'rate(5 minutes)', targets });
    await clock.advance(3 * 60_000);
    one.update({ name: 'rule', scheduleExpression: 'rate(5 minutes)', description: 'the same', targets });
    await clock.advance(2 * 60_000);
    expect(queue.sent).toHaveLength(1);
    one.update({ name: 'rule', scheduleExpression: 'rate(4 minutes)', targets });
    await clock.advance(4 * 60_000);
    expect(queue.sent.map(({ at }) => new Date(at).toISOString().slice(11, 16))).toEqual(['09:05', '09:09']);
  });

  test('that is deleted runs no more', async () => {
    const { clock, service, queue, rule, put } = simulate();
    service.createRule({ name: 'scheduled', scheduleExpression: 'rate(1 minute)', targets: [{ Id: 'one', Arn: queue.arn }] });
    rule();
    service.deleteRule('scheduled');
    service.deleteRule('rule');
    await put(600_000);
    expect(clock.now()).toBe(Date.UTC(2026, 0, 5, 9, 10));
    expect(queue.sent).toEqual([]);
  });
});

documented('a rule that is not valid', 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html', () => {
  const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:orders';
  const targets = (...more: Partial<Target>[]) => more.map((one, index) => ({ Id: `${index}`, Arn: queueArn, ...one }));
  const pattern = { eventPattern: '{"source":["a"]}' };
  test.each<[object, string]>([
    [{}, "'EventPattern' or 'ScheduleExpression' is required"],
    [{ name: 'a b', ...pattern }, "'Name' must be 1 to 64 letters"],
    [{ name: 'a'.repeat(65), ...pattern }, "'Name' must be 1 to 64 letters"],
    [{ eventPattern: '{"source":"a"}' }, "Event pattern is not valid. Reason: 'pattern.source' must be an object or a list"],
    [{ eventPattern: '[]' }, 'Event pattern is not valid. Reason: it must be an object, got a list'],
    [{ eventPattern: '{' }, 'Event pattern is not valid'],
    [{ eventPattern: JSON.stringify({ source: ['a'.repeat(2048)] }) }, 'it must have at most 2048 characters, got 2063'],
    [{ scheduleExpression: 'rate(1 minutes)' }, "'ScheduleExpression' must be rate(value unit) or cron("],
    [{ ...pattern, targets: targets({}, {}, {}, {}, {}, {}) }, "'Targets' must have at most 5 targets, got 6"],
    [{ ...pattern, targets: [{ Id: 'a', Arn: queueArn }, { Id: 'a', Arn: queueArn }] }, "'Targets' must have different IDs, got a, a"],
    [{ ...pattern, targets: targets({ Id: '' }) }, "'Id' must be 1 to 64"],
    [{ ...pattern, targets: targets({ Input: '1', InputPath: '$' }) }, "only one of 'Input', 'InputPath' and 'InputTransformer' may be set, got Input and InputPath"],
    [{ ...pattern, targets: targets({ Input: '{' }) }, "'Input' must be JSON, got {"],
    [{ ...pattern, targets: targets({ InputPath: 'detail' }) }, "'InputPath' must be a path such as $.detail.name, got 'detail'"],
    [{ ...pattern, targets: targets({ InputPath: '$..name' }) }, "got '$..name'"],
    [{ ...pattern, targets: targets({ InputTransformer: { InputPathsMap: { 'a.b': '$.a' }, InputTemplate: '1' } }) }, "names of letters, digits, hyphens and underscores, got 'a.b'"],
    [{ ...pattern, targets: targets({ InputTransformer: { InputPathsMap: { a: 'a' }, InputTemplate: '1' } }) }, "'InputPathsMap.a' must be a path"],
    [{ ...pattern, targets: targets({ InputTransformer: { InputPathsMap: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`a${index}`, '$.a'])), InputTemplate: '1' } }) }, 'at most 100 paths, got 101'],
    [{ ...pattern, targets: targets({ InputTransformer: { InputTemplate: '' } }) }, "'InputTemplate' must have from 1 to 8192 characters, got 0"],
    [{ ...pattern, targets: targets({ InputTransformer: { InputTemplate: 'a'.repeat(8193) } }) }, 'got 8193'],
    [{ ...pattern, targets: targets({ InputTransformer: { InputPathsMap: { a: '$.a' }, InputTemplate: '"<a> <b> <aws.events.rule-name>"' } }) }, "must use variables of 'InputPathsMap' only, got <b>"],
    [{ ...pattern, targets: targets({ Arn: `${queueArn}.fifo` }) }, "'SqsParameters.MessageGroupId' is required for a FIFO queue"],
    [{ ...pattern, targets: targets({ RetryPolicy: { MaximumRetryAttempts: 186 } }) }, "'RetryPolicy.MaximumRetryAttempts' must be a whole number from 0 to 185, got 186"],
    [{ ...pattern, targets: targets({ RetryPolicy: { MaximumRetryAttempts: -1 } }) }, 'got -1'],
    [{ ...pattern, targets: targets({ RetryPolicy: { MaximumEventAgeInSeconds: 59 } }) }, "'RetryPolicy.MaximumEventAgeInSeconds' must be a whole number from 60 to 86400, got 59"],
    [{ ...pattern, targets: targets({ RetryPolicy: { MaximumEventAgeInSeconds: 86_401 } }) }, 'got 86401'],
    [{ ...pattern, targets: targets({ DeadLetterConfig: { Arn: `${queueArn}.fifo` } }) }, "'DeadLetterConfig.Arn' must be the ARN of a standard queue"],
    [{ ...pattern, targets: targets({ DeadLetterConfig: { Arn: 'arn:aws:sns:eu-west-1:111122223333:dead' } }) }, "'DeadLetterConfig.Arn' must be the ARN of a standard queue"],
  ])('is refused: %#', (properties, message) => {
    const { service } = simulate();
    expect(() => service.createRule({ name: 'rule', ...properties })).toThrow(message);
    expect(service.rule('rule')).toBeUndefined();
  });

  test('on another bus than the default one may have no schedule', () => {
    const { service } = simulate();
    service.createBus('orders');
    expect(() => service.createRule({ name: 'rule', scheduleExpression: 'rate(1 day)' }, 'orders')).toThrow("'ScheduleExpression' is for the default event bus only");
  });

  test('does not change the rule that it was to update', async () => {
    const { rule, put, queue } = simulate();
    const one = rule();
    expect(() => one.update({ name: 'rule', eventPattern: '{}' })).toThrow('Event pattern is not valid');
    await put();
    expect(queue.sent).toHaveLength(1);
  });
});

documented('an event bus', 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteEventBus.html', () => {
  test('is not deleted while it has rules, and the default one never', () => {
    const { service, rule } = simulate();
    service.createBus('orders');
    rule({}, 'orders');
    expect(() => service.deleteBus('orders')).toThrow('Event bus can\'t be deleted since it has rules.');
    expect(() => service.deleteBus('default')).toThrow('Cannot delete event bus default.');
    service.deleteRule('rule', 'orders');
    service.deleteBus('orders');
    expect(service.bus('orders')).toBeUndefined();
  });

  test('has a name of its own that is valid', () => {
    const { service } = simulate();
    expect(() => service.createBus('default')).toThrow('Event bus default already exists.');
    expect(() => service.createBus('a/b')).toThrow("got 'a/b'");
  });
});
