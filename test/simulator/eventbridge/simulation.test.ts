import { App, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Simulation, type SimulationOptions } from '../../../simulator';
import { documented } from '../documented';

const newStack = () => new Stack(new App(), 'Shop');
const eventPattern: events.EventPattern = { source: ['com.example.orders'], detailType: ['OrderPlaced'] };
const placed = { source: 'com.example.orders', detailType: 'OrderPlaced', detail: { orderId: '1' } };
const details = (simulation: Simulation, queue: string) => simulation.queue(queue).messages.map(({ body }) => (JSON.parse(body) as { detail: unknown }).detail);

let simulation: Simulation;
async function start(build: (stack: Stack) => void, options?: SimulationOptions): Promise<Simulation> {
  const stack = newStack();
  build(stack);
  return simulation = await Simulation.start(stack, options);
}
afterEach(() => simulation?.stop());

const call = async (operation: string, input: object) => {
  const response = await fetch(simulation.endpoint, {
    method: 'POST', headers: { 'x-amz-target': `AWSEvents.${operation}`, 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(input),
  });
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() as Record<string, unknown> };
};

documented('rules of a stack', 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html', () => {
  test('bring events of the default bus and of the stack\'s own to queues, FIFO queues, topics and functions', async () => {
    const seen: unknown[] = [];
    await start((stack) => {
      const bus = new events.EventBus(stack, 'Bus');
      const topic = new sns.Topic(stack, 'Topic');
      topic.addSubscription(new subscriptions.SqsSubscription(new sqs.Queue(stack, 'Subscribed'), { rawMessageDelivery: true }));
      const handler = new lambda.Function(stack, 'Function', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {};') });
      const fifo = new sqs.Queue(stack, 'Fifo', { fifo: true, contentBasedDeduplication: true });
      new events.Rule(stack, 'Rule', {
        eventBus: bus, eventPattern, targets: [
          new targets.SqsQueue(new sqs.Queue(stack, 'Queue')), new targets.SqsQueue(fifo, { messageGroupId: 'all' }),
          new targets.SnsTopic(topic, { message: events.RuleTargetInput.fromText(`order ${events.EventField.fromPath('$.detail.orderId')}`) }),
          new targets.LambdaFunction(handler, { event: events.RuleTargetInput.fromObject({ id: events.EventField.fromPath('$.detail.orderId'), kind: 'order' }) }),
        ],
      });
      new events.Rule(stack, 'Default', { eventPattern, targets: [new targets.SqsQueue(new sqs.Queue(stack, 'FromDefault'))] });
    }, { handlers: { Function: (event) => { seen.push(event); } } });

    const [id] = await simulation.eventBus('Bus').putEvents(placed);
    await simulation.advance(Duration.seconds(1));

    expect(details(simulation, 'Queue')).toEqual([{ orderId: '1' }]);
    expect(simulation.queue('Fifo').messages).toHaveLength(1);
    expect(simulation.queue('Subscribed').messages.map(({ body }) => body)).toEqual(['"order 1"']);
    expect(seen).toEqual([{ id: '1', kind: 'order' }]);
    expect(simulation.queue('FromDefault').messages).toEqual([]);
    expect(simulation.rule('Rule').tally).toEqual({ triggered: 1, delivered: 4, failed: 0, redriven: 0 });
    expect(simulation.rule('Default').tally.triggered).toBe(0);
    expect(simulation.denials).toEqual([]);
    expect(simulation.trace(id).steps.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      'published Bus', 'matched Rule', 'delivered Queue', 'sent Queue', 'delivered Fifo', 'sent Fifo', 'delivered Topic', 'published Topic',
      'delivered Function', 'delivered Subscribed', 'sent Subscribed', 'processed Function',
    ]);

    await simulation.eventBus('default').putEvents(placed);
    await simulation.advance(0);
    expect(details(simulation, 'FromDefault')).toEqual([{ orderId: '1' }]);
  });

  const toQueue = (stack: Stack) => new events.Rule(stack, 'Rule', { eventPattern, targets: [new targets.SqsQueue(new sqs.Queue(stack, 'Queue'))] });

  test('are found in a trace that a message at their end is asked for', async () => {
    await start(toQueue);
    await simulation.eventBus('default').putEvents(placed);
    await simulation.advance(0);
    const [{ messageId }] = simulation.queue('Queue').messages;
    expect(simulation.trace(messageId).steps.map(({ action }) => action)).toEqual(['published', 'delivered', 'sent']);
  });

  test('leave an event that none matches, and the trace says so', async () => {
    await start(toQueue);
    const [id] = await simulation.eventBus('default').putEvents({ ...placed, detailType: 'OrderPaid' });
    await simulation.advance(0);
    expect(simulation.trace(id).steps.map(({ action, reason }) => [action, reason])).toEqual([['published', undefined], ['filteredOut', 'no rule matches']]);
  });

  test('run by their schedule', async () => {
    await start((stack) => {
      const queue = new sqs.Queue(stack, 'Queue');
      new events.Rule(stack, 'Nightly', { schedule: events.Schedule.cron({ hour: '2', minute: '30' }), targets: [new targets.SqsQueue(queue)] });
      new events.Rule(stack, 'Off', { schedule: events.Schedule.rate(Duration.minutes(1)), enabled: false, targets: [new targets.SqsQueue(queue)] });
    });
    await simulation.advance(Duration.days(2));
    const times = simulation.queue('Queue').messages.map(({ body }) => (JSON.parse(body) as { time: string }).time);
    expect(times.sort()).toEqual(['2026-01-06T02:30:00Z', '2026-01-07T02:30:00Z']);
    expect(simulation.queue('Queue').tally.sent).toBe(2);
    expect(simulation.rule('Off').enabled).toBe(false);
  });

  test('can be put to by handlers, whose role must allow it', async () => {
    const put = (mayPut: boolean) => start((stack) => {
      const bus = new events.EventBus(stack, 'Bus');
      const code = `exports.handler = async () => { const response = await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', headers: {
        'x-amz-target': 'AWSEvents.PutEvents', 'content-type': 'application/x-amz-json-1.1',
        authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20260105/us-east-1/events/aws4_request' },
        body: JSON.stringify({ Entries: [{ Source: 'com.example.orders', DetailType: 'OrderPlaced', Detail: '{"orderId":"1"}', EventBusName: process.env.BUS }] }) });
        return { status: response.status, ...await response.json() }; };`;
      const handler = new lambda.Function(stack, 'Function', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline(code), environment: { BUS: bus.eventBusName } });
      if (mayPut) bus.grantPutEventsTo(handler);
      new events.Rule(stack, 'Rule', { eventBus: bus, eventPattern, targets: [new targets.SqsQueue(new sqs.Queue(stack, 'Queue'))] });
    });
    const invoke = async () => {
      const result = simulation.function('Function').invoke({});
      await simulation.advance(Duration.seconds(5));
      return (await result).payload;
    };
    await put(true);
    await expect(invoke()).resolves.toMatchObject({ status: 200, FailedEntryCount: 0 });
    expect(details(simulation, 'Queue')).toEqual([{ orderId: '1' }]);
    await simulation.stop();

    await put(false);
    await expect(invoke()).resolves.toMatchObject({ status: 403, __type: expect.stringContaining('AccessDenied') as string });
    expect(simulation.denials).toMatchObject([{ action: 'events:PutEvents', resource: simulation.eventBus('Bus').arn }]);
    expect(simulation.queue('Queue').messages).toEqual([]);
  });
});

