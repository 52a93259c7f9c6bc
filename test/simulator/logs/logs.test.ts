import { gunzipSync } from 'node:zlib';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, Metric, TreatMissingData, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnMetricFilter, CfnSubscriptionFilter, FilterPattern, LogGroup, MetricFilter, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Simulation } from '../../../simulator';
import { Events } from '../../../simulator/events';
import { LogsService, type MetricTransformation, type PutMetric } from '../../../simulator/logs';
import { documented } from '../documented';
import { place, surroundings } from '../sns/fakes';

type Put = [name: string, dimensions: Record<string, string>, value: number, at: number, unit: string];

/** CloudWatch Logs with one log group, into which `write` writes. */
function world() {
  const around = surroundings();
  const puts: Put[] = [];
  const putMetric: PutMetric = (namespace, name, dimensions, value, { at, unit }) => { puts.push([`${namespace} ${name}`, dimensions, value, at, unit]); };
  const events = new Events();
  const logs = new LogsService({ ...around, place }, events, putMetric);
  logs.createGroup('group');
  const write = (line: string, logStream = 'stream', logGroup = 'group') => (
    events.emit({ service: 'logs', action: 'written', at: around.clock.now(), resource: 'arn', line, logGroup, logStream })
  );
  const filter = (pattern: string, more: Partial<MetricTransformation> = {}) => (
    logs.putMetricFilter('group', 'filter', pattern, { namespace: 'Shop', name: 'Errors', value: '1', ...more })
  );
  return { ...around, logs, puts, write, filter, start: around.clock.now(), values: () => puts.map(([, , value]) => value) };
}

