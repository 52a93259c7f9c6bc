import { VirtualClock } from '../../../simulator/clock';
import { EventBridgeService } from '../../../simulator/eventbridge';
import { ServiceError } from '../../../simulator/contracts';
import { Events } from '../../../simulator/events';
import { Random } from '../../../simulator/random';
import { documented } from '../documented';
import { place, surroundings } from '../sns/fakes';

function simulate(authorize: (action: string, resource: string) => void = () => {}) {
  const clock = new VirtualClock();
  const service = new EventBridgeService({ clock, events: new Events(), random: new Random(1), place, directory: surroundings().directory, authorize });
  const call = (operation: string, input: Record<string, unknown> = {}) => service.call(operation, input, { principal: place.account });
  return { service, call };
}

const good = { Source: 'com.example', DetailType: 'Made', Detail: '{}' };

documented('PutEvents', 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html', () => {
  test('takes what is right of a request, and tells what is wrong with the rest', async () => {
    const { call } = simulate();
    await expect(call('PutEvents', {
      Entries: [
        good, { ...good, Source: undefined }, { ...good, DetailType: '' }, { ...good, Detail: undefined }, { ...good, Detail: '{' }, { ...good, Detail: '[]' },
        { ...good, Detail: '"text"' }, { ...good, Source: 'aws.s3' }, good,
      ],
    })).resolves.toEqual({
      FailedEntryCount: 7,
      Entries: [
        { EventId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
        { ErrorCode: 'InvalidArgument', ErrorMessage: 'Parameter Source is not valid. Reason: Source is a required argument.' },
        { ErrorCode: 'InvalidArgument', ErrorMessage: 'Parameter DetailType is not valid. Reason: DetailType is a required argument.' },
        { ErrorCode: 'InvalidArgument', ErrorMessage: 'Parameter Detail is not valid. Reason: Detail is a required argument.' },
        { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
        { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
        { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
        { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' },
        { EventId: expect.any(String) as string },
      ],
    });
  });

  test.each([
    [0, 'greater than or equal to 1'],
    [11, 'less than or equal to 10'],
  ])('fails with %i entries', async (count, rule) => {
    await expect(simulate().call('PutEvents', { Entries: Array(count).fill(good) })).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining(rule) as string });
  });

  test('takes an event for a bus that does not exist, and drops it', async () => {
    await expect(simulate().call('PutEvents', { Entries: [{ ...good, EventBusName: 'none' }] })).resolves.toMatchObject({ FailedEntryCount: 0 });
  });

  test('asks for each bus, also for one that does not exist', async () => {
    const asked: string[] = [];
    const { call } = simulate((action, resource) => { asked.push(`${action} ${resource}`); });
    await call('PutEvents', { Entries: [good, { ...good, EventBusName: 'none' }] });
    expect(asked).toEqual(['default', 'none'].map((name) => `events:PutEvents arn:aws:events:eu-west-1:111122223333:event-bus/${name}`));
  });
});

documented('the size of events', 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html', () => {
  const mebibyte = 1024 * 1024;
  const sized = (bytes: number, more: object = {}) => ({ ...good, Source: 's', DetailType: 't', Detail: `{"a":"${'x'.repeat(bytes - 8)}"}`, ...more });

  test.each<[string, object[]]>([
    ['the detail, the source and the type', [sized(mebibyte - 1), { ...good, Source: 's' }]],
    ['the time, which is 14 bytes', [sized(mebibyte - 15, { Time: new Date(0), Resources: ['r'] }), good]],
    ['all entries together', [sized(mebibyte / 2), sized(mebibyte / 2)]],
    ['letters of several bytes', [{ ...good, Detail: `{"a":"${'é'.repeat(mebibyte / 2)}"}` }]],
  ])('counts %s', async (_what, Entries) => {
    await expect(simulate().call('PutEvents', { Entries })).rejects.toThrow('Total size of the entries in the request is over the limit');
  });

  test('is at most 1 MiB', async () => {
    await expect(simulate().call('PutEvents', { Entries: [sized(mebibyte - 2)] })).resolves.toMatchObject({ FailedEntryCount: 0 });
    await expect(simulate().call('PutEvents', { Entries: [sized(mebibyte - 1)] })).rejects.toThrow(`got ${mebibyte + 1}`);
    await expect(simulate().call('PutEvents', { Entries: [sized(mebibyte - 17, { Time: new Date(0), Resources: ['r'] })] })).resolves.toMatchObject({ FailedEntryCount: 0 });
    await expect(simulate().call('PutEvents', { Entries: [sized(mebibyte - 16, { Time: new Date(0), Resources: ['r'] })] })).rejects.toThrow(`got ${mebibyte + 1}`);
  });
});

documented('TestEventPattern', 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html', () => {
  const event = { id: '1', account: '1', source: 'a', time: '2026-01-05T09:00:00Z', region: 'eu-west-1', resources: [], 'detail-type': 't', detail: {} };

  test.each([['a', true], ['b', false]])('tells whether an event of the source %s matches', async (source, Result) => {
    await expect(simulate().call('TestEventPattern', { EventPattern: '{"source":["a"]}', Event: JSON.stringify({ ...event, source }) })).resolves.toEqual({ Result });
  });

  test.each<[string, object, string]>([
    ['InvalidEventPatternException', { EventPattern: '{"source":"a"}', Event: JSON.stringify(event) }, 'Event pattern is not valid'],
    ['ValidationException', { EventPattern: '{"source":["a"]}', Event: '{' }, 'Parameter Event is not valid'],
    ['ValidationException', { EventPattern: '{"source":["a"]}', Event: '[]' }, 'it must be an object, got []'],
    ['ValidationException', { EventPattern: '{"source":["a"]}', Event: JSON.stringify({ ...event, id: undefined, time: undefined }) }, "it must have 'id', 'time'"],
    ['ValidationException', { EventPattern: '{"source":["a"]}' }, "'event' must not be null"],
    ['ValidationException', { Event: JSON.stringify(event) }, "'eventPattern' must not be null"],
  ])('fails with %s: %#', async (name, input, message) => {
    await expect(simulate().call('TestEventPattern', input as Record<string, unknown>)).rejects.toMatchObject({ name, message: expect.stringContaining(message) as string });
  });
});