documented('the dead-letter queue of a rule', 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html', () => {
  test('gets the event with the reason, and CloudWatch counts it', async () => {
    await start((stack) => {
      const deadLetterQueue = new sqs.Queue(stack, 'Dead');
      const queue = new sqs.Queue(stack, 'Fifo', { fifo: true }); // without deduplication by content: it takes nothing from EventBridge
      new events.Rule(stack, 'Rule', { ruleName: 'orders', eventPattern, targets: [new targets.SqsQueue(queue, { messageGroupId: 'a', deadLetterQueue })] });
      const metric = (metricName: string, dimensionsMap: Record<string, string> = { RuleName: 'orders' }) => new cloudwatch.Metric({ namespace: 'AWS/Events', metricName, dimensionsMap, statistic: 'Sum', period: Duration.minutes(1) });
      for (const name of ['TriggeredRules', 'Invocations', 'FailedInvocations', 'InvocationsSentToDlq', 'InvocationAttempts', 'InvocationsFailedToBeSentToDlq']) {
        new cloudwatch.Alarm(stack, name, { metric: metric(name), threshold: 1, evaluationPeriods: 1, treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING });
      }
      new cloudwatch.Alarm(stack, 'MatchedEvents', { metric: metric('MatchedEvents', {}), threshold: 1, evaluationPeriods: 1 });
    });
    const [id] = await simulation.eventBus('default').putEvents(placed);
    await simulation.advance(Duration.minutes(2));

    expect(details(simulation, 'Dead')).toEqual([{ orderId: '1' }]);
    expect(simulation.queue('Dead').messages[0].attributes).toMatchObject({ ERROR_CODE: { stringValue: 'INVALID_PARAMETER' }, RULE_ARN: { stringValue: 'arn:aws:events:us-east-1:000000000000:rule/orders' } });
    const inAlarm = simulation.alarms.filter(({ history }) => history.some(({ to }) => to === 'ALARM')).map(({ path }) => path);
    expect(inAlarm).toEqual(['TriggeredRules', 'Invocations', 'FailedInvocations', 'InvocationsSentToDlq', 'InvocationAttempts', 'MatchedEvents']);
    expect(simulation.rule('Rule').tally).toMatchObject({ redriven: 1, failed: 0 });
    expect(simulation.trace(id).steps.map(({ action, resource }) => `${action} ${resource}`)).toEqual(['published arn:aws:events:us-east-1:000000000000:event-bus/default', 'matched Rule', 'redriven Dead', 'sent Dead']);
  });
});

