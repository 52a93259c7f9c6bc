import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { DurableQueue, QueueConsumer, type QueueConsumerProps } from '../../lib';
import { functionIn, keyIn, newStack, resolve, resourceOf, statementsIn } from './set-up';

const fifo = { fifo: true, deadLettersBreakOrder: true };
const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:imported';

describe('QueueConsumer', () => {
  let stack: Stack;
  let queue: sqs.IQueue;
  let handler: lambda.IFunction;
  const consumerWith = (props: Partial<QueueConsumerProps> = {}): QueueConsumer => new QueueConsumer(stack, 'Consumer', { queue, handler, ...props });
  const mappingWith = (props?: Partial<QueueConsumerProps>): ReturnType<typeof resourceOf> => resourceOf(consumerWith(props).eventSourceMapping);

  beforeEach(() => {
    stack = newStack();
    queue = new DurableQueue(stack, 'Orders');
    handler = functionIn(stack, 'Function', { timeout: Duration.seconds(20) });
  });

  test('calls the function with batches of up to 10, and takes partial batch responses, by default', () => {
    expect(mappingWith().Properties).toEqual({
      BatchSize: 10, Enabled: true, FunctionResponseTypes: ['ReportBatchItemFailures'],
      EventSourceArn: resolve(stack, queue.queueArn), FunctionName: resolve(stack, handler.functionName),
    });
  });

  test('passes each setting on', () => {
    expect(mappingWith({
      batchSize: 100, maxBatchingWindow: Duration.seconds(5), maxConcurrency: 7, enabled: false,
      filters: [lambda.FilterCriteria.filter({ body: { kind: lambda.FilterRule.isEqual('placed') as unknown } })],
    }).Properties).toMatchObject({
      BatchSize: 100, MaximumBatchingWindowInSeconds: 5, ScalingConfig: { MaximumConcurrency: 7 }, Enabled: false,
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["placed"]}}' }] },
    });
  });

  test('leaves partial batch responses off when told so', () => {
    expect(mappingWith({ reportBatchItemFailures: false }).Properties).not.toHaveProperty('FunctionResponseTypes');
  });

  test('exposes the queue and the function', () => {
    expect(consumerWith()).toMatchObject({ queue, handler });
  });

  test('lets the function receive and decrypt before the event source mapping is made', () => {
    queue = new DurableQueue(stack, 'Encrypted', { encryptionKey: keyIn(stack) });
    const { DependsOn } = mappingWith();
    const [policyId] = Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(DependsOn).toEqual([policyId]);
    expect(statementsIn(stack, 'AWS::IAM::Policy').flatMap(({ Action }) => Action)).toEqual([
      'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage', 'kms:Decrypt',
    ]);
  });

  describe('makes the visibility timeout follow', () => {
    test.each(['the DurableQueue', 'the queue inside of it'])('of %s', (which) => {
      const durable = queue as DurableQueue;
      consumerWith({ queue: which === 'the DurableQueue' ? durable : durable.queue, maxBatchingWindow: Duration.seconds(5) });
      expect(resourceOf(durable.queue).Properties.VisibilityTimeout).toBe(125);
    });

    test('of the dead-letter queue, which leaves the queue as it is', () => {
      const durable = queue as DurableQueue;
      consumerWith({ queue: durable.deadLetterQueue });
      expect([durable.queue, durable.deadLetterQueue].map((each) => resourceOf(each).Properties.VisibilityTimeout)).toEqual([30, 120]);
    });

    test('a function in another stack', () => {
      const other = new Stack(stack.node.root, 'Other', { env: { account: stack.account, region: stack.region } });
      new QueueConsumer(other, 'Consumer', { queue, handler: functionIn(other, 'Function', { timeout: Duration.minutes(2) }) });
      expect(resourceOf((queue as DurableQueue).queue).Properties.VisibilityTimeout).toBe(720);
    });

    test.each(['the DurableQueue', 'the queue inside of it'])('the timeout that is given for an imported function, on %s', (which) => {
      const durable = queue as DurableQueue;
      const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
      consumerWith({
        queue: which === 'the DurableQueue' ? durable : durable.queue,
        handler: lambda.Function.fromFunctionAttributes(stack, 'Imported', { functionArn, role }), handlerTimeout: Duration.minutes(1),
      });
      expect(resourceOf(durable.queue).Properties.VisibilityTimeout).toBe(360);
    });
  });

  describe('on a plain queue', () => {
    test('accepts a visibility timeout that is long enough', () => {
      queue = new sqs.Queue(stack, 'Plain', { visibilityTimeout: Duration.seconds(120) });
      expect(() => mappingWith()).not.toThrow();
    });

    test('which is the dead-letter queue of a DurableQueue, registers nothing with that', () => {
      const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
      const durable = queue as DurableQueue;
      consumerWith({
        queue: durable.deadLetterQueue, handlerTimeout: Duration.minutes(1),
        handler: lambda.Function.fromFunctionAttributes(stack, 'Imported', { functionArn, role }),
      });
      expect(resourceOf(durable.queue).Properties.VisibilityTimeout).toBe(30);
    });

    test('accepts one that is a token, and an imported queue, where it cannot be read', () => {
      const visibilityTimeout = Duration.seconds(new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber);
      consumerWith({ queue: new sqs.Queue(stack, 'Plain', { visibilityTimeout }) });
      new QueueConsumer(stack, 'Other', { queue: sqs.Queue.fromQueueArn(stack, 'Imported', 'arn:aws:sqs:eu-west-1:111122223333:q'), handler });
      expect(() => Template.fromStack(stack)).not.toThrow();
    });

    test.each([
      ['too short', Duration.seconds(119), '1 minute 59 seconds'],
      ['the 30 seconds of SQS', undefined, '30 seconds'],
    ])('fails synthesis when it is %s', (_case, visibilityTimeout, got) => {
      queue = new sqs.Queue(stack, 'Plain', { visibilityTimeout });
      expect(() => mappingWith()).toThrow("[Test/Consumer] 'visibilityTimeout' must be at least 2 minutes, which is 6 times the longest consumer timeout "
        + `plus its batching window, got ${got}. Make 'Test/Plain' a DurableQueue, and it follows its consumers`);
    });
  });

  describe('fails synthesis when the queue has another consumer', () => {
    const message = (other: string): string => `[Test/Consumer] the queue 'Test/Orders' must have one consumer, but '${other}' consumes it too: they would `
      + 'compete for messages. Give each a queue of its own, subscribed to one FanOutTopic';

    test('which is a QueueConsumer', () => {
      new QueueConsumer(stack, 'Second', { queue, handler: functionIn(stack, 'Other') });
      expect(() => mappingWith()).toThrow(message('Test/Second/Resource'));
    });

    test('which is an SqsEventSource', () => {
      functionIn(stack, 'Other').addEventSource(new sources.SqsEventSource(queue));
      expect(() => mappingWith()).toThrow(message('Test/Other/SqsEventSource:TestOrdersC225794E'));
    });
  });

  describe('accepts', () => {
    test.each<[string, Partial<QueueConsumerProps>]>([
      ['the largest batch with the shortest window that it needs', { batchSize: 10_000, maxBatchingWindow: Duration.seconds(1) }],
      ['a batch of 10 without a window', { batchSize: 10 }],
      ['the longest window', { maxBatchingWindow: Duration.seconds(300) }],
      ['the lowest and highest concurrency', { maxConcurrency: 2 }],
      ['the highest concurrency', { maxConcurrency: 1000 }],
      ['10 filters', { filters: Array.from({ length: 10 }, () => ({ pattern: '{}' })) }],
    ])('%s', (_case, props) => {
      expect(() => mappingWith(props)).not.toThrow();
    });

    test('tokens', () => {
      const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
      const plain = new sqs.Queue(stack, 'Plain', { visibilityTimeout: Duration.hours(1) });
      expect(() => consumerWith({ queue: plain, batchSize: number, maxConcurrency: number })).not.toThrow();
    });

    test('a concurrency that the function has reserved', () => {
      expect(() => consumerWith({ maxConcurrency: 5, handler: functionIn(stack, 'Reserved', { reservedConcurrentExecutions: 5 }) })).not.toThrow();
    });
  });

  describe('fails when', () => {
    test.each<[string, Partial<QueueConsumerProps>, string]>([
      ['the batch is too small', { batchSize: 0 }, "'batchSize' must be from 1 to 10000, got 0"],
      ['the batch is too large', { batchSize: 10_001, maxBatchingWindow: Duration.seconds(1) }, "'batchSize' must be from 1 to 10000, got 10001"],
      ['a large batch has no window', { batchSize: 11 }, "'maxBatchingWindow' must be at least 1 second with a 'batchSize' above 10, got a 'batchSize' of 11"],
      ['a large batch has a window of zero', { batchSize: 11, maxBatchingWindow: Duration.seconds(0) }, "'maxBatchingWindow' must be at least 1 second"],
      ['the window is too long', { maxBatchingWindow: Duration.seconds(301) },
        "'maxBatchingWindow' must be from 0 seconds to 5 minutes, got 5 minutes 1 second"],
      ['the concurrency is too low', { maxConcurrency: 1 }, "'maxConcurrency' must be from 2 to 1000, got 1"],
      ['the concurrency is too high', { maxConcurrency: 1001 }, "'maxConcurrency' must be from 2 to 1000, got 1001"],
      ['there are too many filters', { filters: Array.from({ length: 11 }, () => ({})) }, "'filters' must have at most 10 patterns, got 11"],
      ['a timeout is given that can be read', { handlerTimeout: Duration.seconds(5) },
        "'handlerTimeout' must be left out, because the timeout of this handler is read from it"],
    ])('%s', (_case, props, message) => {
      expect(() => consumerWith(props)).toThrow(`Test/Consumer: ${message}`);
    });

    test('a FIFO queue has a large batch or a window', () => {
      queue = new DurableQueue(stack, 'Payments', fifo);
      expect(() => consumerWith({ batchSize: 11, maxBatchingWindow: Duration.seconds(1) })).toThrow([
        'Test/Consumer: 2 rules do not hold:',
        "  - 'batchSize' must be from 1 to 10, got 11",
        "  - 'maxBatchingWindow' must be left out on a FIFO queue: Lambda has none there",
      ].join('\n'));
    });

    test('the concurrency is more than the function has reserved', () => {
      expect(() => consumerWith({ maxConcurrency: 6, handler: functionIn(stack, 'Reserved', { reservedConcurrentExecutions: 5 }) }))
        .toThrow("'maxConcurrency' must be at most the reserved concurrency of the function, 5, got 6");
    });

    test('an imported function has neither a role nor a timeout', () => {
      expect(() => consumerWith({ handler: lambda.Function.fromFunctionArn(stack, 'Imported', functionArn) })).toThrow([
        'Test/Consumer: 2 rules do not hold:',
        "  - 'handler' must have a role, which must be let receive messages: import it with lambda.Function.fromFunctionAttributes and its role",
        "  - 'handlerTimeout' must be given, because the timeout of this handler cannot be read",
      ].join('\n'));
    });

    test('the given timeout is too long', () => {
      const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
      const imported = lambda.Function.fromFunctionAttributes(stack, 'Imported', { functionArn, role });
      expect(() => consumerWith({ handler: imported, handlerTimeout: Duration.minutes(16) }))
        .toThrow("Test/Consumer: 'handlerTimeout' must be from 1 second to 15 minutes, got 16 minutes");
    });
  });
});