documented('a metric filter', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html', () => {
  test('puts its value for each event that matches, with its unit, at the time of the event', async () => {
    const { filter, write, puts, clock, start } = world();
    filter('ERROR', { value: '2.5', unit: 'Count' });
    write('ERROR one');
    await clock.advance(1_000);
    write('fine');
    write('ERROR two');
    expect(puts).toEqual([['Shop Errors', {}, 2.5, start, 'Count'], ['Shop Errors', {}, 2.5, start + 1_000, 'Count']]);
  });

  test('puts the number in a field, without a unit, and nothing where the field is no number', () => {
    const { filter, write, puts } = world();
    filter('{ $.latency = * }', { value: '$.latency' });
    for (const latency of [50, '70', 'slow', '', true]) write(JSON.stringify({ latency }));
    expect(puts.map(([, , value, , unit]) => [value, unit])).toEqual([[50, 'None'], [70, 'None']]);
  });

  test('puts the number in a field of a space-delimited event', () => {
    const { filter, write, values } = world();
    filter('[ip, status = 4*, bytes]', { value: '$bytes' });
    write('10.0.0.1 404 1534');
    write('10.0.0.1 200 99');
    expect(values()).toEqual([1534]);
  });

  test('has the fields of the event as dimensions, as far as the event has them', () => {
    const { filter, write, puts } = world();
    filter('{ $.code = * }', { dimensions: { Code: '$.code', Shop: '$.shop.name', Retry: '$.retry' } });
    write(JSON.stringify({ code: 404, shop: { name: 'Oslo' }, retry: true }));
    write(JSON.stringify({ code: 'E1', shop: { name: { long: 'Oslo' } } }));
    expect(puts.map(([, dimensions]) => dimensions)).toEqual([{ Code: '404', Shop: 'Oslo', Retry: 'true' }, { Code: 'E1' }]);
  });

  test('puts the default value for each event of a minute in which none matched, and nothing for a minute without events', () => {
    const { filter, write, logs, puts, start } = world();
    filter('ERROR', { defaultValue: 0 });
    write('fine');
    write('fine');
    logs.endMinute(start + 60_000);
    expect(puts).toEqual([['Shop Errors', {}, 0, start, 'None'], ['Shop Errors', {}, 0, start, 'None']]);
    logs.endMinute(start + 120_000);
    expect(puts).toHaveLength(2);
    write('ERROR');
    write('fine');
    logs.endMinute(start + 180_000);
    expect(puts.slice(2).map(([, , value]) => value)).toEqual([1]);
    write('fine');
    logs.endMinute(start + 240_000);
    expect(puts).toHaveLength(4);
  });

  test('without a default value puts nothing for events that do not match', () => {
    const { filter, write, logs, puts, start } = world();
    filter('ERROR');
    write('fine');
    logs.endMinute(start + 60_000);
    expect(puts).toEqual([]);
  });

  test('is for its log group alone, from its creation on, and takes the place of the one of its name', () => {
    const { filter, write, values, logs } = world();
    write('ERROR');
    filter('ERROR');
    write('ERROR', 'stream', 'other');
    write('ERROR', '');
    expect(values()).toEqual([]);
    filter('ERROR', { value: '7' });
    write('ERROR');
    expect(values()).toEqual([7]);
    logs.deleteMetricFilter('group', 'filter');
    write('ERROR');
    expect(values()).toEqual([7]);
  });

  const badName = "must have from 1 to 255 characters without ':', '*' and '$'";
  test.each<[string, string, Partial<MetricTransformation>, string]>([
    ['a namespace of AWS', '', { namespace: 'AWS/Shop' }, "'metricNamespace' must not begin with 'AWS/', got 'AWS/Shop'"],
    ['a namespace with a colon', '', { namespace: 'a:b' }, `'metricNamespace' ${badName}, got 'a:b'`],
    ['an empty name', '', { name: '' }, `'metricName' ${badName}, got ''`],
    ['a name of 256 characters', '', { name: 'x'.repeat(256) }, `'metricName' ${badName}`],
    ['a value that is no number', '', { value: 'one' }, "'metricValue' must be a number, or a field that the pattern can find, got 'one'"],
    ['an empty value', '', { value: '' }, "'metricValue' must be a number"],
    ['a field in a pattern of terms', 'ERROR', { value: '$.latency' }, "got '$.latency'"],
    ['a named field in a pattern of terms', 'ERROR', { value: '$latency' }, "got '$latency'"],
    ['a field of JSON in a space-delimited pattern', '[a]', { value: '$.a' }, "got '$.a'"],
    ['a field of a space-delimited event in a JSON pattern', '{ $.a = 1 }', { value: '$a' }, "got '$a'"],
    ['a value of 101 characters', '{ $.a = 1 }', { value: `$.${'a'.repeat(99)}` }, "'metricValue' must be a number"],
    ['four dimensions', '{ $.a = 1 }', { dimensions: { A: '$.a', B: '$.a', C: '$.a', D: '$.a' } }, "'dimensions' must have at most 3 entries, got 4"],
    ['a dimension that is no field', '{ $.a = 1 }', { dimensions: { A: 'a' } }, "the dimension 'A' must be a field that the pattern can find, got 'a'"],
    ['a dimension of terms', 'ERROR', { dimensions: { A: '$.a' } }, "the dimension 'A' must be a field that the pattern can find"],
    ['a default value beside dimensions', '{ $.a = 1 }', { defaultValue: 0, dimensions: { A: '$.a' } }, "'defaultValue' must not be given beside 'dimensions'"],
    ['a default value that is no number', '', { defaultValue: NaN }, "'defaultValue' must be a number, got NaN"],
  ])('fails with %s', (_, pattern, given, message) => {
    expect(() => world().filter(pattern, given)).toThrow(
      expect.objectContaining({ code: 'InvalidParameterException', message: expect.stringContaining(message) as string }) as Error,
    );
  });

  test('fails without its log group, with a name that is none, and as the 101st', () => {
    const { logs } = world();
    const put = (group: string, name: string) => () => logs.putMetricFilter(group, name, '', { namespace: 'Shop', name: 'Errors', value: '1' });
    expect(put('other', 'a')).toThrow(expect.objectContaining({ code: 'ResourceNotFoundException' }) as Error);
    expect(put('group', 'a:b')).toThrow("'FilterName' must have from 1 to 512 characters without ':' and '*', got 'a:b'");
    for (let count = 0; count < 100; count++) put('group', `filter${count}`)();
    expect(put('group', 'one more')).toThrow(expect.objectContaining({ code: 'LimitExceededException' }) as Error);
    expect(put('group', 'filter0')).not.toThrow();
  });
});