documented('a bus of the stack', 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html', () => {
  test('can be closed to a role by its policy', async () => {
    const statement = (Effect: string) => ({ Effect, Principal: '*', Action: 'events:PutEvents', Resource: '*' });
    const build = (Effect?: string) => {
      const stack = newStack();
      new events.CfnEventBus(stack, 'Bus', { name: 'orders' }).overrideLogicalId('Bus');
      if (Effect) new events.CfnEventBusPolicy(stack, 'Policy', { eventBusName: 'orders', statementId: 'one', statement: statement(Effect) }).addResourceDependency(stack.node.findChild('Bus') as events.CfnEventBus);
      return stack;
    };
    simulation = await Simulation.start(build('Deny'));
    const bus = () => simulation.eventBus('Bus');
    await expect(bus().putEvents(placed)).rejects.toThrow('a policy denies it explicitly');
    await simulation.update(build('Allow'));
    await expect(bus().putEvents(placed)).resolves.toHaveLength(1);
    await simulation.update(build('Deny'));
    await expect(bus().putEvents(placed)).rejects.toThrow('a policy denies it explicitly');
    await simulation.update(build());
    await expect(bus().putEvents(placed)).resolves.toHaveLength(1);
  });

  test('takes the policy that it is made with, and another by an update', async () => {
    const build = (Effect?: string) => {
      const stack = newStack();
      new events.CfnEventBus(stack, 'Bus', { name: 'orders', ...Effect && { policy: { Statement: [{ Effect, Principal: '*', Action: 'events:*', Resource: '*' }] } } });
      return stack;
    };
    simulation = await Simulation.start(build('Deny'));
    await expect(simulation.eventBus('Bus').putEvents(placed)).rejects.toThrow('a policy denies it explicitly');
    await simulation.update(build());
    await expect(simulation.eventBus('Bus').putEvents(placed)).resolves.toHaveLength(1);
  });

  test('tells a test which event it refuses', async () => {
    await start((stack) => new events.EventBus(stack, 'Bus'));
    await expect(simulation.eventBus('Bus').putEvents(placed, { ...placed, source: 'aws.s3' })).rejects.toThrow("'Bus' refused event 2: NotAuthorizedForSourceException: Not authorized for the source.");
  });
});

