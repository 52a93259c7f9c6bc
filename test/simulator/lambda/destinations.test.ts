import { App, Duration, Stack } from 'aws-cdk-lib';
import { Code, EventInvokeConfig, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { EventBridgeDestination, LambdaDestination, SnsDestination, SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Simulation } from '../../../simulator';
import type { Directory } from '../../../simulator/contracts';
import { documented } from '../documented';
import { caller, closeAll, matching, thrownBy, virtualService } from './functions';

afterAll(closeAll);

const queueArn = 'arn:aws:sqs:eu-central-1:111122223333:Records';

/** A function that fails for the event 'fail', and the records that its destination gets. */
function reporting(configuration: object, options: object = {}, properties: object = {}) {
  const records: unknown[] = [];
  const queue = { send: ({ body }: { body: string }) => { records.push(JSON.parse(body)); } };
  const directory = {
    queue: (arn: string) => arn === queueArn ? queue : undefined, hasTopic: () => false, function: () => undefined,
  } as Partial<Directory> as Directory;
  const simulated = virtualService({ directory: () => directory, ...options });
  const fn = simulated.service.createFunction({ name: 'tested', ...properties });
  fn.handler = (event) => {
    if (event === 'fail') throw new RangeError('too far');
    return { done: event };
  };
  fn.asynchronous.configure(configuration);
  return { ...simulated, fn, records };
}

documented('the record of an asynchronous invocation', 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html', () => {
  test('tells of a success its request and its response', async () => {
    const { fn, clock, records } = reporting({ onSuccess: queueArn, onFailure: queueArn });
    const requestId = fn.invokeAsync('event', caller);
    await clock.advance(1000);
    expect(records).toEqual([{
      version: '1.0',
      timestamp: '2026-01-05T09:00:00.100Z',
      requestContext: {
        requestId, functionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:tested:$LATEST', condition: 'Success', approximateInvokeCount: 1,
      },
      requestPayload: 'event',
      responseContext: { statusCode: 200, executedVersion: '$LATEST' },
      responsePayload: { done: 'event' },
    }]);
  });

  test('tells of a failure the error of the last of its three attempts', async () => {
    const { fn, clock, records } = reporting({ onSuccess: queueArn, onFailure: queueArn });
    fn.invokeAsync('fail', caller);
    await clock.advance(3_600_000);
    expect(records).toMatchObject([{
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: 'fail',
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'RangeError', errorMessage: 'too far' },
    }]);
  });

  test('tells of an event that became too old that it did, without a response where it was only throttled', async () => {
    const { fn, clock, records } = reporting({ onFailure: queueArn, maximumEventAge: 60 }, { accountConcurrency: 0 });
    fn.invokeAsync('event', caller);
    await clock.advance(3_600_000);
    expect(records).toEqual([expect.not.objectContaining({ responseContext: expect.anything() })]);
    expect(records).toMatchObject([{ requestContext: { condition: 'EventAgeExceeded' }, requestPayload: 'event' }]);
  });

  test('that its destination does not take is lost, as the log says', async () => {
    const { fn, clock, records } = reporting({ onSuccess: `${queueArn}2` });
    fn.invokeAsync('event', caller);
    await clock.advance(1000);
    expect(records).toEqual([]);
    expect(fn.logs.at(-1)!.line).toMatch(/Records2 did not take the record of the invocation.*does not exist/);
  });
});

documented('the error handling of asynchronous invocations', 'https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html', () => {
  test('has the number of retries that is set', async () => {
    const { fn, clock, events } = reporting({ maximumRetryAttempts: 1 });
    fn.invokeAsync('fail', caller);
    await clock.advance(3_600_000);
    expect(events.filter(({ action }) => action === 'failed')).toHaveLength(2);
  });

  const refused: [configuration: object, message: RegExp][] = [
    [{ maximumRetryAttempts: 3 }, /'maximumRetryAttempts' must be a whole number from 0 to 2, got 3/],
    [{ maximumEventAge: 59 }, /'maximumEventAge' must be a whole number from 60 to 21600, got 59/],
    [{ onFailure: `${queueArn}.fifo` }, /'onFailure' must be a standard queue or topic, got .*\.fifo/],
  ];
  test.each(refused)('fails for %j', (configuration, message) => {
    expect(thrownBy(() => reporting(configuration))).toMatchObject({ code: 'InvalidParameterValueException', message: matching(message) });
  });
});

documented('AWS::Lambda::EventInvokeConfig', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventinvokeconfig.html', () => {
  const inline = (stack: Stack, id: string, code: string): LambdaFunction => (
    new LambdaFunction(stack, id, { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(code) })
  );

  test('sends records to a queue, a topic and a function, as the role of the function may', async () => {
    const stack = new Stack(new App(), 'Shop');
    const orders = new Topic(stack, 'Orders');
    const failures = new Queue(stack, 'Failures');
    const handled = new Topic(stack, 'Handled');
    const listener = inline(stack, 'Listener', 'exports.handler = async (record) => console.log(record.responsePayload ?? record.Records[0].Sns.Message);');
    handled.addSubscription(new LambdaSubscription(listener));
    const code = 'exports.handler = async ({ Records: [{ Sns: { Message } }] }) => { if (Message === "fail") throw new Error("no"); return Message; };';
    for (const [id, onSuccess] of [['ToTopic', new SnsDestination(handled)], ['ToFunction', new LambdaDestination(listener)]] as const) {
      const fn = inline(stack, id, code);
      orders.addSubscription(new LambdaSubscription(fn));
      new EventInvokeConfig(stack, `${id}Config`, { function: fn, onSuccess, onFailure: new SqsDestination(failures), retryAttempts: 0 });
    }
    const simulation = await Simulation.start(stack);
    await simulation.topic('Orders').publish('good');
    await simulation.topic('Orders').publish('fail');
    await simulation.advance(Duration.seconds(10));
    expect(simulation.denials).toEqual([]);
    expect(simulation.queue('Failures').messages).toHaveLength(2);
    const [toFunction, toTopic] = [...simulation.function('Listener').logs].sort((one, other) => one.length - other.length);
    expect(toFunction).toBe('good');
    expect(JSON.parse(toTopic)).toMatchObject({ requestContext: { condition: 'Success' }, responsePayload: 'good' });
    await simulation.stop();
  });

  test('fails for a destination that is not modelled', async () => {
    const stack = new Stack(new App(), 'Shop');
    new EventInvokeConfig(stack, 'Config', { function: inline(stack, 'Function', 'exports.handler = async () => {};'), onFailure: new EventBridgeDestination() });
    await expect(Simulation.start(stack)).rejects.toThrow(/'onFailure' must be a queue, a topic or a function in the simulator, got arn:aws:events/);
  });
});