documented('a metric filter in a template', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-metricfilter.html', () => {
  const inline = { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = 0') };

  test('raises an alarm when a function with its own log group logs an error, and ends it with the default value', async () => {
    const stack = new Stack(new App(), 'Shop');
    const logGroup = new LogGroup(stack, 'Logs');
    new LambdaFunction(stack, 'Biller', { ...inline, logGroup });
    new LambdaFunction(stack, 'Other', inline);
    const filter = new MetricFilter(stack, 'Errors', {
      logGroup, metricNamespace: 'Shop', metricName: 'Errors', filterPattern: FilterPattern.stringValue('$.level', '=', 'ERROR'), defaultValue: 0, unit: Unit.COUNT,
    });
    new Alarm(stack, 'Alarm', {
      metric: filter.metric({ statistic: 'Sum', period: Duration.minutes(1) }), threshold: 1, evaluationPeriods: 1, treatMissingData: TreatMissingData.IGNORE,
    });
    const log = (event: unknown) => { process.stdout.write(`${JSON.stringify(event)}\n`); };
    const simulation = await Simulation.start(stack, { handlers: { Biller: log, Other: log } });
    const run = async (path: string, level: string) => {
      void simulation.function(path).invoke({ level });
      await simulation.advance(Duration.minutes(1));
      return simulation.alarm('Alarm').state;
    };
    expect(await run('Other', 'ERROR')).toBe('INSUFFICIENT_DATA');
    expect(await run('Biller', 'ERROR')).toBe('ALARM');
    expect(await run('Biller', 'INFO')).toBe('OK');
    await simulation.stop();
  });

  test('is updated and deleted with its stack', async () => {
    const shop = (pattern?: string) => {
      const stack = new Stack(new App(), 'Shop');
      const logGroup = new LogGroup(stack, 'Logs', { logGroupName: 'biller' });
      new LambdaFunction(stack, 'Biller', { ...inline, logGroup });
      if (pattern !== undefined) {
        new CfnMetricFilter(stack, 'Filter', {
          logGroupName: logGroup.logGroupName, filterPattern: pattern, metricTransformations: [{ metricNamespace: 'Shop', metricName: 'Errors', metricValue: '1' }],
        });
      }
      new Alarm(stack, 'Alarm', {
        metric: new Metric({ namespace: 'Shop', metricName: 'Errors', statistic: 'Sum', period: Duration.minutes(1) }),
        threshold: 1, evaluationPeriods: 1, treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      return stack;
    };
    const handlers = { Biller: () => { console.log('WARN'); } };
    const simulation = await Simulation.start(shop('ERROR'), { handlers });
    const state = async (minutes = 1) => {
      void simulation.function('Biller').invoke({});
      await simulation.advance(Duration.minutes(minutes));
      return simulation.alarm('Alarm').state;
    };
    expect(await state()).toBe('OK');
    await simulation.update(shop('WARN'), { handlers });
    expect(await state()).toBe('ALARM');
    await simulation.update(shop(), { handlers });
    expect(await state(10)).toBe('OK');
    await simulation.stop();
  });

  test.each([
    ['two transformations', { metricTransformations: [1, 2].map(() => ({ metricNamespace: 'Shop', metricName: 'Errors', metricValue: '1' })) },
      "'MetricTransformations' must have 1 entry, got 2"],
    ['a log group that there is not', { logGroupName: 'other' }, 'The specified log group does not exist: other'],
    ['a pattern that cannot be read', { filterPattern: '{ $.a' }, "Invalid filter pattern '{ $.a'"],
  ])('fails with %s', async (_, given, message) => {
    const stack = new Stack(new App(), 'Shop');
    const { logGroupName } = new LogGroup(stack, 'Logs');
    new CfnMetricFilter(stack, 'Filter', {
      logGroupName, filterPattern: '', metricTransformations: [{ metricNamespace: 'Shop', metricName: 'Errors', metricValue: '1' }], ...given,
    });
    await expect(Simulation.start(stack)).rejects.toThrow(message);
  });
});

documented('a subscription filter', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html', () => {
  const inline = { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = 0') };

  test('hands the events of a stream that match to a function, compressed', async () => {
    const stack = new Stack(new App(), 'Shop');
    const logGroup = new LogGroup(stack, 'Logs', { logGroupName: 'biller' });
    new LambdaFunction(stack, 'Biller', { ...inline, logGroup });
    const reader = new LambdaFunction(stack, 'Reader', inline);
    new SubscriptionFilter(stack, 'Errors', { logGroup, destination: new LambdaDestination(reader), filterName: 'errors', filterPattern: FilterPattern.anyTerm('ERROR', 'WARN') });
    const received: unknown[] = [];
    const contexts: { logStreamName: string }[] = [];
    const simulation = await Simulation.start(stack, { handlers: {
      Biller: (_event, context) => {
        contexts.push(context);
        for (const line of ['ERROR one', 'fine', 'WARN two']) console.log(line);
      },
      Reader: (event) => {
        const { awslogs: { data } } = event as { awslogs: { data: string } };
        received.push(JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString()));
      },
    } });
    const timestamp = simulation.now.getTime();
    void simulation.function('Biller').invoke({});
    await simulation.advance(Duration.minutes(1));
    const id = expect.stringMatching(/^\d{56}$/) as string;
    expect(received).toEqual([{
      messageType: 'DATA_MESSAGE', owner: '000000000000', logGroup: 'biller', logStream: contexts[0].logStreamName, subscriptionFilters: ['errors'],
      logEvents: [{ id, timestamp, message: expect.stringContaining('ERROR one') as string }, { id, timestamp, message: expect.stringContaining('WARN two') as string }],
    }]);
    await simulation.stop();
  });

  test('fails for a function that CloudWatch Logs may not invoke', async () => {
    const stack = new Stack(new App(), 'Shop');
    const logGroup = new LogGroup(stack, 'Logs');
    const { functionArn: destinationArn } = new LambdaFunction(stack, 'Reader', inline);
    new CfnSubscriptionFilter(stack, 'Errors', { logGroupName: logGroup.logGroupName, destinationArn, filterPattern: '' });
    await expect(Simulation.start(stack)).rejects.toThrow('logs.amazonaws.com');
  });

  test('fails for another destination, for a function that there is not, and as the third of its log group', () => {
    const { logs, addFunction } = world();
    const { arn } = addFunction('reader');
    const put = (name: string, destination = arn) => () => logs.putSubscriptionFilter({ name, logGroup: 'group', pattern: '', destination });
    expect(put('a', 'arn:aws:kinesis:us-east-1:1:stream/a')).toThrow("'DestinationArn' must name a function, the destination that is modelled");
    expect(put('a', `${arn}s`)).toThrow('which is no function of this simulation');
    put('a')();
    put('b')();
    expect(put('c')).toThrow(expect.objectContaining({ code: 'LimitExceededException' }) as Error);
  });

  test('sends the events of each stream by themselves, and no more when it is deleted', async () => {
    const { logs, addFunction, write, clock } = world();
    const reader = addFunction('reader');
    logs.putSubscriptionFilter({ name: 'a', logGroup: 'group', pattern: '', destination: reader.arn });
    write('1', 'one');
    write('2', 'two');
    write('3', 'one');
    await clock.advance(1);
    write('4', 'one');
    await clock.advance(1);
    logs.deleteSubscriptionFilter('group', 'a');
    write('5', 'one');
    await clock.advance(1);
    const data = reader.invocations.map(({ event }) => (event as { awslogs: { data: string } }).awslogs.data);
    const messages = data.map((each) => (JSON.parse(gunzipSync(Buffer.from(each, 'base64')).toString()) as { logEvents: { message: string }[] }).logEvents
      .map(({ message }) => message));
    expect(messages).toEqual([['1', '3'], ['2'], ['4']]);
    expect(reader.invocations[0].caller).toMatchObject({ principal: 'logs.amazonaws.com', sourceArn: expect.stringMatching(/:log-group:group:\*$/) as string });
  });
});

documented('the log group of a function', 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html', () => {
  test('is made when it first writes, and not for what only the simulator says', () => {
    const { logs, write } = world();
    write('said', '', '/aws/lambda/Biller');
    expect(logs.hasGroup('/aws/lambda/Biller')).toBe(false);
    write('written', 'stream', '/aws/lambda/Biller');
    expect(logs.hasGroup('/aws/lambda/Biller')).toBe(true);
  });
});