documented('an update of a stack', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html', () => {
  const build = (rule?: Partial<events.CfnRuleProps>) => {
    const stack = newStack();
    const queue = new sqs.Queue(stack, 'Queue');
    queue.grantSendMessages(new iam.ServicePrincipal('events.amazonaws.com'));
    const bus = new events.CfnEventBus(stack, 'Bus', { name: 'orders' });
    if (rule) new events.CfnRule(stack, 'Rule', { eventPattern: { source: ['a'] }, targets: [{ id: 'one', arn: queue.queueArn }], ...rule }).addResourceDependency(bus);
    return stack;
  };
  const arrived = async (source: string, bus = 'default') => {
    const before = simulation.queue('Queue').tally.sent;
    await simulation.eventBus(bus).putEvents({ source, detailType: 't' });
    await simulation.advance(0);
    return simulation.queue('Queue').tally.sent > before;
  };

  test('changes a rule in place, moves it to another bus, and removes it', async () => {
    simulation = await Simulation.start(build({}));
    expect([await arrived('a'), await arrived('b')]).toEqual([true, false]);
    const { name } = simulation.rule('Rule');

    await simulation.update(build({ eventPattern: { source: ['b'] } }));
    expect([await arrived('a'), await arrived('b')]).toEqual([false, true]);
    expect(simulation.rule('Rule').name).toBe(name);

    await simulation.update(build({ state: 'DISABLED' }));
    expect(await arrived('a')).toBe(false);

    await simulation.update(build({ eventBusName: 'orders' }));
    expect([await arrived('a'), await arrived('a', 'Bus')]).toEqual([false, true]);
    expect(simulation.rule('Rule').arn).toMatch(/^arn:aws:events:us-east-1:000000000000:rule\/orders\//);

    await simulation.update(build());
    expect(await arrived('a', 'Bus')).toBe(false);
  });

  test.each<[Partial<events.CfnRuleProps>, string]>([
    [{ targets: [{ id: 'one', arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/a' }] }, "'Targets' must be queues, topics and functions, those that are modelled"],
    [{ targets: [{ id: 'one', arn: 'arn:aws:sqs:us-east-1:000000000000:a', httpParameters: {} }] }, "does not model 'HttpParameters' of a rule's target"],
    [{ eventPattern: { source: 'a' } }, 'Event pattern is not valid'],
    [{ eventBusName: 'none' }, 'Event bus none does not exist.'],
  ])('is refused for a rule that cannot be: %#', async (rule, message) => {
    await expect(Simulation.start(build(rule))).rejects.toThrow(message);
  });

  test('ends with the stack: its schedules run no more', async () => {
    simulation = await Simulation.start(build({ eventPattern: undefined, scheduleExpression: 'rate(1 minute)' }));
    await simulation.advance(Duration.minutes(2));
    expect(simulation.queue('Queue').tally.sent).toBe(2);
    const sent = jest.fn();
    simulation.events.on('eventbridge', sent);
    await simulation.destroy();
    await simulation.advance(Duration.minutes(5));
    expect(sent).not.toHaveBeenCalled();
  });
});

documented('EventBridge over HTTP', 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/CommonErrors.html', () => {
  test('speaks AWS JSON 1.1', async () => {
    await start((stack) => new events.Rule(stack, 'Rule', { ruleName: 'orders', eventPattern, targets: [new targets.SqsQueue(new sqs.Queue(stack, 'Queue'))] }));
    const put = await call('PutEvents', { Entries: [{ Source: 'com.example.orders', DetailType: 'OrderPlaced', Detail: '{"orderId":"1"}', Time: 1_700_000_000, Resources: ['r'] }, { Source: 'a' }] });
    expect(put).toMatchObject({ status: 200, type: 'application/x-amz-json-1.1', body: { FailedEntryCount: 1, Entries: [{ EventId: expect.any(String) as string }, { ErrorCode: 'InvalidArgument' }] } });
    await simulation.advance(0);
    expect(simulation.queue('Queue').messages.map(({ body }) => JSON.parse(body) as object)).toMatchObject([{ time: '2023-11-14T22:13:20Z', resources: ['r'] }]);

    expect((await call('DisableRule', { Name: 'orders' })).status).toBe(200);
    expect((await call('DescribeRule', { Name: 'orders' })).body).toMatchObject({ Name: 'orders', State: 'DISABLED' });
    expect((await call('ListTargetsByRule', { Rule: 'orders' })).body).toMatchObject({ Targets: [{ Id: 'Target0' }] });
    const event = { id: '1', account: '1', source: 'a', time: 't', region: 'r', resources: [], 'detail-type': 'd' };
    expect((await call('TestEventPattern', { EventPattern: '{"source":["a"]}', Event: JSON.stringify(event) })).body).toEqual({ Result: true });
    expect(await call('DescribeRule', { Name: 'none' })).toMatchObject({ status: 400, body: { __type: expect.stringContaining('ResourceNotFoundException') as string } });
  });
});