documented('the calls about rules', 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Operations.html', () => {
  const owner = 'arn:aws:events:eu-west-1:111122223333';
  const withRules = (...args: Parameters<typeof simulate>) => {
    const world = simulate(...args);
    world.service.createBus('orders');
    const targets = [{ Id: 'one', Arn: 'arn:aws:sqs:eu-west-1:111122223333:queue', InputPath: '$.detail' }];
    for (const name of ['b-1', 'b-2', 'c']) world.service.createRule({ name, eventPattern: '{"source":["a"]}', targets });
    world.service.createRule({ name: 'other', eventPattern: '{"source":["a"]}' }, 'orders');
    world.service.createRule({ name: 'nightly', scheduleExpression: 'rate(1 day)', state: 'DISABLED', description: 'at night', roleArn: 'arn:aws:iam::111122223333:role/r' });
    return world;
  };
  const names = ({ Rules }: Record<string, unknown>) => (Rules as { Name: string }[]).map(({ Name }) => Name);

  test('list those of a bus, by the beginning of their names', async () => {
    const { call } = withRules();
    expect(names(await call('ListRules'))).toEqual(['b-1', 'b-2', 'c', 'nightly']);
    expect(names(await call('ListRules', { NamePrefix: 'b-' }))).toEqual(['b-1', 'b-2']);
    expect(names(await call('ListRules', { EventBusName: 'orders' }))).toEqual(['other']);
  });

  test('list in pages', async () => {
    const { call } = withRules();
    const first = await call('ListRules', { Limit: 3 });
    expect(names(first)).toEqual(['b-1', 'b-2', 'c']);
    const second = await call('ListRules', { Limit: 3, NextToken: first.NextToken });
    expect(names(second)).toEqual(['nightly']);
    expect(second.NextToken).toBeUndefined();
    expect((await call('ListRules', { Limit: 4 })).NextToken).toBeUndefined();
    await expect(call('ListRules', { Limit: 101 })).rejects.toThrow("'limit' must be from 1 to 100, got 101");
    await expect(call('ListRules', { Limit: 0 })).rejects.toThrow('got 0');
    await expect(call('ListRules', { NextToken: 'x' })).rejects.toThrow("'nextToken' is none of this service, got 'x'");
  });

  test('describe one', async () => {
    const { call } = withRules();
    await expect(call('DescribeRule', { Name: 'nightly' })).resolves.toEqual({
      Name: 'nightly', Arn: `${owner}:rule/nightly`, ScheduleExpression: 'rate(1 day)', EventPattern: undefined, State: 'DISABLED', Description: 'at night',
      RoleArn: 'arn:aws:iam::111122223333:role/r', EventBusName: 'default', CreatedBy: '111122223333',
    });
    await expect(call('DescribeRule', { Name: 'other', EventBusName: 'orders' })).resolves.toMatchObject({ Arn: `${owner}:rule/orders/other`, EventPattern: '{"source":["a"]}', State: 'ENABLED' });
    await expect(call('ListTargetsByRule', { Rule: 'c' })).resolves.toEqual({ Targets: [{ Id: 'one', Arn: 'arn:aws:sqs:eu-west-1:111122223333:queue', InputPath: '$.detail' }] });
  });

  test('enable and disable one', async () => {
    const { call, service } = withRules();
    await call('EnableRule', { Name: 'nightly' });
    await call('DisableRule', { Name: 'c' });
    expect([service.rule('nightly')!.enabled, service.rule('c')!.enabled]).toEqual([true, false]);
  });

  test('list and describe buses', async () => {
    const { call } = withRules();
    const buses = ['default', 'orders'].map((Name) => ({ Name, Arn: `${owner}:event-bus/${Name}` }));
    await expect(call('ListEventBuses')).resolves.toEqual({ EventBuses: buses });
    await expect(call('ListEventBuses', { NamePrefix: 'o' })).resolves.toEqual({ EventBuses: [buses[1]] });
    await expect(call('DescribeEventBus')).resolves.toEqual(buses[0]);
    await expect(call('DescribeEventBus', { Name: buses[1].Arn })).resolves.toEqual(buses[1]);
  });

  test.each<[string, object, string]>([
    ['DescribeRule', { Name: 'none' }, 'Rule none does not exist on EventBus default.'],
    ['DescribeRule', { Name: 'c', EventBusName: 'orders' }, 'Rule c does not exist on EventBus orders.'],
    ['ListRules', { EventBusName: 'none' }, 'Event bus none does not exist.'],
    ['DescribeRule', {}, "'name' must not be null"],
    ['PutRule', {}, "does not model the operation 'PutRule'"],
    ['toString', {}, "does not model the operation 'toString'"],
  ])('%s fails: %#', async (operation, input, message) => {
    await expect(withRules().call(operation, input as Record<string, unknown>)).rejects.toThrow(message);
  });

  test.each<[string, object, string]>([
    ['PutEvents', { Entries: [good] }, `events:PutEvents ${owner}:event-bus/default`],
    ['TestEventPattern', {}, 'events:TestEventPattern *'],
    ['ListRules', { EventBusName: 'orders' }, `events:ListRules ${owner}:rule/orders`],
    ['DescribeRule', { Name: 'c' }, `events:DescribeRule ${owner}:rule/c`],
    ['EnableRule', { Name: 'c' }, `events:EnableRule ${owner}:rule/c`],
    ['DisableRule', { Name: 'c' }, `events:DisableRule ${owner}:rule/c`],
    ['ListTargetsByRule', { Rule: 'c' }, `events:ListTargetsByRule ${owner}:rule/c`],
    ['ListEventBuses', {}, 'events:ListEventBuses *'],
    ['DescribeEventBus', {}, `events:DescribeEventBus ${owner}:event-bus/default`],
  ])('%s fails without the permission', async (operation, input, asked) => {
    const { call, service } = withRules((action, resource) => { throw new ServiceError('AccessDenied', `${action} ${resource}`, 403); });
    await expect(call(operation, input as Record<string, unknown>)).rejects.toThrow(asked);
    expect(service.rule('c')!.enabled).toBe(true);
  });
});
