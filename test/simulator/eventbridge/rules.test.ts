import type { Target } from '../../../simulator/eventbridge';
import { documented } from '../documented';
import { simulate } from './fixture';

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
