import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DurableQueue } from '../../lib';
import { functionIn, newStack, resourceOf } from './set-up';

describe('The visibility timeout of a DurableQueue', () => {
  let stack: Stack;
  let queue: DurableQueue;
  const seconds = (of = queue): unknown => resourceOf(of.queue).Properties.VisibilityTimeout;

  beforeEach(() => {
    stack = newStack();
    queue = new DurableQueue(stack, 'Orders');
  });

  test('is 30 seconds without consumers', () => {
    expect(seconds()).toBe(30);
  });

  test('is six times the timeout of the consumer', () => {
    queue.registerConsumer({ timeout: Duration.minutes(1) });
    expect(seconds()).toBe(360);
  });

  test('adds the batching window', () => {
    queue.registerConsumer({ timeout: Duration.minutes(1), batchingWindow: Duration.seconds(20) });
    expect(seconds()).toBe(380);
  });

  test('is that of the consumer which needs the longest', () => {
    queue.registerConsumer({ timeout: Duration.seconds(10), batchingWindow: Duration.minutes(5) });
    queue.registerConsumer({ timeout: Duration.seconds(50), batchingWindow: Duration.seconds(30) });
    expect(seconds()).toBe(360);
  });

  test('follows a function that has the queue as its event source, as every consumer does', () => {
    functionIn(stack, 'Function', { timeout: Duration.seconds(20) })
      .addEventSource(new sources.SqsEventSource(queue, { maxBatchingWindow: Duration.seconds(7) }));
    expect(seconds()).toBe(127);
  });

  test('follows an alias, a version and a function without a timeout, which has 3 seconds', () => {
    const version = functionIn(stack, 'Versioned', { timeout: Duration.seconds(20) }).currentVersion;
    const of = (handler: lambda.IFunction, id: string): unknown => {
      const one = new DurableQueue(stack, id);
      new lambda.EventSourceMapping(stack, `${id}Mapping`, { target: handler, eventSourceArn: one.queueArn });
      return () => seconds(one);
    };
    const found = [
      of(new lambda.Alias(stack, 'Alias', { aliasName: 'live', version }), 'One'), of(version, 'Two'), of(functionIn(stack, 'Plain'), 'Three'),
    ] as (() => unknown)[];
    expect(found.map((get) => get())).toEqual([120, 120, 18]);
  });

  test('follows what the app has at the time, not what it had when it was first asked for', () => {
    const inside = queue.queue.node.defaultChild as sqs.CfnQueue;
    const now = (): unknown => stack.resolve(inside.visibilityTimeout);
    const mapping = (id: string, timeout: number): lambda.EventSourceMapping => new lambda.EventSourceMapping(stack, id, {
      target: functionIn(stack, `${id}Function`, { timeout: Duration.seconds(timeout) }), eventSourceArn: queue.queueArn,
    });
    expect(now()).toBe(30);
    mapping('First', 20);
    expect(now()).toBe(120);
    // as many constructs as before
    stack.node.tryRemoveChild('First');
    stack.node.tryRemoveChild('FirstFunction');
    const second = mapping('Second', 40);
    expect(now()).toBe(240);
    (second.node.defaultChild as lambda.CfnEventSourceMapping).eventSourceArn = 'arn:aws:sqs:eu-west-1:111122223333:another';
    expect(now()).toBe(30);
  });

  test('does not follow a consumer that was removed with what it was inside of', () => {
    const inside = new Construct(stack, 'Inside');
    new lambda.EventSourceMapping(inside, 'Mapping', { target: functionIn(stack, 'Function', { timeout: Duration.seconds(20) }), eventSourceArn: queue.queueArn });
    const { visibilityTimeout } = queue.queue.node.defaultChild as sqs.CfnQueue;
    expect(stack.resolve(visibilityTimeout)).toBe(120);
    stack.node.tryRemoveChild('Inside');
    expect(stack.resolve(visibilityTimeout)).toBe(30);
  });

  test('is found without another walk through the app while nothing is added to it', () => {
    const { visibilityTimeout } = queue.queue.node.defaultChild as sqs.CfnQueue;
    const walks = jest.spyOn(stack.node.root.node, 'findAll');
    for (let times = 0; times < 3; times++) stack.resolve(visibilityTimeout);
    expect(walks).toHaveBeenCalledTimes(1);
    functionIn(stack);
    stack.resolve(visibilityTimeout);
    expect(walks).toHaveBeenCalledTimes(2);
  });

  test('can be 12 hours, the most that there is', () => {
    queue.registerConsumer({ timeout: Duration.hours(2) });
    expect(seconds()).toBe(43_200);
  });

  test('can be given, if it is long enough', () => {
    const given = new DurableQueue(stack, 'Given', { visibilityTimeout: Duration.minutes(6) });
    given.registerConsumer({ timeout: Duration.minutes(1) });
    expect(seconds(given)).toBe(360);
  });

  test('can be given as any value when no consumer is known', () => {
    expect(seconds(new DurableQueue(stack, 'Given', { visibilityTimeout: Duration.seconds(0) }))).toBe(0);
  });

  test('can be a token, which is not compared', () => {
    const given = new DurableQueue(stack, 'Given', {
      visibilityTimeout: Duration.seconds(new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber),
    });
    given.registerConsumer({ timeout: Duration.minutes(1) });
    expect(seconds(given)).toEqual({ Ref: 'Seconds' });
  });

  test('can be given where the timeout of a consumer is a token', () => {
    const given = new DurableQueue(stack, 'Given', { visibilityTimeout: Duration.minutes(1) });
    given.registerConsumer({ timeout: Duration.seconds(new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber) });
    expect(seconds(given)).toBe(60);
  });

  describe('fails synthesis when', () => {
    test('it is given and one second too short', () => {
      const given = new DurableQueue(stack, 'Given', { visibilityTimeout: Duration.seconds(379) });
      given.registerConsumer({ timeout: Duration.minutes(1), batchingWindow: Duration.seconds(20) });
      expect(() => Template.fromStack(stack)).toThrow("[Test/Given] 'visibilityTimeout' must be at least 6 minutes 20 seconds, which is 6 times the "
        + 'longest consumer timeout plus its batching window, got 6 minutes 19 seconds. Leave it out, and it follows the consumers');
    });

    test('it would be longer than 12 hours', () => {
      queue.registerConsumer({ timeout: Duration.hours(2), batchingWindow: Duration.seconds(1) });
      expect(() => Template.fromStack(stack)).toThrow("[Test/Orders] a consumer's timeout must be short enough that 6 times it plus its batching "
        + 'window is at most 12 hours, got 12 hours 1 second');
    });

    test.each(['timeout', 'batchingWindow'])('the %s of a consumer is a token and nothing is given', (name) => {
      const token = Duration.seconds(new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber);
      queue.registerConsumer({ timeout: Duration.seconds(1), [name]: token });
      expect(() => Template.fromStack(stack)).toThrow("[Test/Orders] 'visibilityTimeout' must be given, because the timeout or batching window of a "
        + 'consumer is known only at deployment');
    });
  });
});
