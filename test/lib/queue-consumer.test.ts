import { Annotations, CfnParameter, Duration, Fn, Stack } from 'aws-cdk-lib';
import { Annotations as FoundAnnotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { DurableQueue, QueueConsumer, type QueueConsumerProps } from '../../lib';
import { functionIn, importedKeyIn, keyIn, newStack, resolve, resourceOf, statementsIn } from './set-up';

const fifo = { fifo: true, deadLettersBreakOrder: true };
const filtersOf = (length: number): { pattern: string }[] => Array.from({ length }, (_, index) => ({ pattern: `{"body":{"kind":[${index}]}}` }));
const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:imported';

/** Synthesis writes warnings to the console. */
function quietly<Result>(work: () => Result): Result {
  const written = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    return work();
  } finally {
    written.mockRestore();
  }
}

describe('QueueConsumer', () => {
  let stack: Stack;
  let queue: sqs.IQueue;
  let handler: lambda.IFunction;
  const consumerWith = (props: Partial<QueueConsumerProps> = {}): QueueConsumer => new QueueConsumer(stack, 'Consumer', { queue, handler, ...props });
  const mappingWith = (props?: Partial<QueueConsumerProps>): ReturnType<typeof resourceOf> => resourceOf(consumerWith(props).eventSourceMapping);

  const warnings = (): ReturnType<FoundAnnotations['findWarning']> => quietly(() => FoundAnnotations.fromStack(stack).findWarning('*', Match.anyValue()));

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

  describe('in provisioned mode', () => {
    test.each<[Partial<QueueConsumerProps>, object]>([
      [{ minimumPollers: 3, maximumPollers: 7 }, { MinimumPollers: 3, MaximumPollers: 7 }],
      [{ minimumPollers: 3 }, { MinimumPollers: 3 }],
      [{ maximumPollers: 7 }, { MaximumPollers: 7 }],
    ])('with %j has the pollers %j', (props, pollers) => {
      expect(mappingWith(props).Properties.ProvisionedPollerConfig).toEqual(pollers);
    });
  });

  test('asks for the metrics of the mapping when told so', () => {
    expect(mappingWith({ mappingMetrics: true }).Properties.MetricsConfig).toEqual({ Metrics: ['EventCount'] });
  });

  describe('with a key for the filters', () => {
    const filters = filtersOf(1);
    const forFilters = ({ Principal }: Record<string, unknown>): boolean => JSON.stringify(Principal).includes('lambda');

    test('lets Lambda decrypt with it for the mappings of the account and region, nothing more', () => {
      const filterEncryption = keyIn(stack);
      expect(mappingWith({ filters, filterEncryption }).Properties.KmsKeyArn).toEqual(resolve(stack, filterEncryption.keyArn));
      expect(statementsIn(stack, 'AWS::KMS::Key', 'KeyPolicy').filter(forFilters)).toEqual([{
        Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*', Principal: { Service: 'lambda.eu-west-1.amazonaws.com' },
        Condition: {
          ArnLike: { 'aws:SourceArn': 'arn:aws:lambda:eu-west-1:111122223333:event-source-mapping:*' },
        },
      }]);
    });

    test('names the region of deployment in a stack without an environment', () => {
      stack = newStack({});
      new QueueConsumer(stack, 'Consumer', { queue: new DurableQueue(stack, 'Queue'), handler: functionIn(stack), filters, filterEncryption: keyIn(stack) });
      expect(statementsIn(stack, 'AWS::KMS::Key', 'KeyPolicy').find(forFilters)!.Principal)
        .toEqual({ Service: { 'Fn::Join': ['', ['lambda.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } });
    });

    test('makes no cycle where the key encrypts queue and function too', () => {
      const key = keyIn(stack);
      queue = new DurableQueue(stack, 'Encrypted', { encryptionKey: key });
      handler = functionIn(stack, 'EncryptedFunction', { environment: { NAME: 'value' }, environmentEncryption: key });
      expect(() => mappingWith({ filters, filterEncryption: key })).not.toThrow();
    });

    test('warns of an imported key, with the statement that its policy needs', () => {
      consumerWith({ filters, filterEncryption: importedKeyIn(stack) });
      const [{ entry }, ...others] = warnings();
      expect(others).toEqual([]);
      for (const part of ['kms:Decrypt', 'lambda.eu-west-1.amazonaws.com', 'event-source-mapping:*', '[ack: cdk-messaging:filterKeyPolicy]']) {
        expect(entry.data).toContain(part);
      }
    });

    test('fails when there are no filters', () => {
      expect(() => consumerWith({ filterEncryption: keyIn(stack) })).toThrow("'filterEncryption' must be left out without 'filters'");
    });

    test('fails when AWS manages the key', () => {
      const filterEncryption = kms.Alias.fromAliasName(stack, 'Managed', 'alias/aws/lambda');
      expect(() => consumerWith({ filters, filterEncryption })).toThrow("'filterEncryption' must be a customer key");
    });
  });

  describe('warns of', () => {
    const reserved = (): lambda.Function => functionIn(stack, 'Reserved', { reservedConcurrentExecutions: 3 });
    const id = 'cdk-messaging:reservedConcurrencyWithLowReceiveCount';

    test('more filters than an account may have without asking', () => {
      consumerWith({ filters: filtersOf(6) });
      expect(warnings().map(({ entry }) => entry.data)).toEqual([expect.stringMatching(/has 6 patterns.*quota of 5.*moreFiltersThanDefaultQuota/)]);
    });

    test.each<[string, () => sqs.IQueue]>([
      ['a DurableQueue', () => new DurableQueue(stack, 'Low', { maxReceiveCount: 4 })],
      ['the queue inside of one', () => new DurableQueue(stack, 'Low', { maxReceiveCount: 4 }).queue],
      ['a plain queue', () => new sqs.Queue(stack, 'Low', {
        visibilityTimeout: Duration.minutes(2), deadLetterQueue: { queue: new sqs.Queue(stack, 'Dead'), maxReceiveCount: 4 },
      })],
    ])('reserved concurrency with a low receive count of %s', (_case, low) => {
      consumerWith({ queue: low(), handler: reserved() });
      expect(warnings().map(({ entry }) => entry.data)).toEqual([expect.stringMatching(`reserved concurrency of 3, and the queue a maxReceiveCount of 4.*${id}`)]);
    });

    test.each<[string, () => lambda.IFunction]>([
      ['a version', () => reserved().currentVersion],
      ['an alias', () => new lambda.Alias(stack, 'Alias', { aliasName: 'live', version: reserved().currentVersion })],
    ])('reserved concurrency of the function behind %s', (_case, behind) => {
      consumerWith({ queue: new DurableQueue(stack, 'Low', { maxReceiveCount: 4 }), handler: behind() });
      expect(warnings().map(({ entry }) => entry.data)).toEqual([expect.stringMatching(id)]);
    });

    test('nothing once that is acknowledged', () => {
      const consumer = consumerWith({ queue: new DurableQueue(stack, 'Low', { maxReceiveCount: 4 }), handler: reserved() });
      Annotations.of(consumer).acknowledgeWarning(id);
      expect(warnings()).toEqual([]);
    });

    test.each<[string, () => Partial<QueueConsumerProps>]>([
      ['the queue is received from five times', () => ({ handler: reserved() })],
      ['the concurrency is limited without throttling', () => (
        { queue: new DurableQueue(stack, 'Low', { maxReceiveCount: 1 }), handler: reserved(), maxConcurrency: 3 }
      )],
      ['nothing is reserved', () => ({ queue: new DurableQueue(stack, 'Low', { maxReceiveCount: 1 }) })],
      ['there are as many filters as every account may have', () => ({ filters: filtersOf(5) })],
      ['the queue has no dead-letter queue', () => (
        { queue: new sqs.Queue(stack, 'Plain', { visibilityTimeout: Duration.minutes(2) }), handler: reserved() }
      )],
    ])('nothing where %s', (_case, props) => {
      consumerWith(props());
      expect(warnings()).toEqual([]);
    });
  });

  describe('takes a function of any runtime', () => {
    test('in Python', () => {
      handler = functionIn(stack, 'Python', {
        runtime: lambda.Runtime.PYTHON_3_13, timeout: Duration.seconds(10), code: lambda.Code.fromInline('def handler(event, context): return None'),
      });
      expect(mappingWith().Properties.FunctionName).toEqual(resolve(stack, handler.functionName));
      expect(resourceOf((queue as DurableQueue).queue).Properties.VisibilityTimeout).toBe(60);
    });

    test('imported with its role, which is let receive before the mapping is made', () => {
      const role = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/consumer');
      handler = lambda.Function.fromFunctionAttributes(stack, 'Imported', { functionArn, role });
      const { Properties, DependsOn } = mappingWith({ handlerTimeout: Duration.minutes(1) });
      expect(Properties.FunctionName).toBe('imported');
      const [policyId] = Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
      expect(DependsOn).toEqual([policyId]);
    });
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

    test.each(['the DurableQueue', 'the queue inside of it'])('the timeout that is given for an imported function and its window, on %s', (which) => {
      const durable = queue as DurableQueue;
      const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
      consumerWith({
        queue: which === 'the DurableQueue' ? durable : durable.queue,
        handler: lambda.Function.fromFunctionAttributes(stack, 'Imported', { functionArn, role }), handlerTimeout: Duration.minutes(1),
        maxBatchingWindow: Duration.seconds(7),
      });
      expect(resourceOf(durable.queue).Properties.VisibilityTimeout).toBe(367);
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

  test('fails synthesis once when the visibility timeout of a DurableQueue is too short, also where the queue inside of it is consumed', () => {
    const durable = new DurableQueue(stack, 'Short', { visibilityTimeout: Duration.seconds(119) });
    const failure = (): string => {
      try {
        mappingWith({ queue: durable.queue });
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    expect(failure()).toContain("[Test/Short] 'visibilityTimeout' must be at least 2 minutes");
    expect(failure()).not.toContain('[Test/Consumer]');
  });

  describe('fails synthesis when the queue has another consumer', () => {
    const message = (other: string): string => `[Test/Consumer] the queue 'Test/Orders' must have one consumer, but '${other}' consumes it too: they would `
      + 'compete for messages. Give each a queue of its own, subscribed to one FanOutTopic';

    test('which is a QueueConsumer', () => {
      new QueueConsumer(stack, 'Second', { queue, handler: functionIn(stack, 'Other') });
      expect(() => mappingWith()).toThrow(message('Test/Second/Resource'));
    });

    test('which consumes the queue inside of the DurableQueue', () => {
      new QueueConsumer(stack, 'Second', { queue: (queue as DurableQueue).queue, handler: functionIn(stack, 'Other') });
      expect(() => mappingWith()).toThrow(message('Test/Second/Resource'));
    });

    test('which is in another stack of the app, and knows the queue by its ARN alone', () => {
      const imported = (scope: Stack): sqs.IQueue => sqs.Queue.fromQueueArn(scope, 'Imported', 'arn:aws:sqs:eu-west-1:111122223333:orders');
      const other = new Stack(stack.node.root, 'Other', { env: { account: stack.account, region: stack.region } });
      new QueueConsumer(other, 'Second', { queue: imported(other), handler: functionIn(other) });
      expect(() => mappingWith({ queue: imported(stack) }))
        .toThrow("the queue 'Test/Imported' must have one consumer, but 'Other/Second/Resource' consumes it too");
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
      ['5 filters', { filters: filtersOf(5) }],
      ['a filter of 4,096 characters', { filters: [{ pattern: '{'.padEnd(4095, ' ') + '}' }] }],
      ['the lowest pollers', { minimumPollers: 2, maximumPollers: 2 }],
      ['the highest pollers', { minimumPollers: 200, maximumPollers: 2000 }],
    ])('%s', (_case, props) => {
      expect(() => mappingWith(props)).not.toThrow();
    });

    test('tokens', () => {
      const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
      const plain = new sqs.Queue(stack, 'Plain', { visibilityTimeout: Duration.hours(1) });
      expect(() => consumerWith({ queue: plain, batchSize: number, maxConcurrency: number })).not.toThrow();
      const pollers = { minimumPollers: number, maximumPollers: number, filters: [{ pattern: Fn.ref('Pattern') }] };
      expect(() => new QueueConsumer(stack, 'Polled', { queue: plain, handler, ...pollers })).not.toThrow();
      const windowed = { batchSize: 11, maxBatchingWindow: Duration.seconds(number) };
      expect(() => new QueueConsumer(stack, 'Windowed', { queue: plain, handler, ...windowed })).not.toThrow();
    });

    test('a filter whose text is long only until its tokens are known', () => {
      const pattern = Array.from({ length: 400 }, (_, index) => Fn.ref(`Part${index}`)).join('');
      expect(pattern.length).toBeGreaterThan(4096);
      expect(() => consumerWith({ filters: [{ pattern }] })).not.toThrow();
    });

    test('10 filters', () => {
      expect(() => consumerWith({ filters: filtersOf(10) })).not.toThrow();
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
      ['there are too many filters', { filters: filtersOf(11) }, "'filters' must have at most 10 patterns, got 11"],
      ['a filter is not made by FilterCriteria', { filters: [{ body: { kind: ['placed'] } }] }, "'filters' must be made by lambda.FilterCriteria.filter"],
      ['a filter is too long', { filters: [{ pattern: 'x' }, { pattern: 'x'.repeat(4097) }] },
        "'filters' must have patterns of at most 4096 characters, got 4097"],
      ['the fewest pollers are too few', { minimumPollers: 1 }, "'minimumPollers' must be from 2 to 200, got 1"],
      ['the fewest pollers are too many', { minimumPollers: 201 }, "'minimumPollers' must be from 2 to 200, got 201"],
      ['the most pollers are too few', { maximumPollers: 1 }, "'maximumPollers' must be from 2 to 2000, got 1"],
      ['the most pollers are too many', { maximumPollers: 2001 }, "'maximumPollers' must be from 2 to 2000, got 2001"],
      ['the fewest pollers are more than the most', { minimumPollers: 9, maximumPollers: 8 },
        "'minimumPollers' must be at most 'maximumPollers', 8, got 9"],
      ['pollers have a concurrency beside them', { minimumPollers: 2, maxConcurrency: 2 },
        "'maxConcurrency' must be left out with 'minimumPollers' or 'maximumPollers'"],
      ['the most pollers have a concurrency beside them', { maximumPollers: 2, maxConcurrency: 2 },
        "'maxConcurrency' must be left out with 'minimumPollers' or 'maximumPollers'"],
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

    test.each([
      ['a plain one', () => new sqs.Queue(stack, 'Fifo', { fifo: true, visibilityTimeout: Duration.minutes(2) })],
      ['an imported one', () => sqs.Queue.fromQueueArn(stack, 'Fifo', 'arn:aws:sqs:eu-west-1:111122223333:payments.fifo')],
    ])('a FIFO queue, %s, has a large batch', (_case, fifoQueue) => {
      queue = fifoQueue();
      expect(() => consumerWith({ batchSize: 11 })).toThrow("Test/Consumer: 'batchSize' must be from 1 to 10, got 11");
    });

    test('the concurrency is more than the function behind an alias has reserved', () => {
      const { currentVersion: version } = functionIn(stack, 'Reserved', { reservedConcurrentExecutions: 5 });
      expect(() => consumerWith({ maxConcurrency: 6, handler: new lambda.Alias(stack, 'Alias', { aliasName: 'live', version }) }))
        .toThrow("'maxConcurrency' must be at most the reserved concurrency of the function, 5, got 6");
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
