import { App, CfnOutput, CfnParameter, Duration, NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnPermission, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { CfnSubscription, CfnTopic, Subscription, SubscriptionFilter, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { CfnQueuePolicy, Queue } from 'aws-cdk-lib/aws-sqs';
import { Simulation } from '../../../simulator';
import { documented } from '../documented';

let simulation: Simulation;

afterEach(() => simulation.stop());

function shop(define: (stack: Stack) => void): Stack {
  const stack = new Stack(new App(), 'Shop');
  define(stack);
  return stack;
}

const start = async (define: (stack: Stack) => void) => { simulation = await Simulation.start(shop(define)); };
const update = (define: (stack: Stack) => void) => simulation.update(shop(define));
const bodies = (path: string) => simulation.queue(path).messages.map(({ body }) => body);
const inline = (stack: Stack, code: string) => (
  new LambdaFunction(stack, 'Worker', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(code) })
);

/**
 * Sources:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queuepolicy.html
 */
documented('a queue', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html', () => {
  test('keeps its messages when its visibility timeout changes', async () => {
    await start((stack) => void new Queue(stack, 'Work'));
    const { arn } = simulation.queue('Work');
    await simulation.queue('Work').send('kept');
    await update((stack) => void new Queue(stack, 'Work', { visibilityTimeout: Duration.minutes(3) }));
    expect(simulation.queue('Work').arn).toBe(arn);
    expect(bodies('Work')).toEqual(['kept']);
  });

  test('is another one when its name changes, and its consumer polls the new one', async () => {
    const define = (queueName: string) => (stack: Stack) => {
      inline(stack, 'exports.handler = async () => {};').addEventSource(new SqsEventSource(new Queue(stack, 'Work', { queueName })));
    };
    await start(define('one'));
    await update(define('two'));
    expect(simulation.queues.map(({ name }) => name)).toEqual(['two']);
    await simulation.queue('Work').send('processed');
    await simulation.advance(Duration.minutes(1));
    expect(simulation.queue('Work').tally.deleted).toBe(1);
  });

  test('without its policy is delivered to no longer', async () => {
    const define = (policy: boolean) => (stack: Stack) => {
      const topic = new Topic(stack, 'News');
      const queue = new Queue(stack, 'Work');
      new CfnSubscription(stack, 'Subscription', { topicArn: topic.topicArn, protocol: 'sqs', endpoint: queue.queueArn, rawMessageDelivery: true });
      if (!policy) return;
      new CfnQueuePolicy(stack, 'Policy', {
        queues: [queue.queueUrl],
        policyDocument: { Statement: [{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: queue.queueArn }] },
      });
    };
    await start(define(true));
    await simulation.topic('News').publish('first');
    await simulation.advance(Duration.seconds(1));
    await update(define(false));
    await simulation.topic('News').publish('second');
    await simulation.advance(Duration.seconds(1));
    expect(bodies('Work')).toEqual(['first']);
    expect(simulation.denials).toMatchObject([{ action: 'sqs:SendMessage' }]);
  });
});

documented('a subscription', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html', () => {
  const define = (kind?: string) => (stack: Stack) => {
    const topic = new Topic(stack, 'News');
    const queue = new Queue(stack, 'Work');
    if (kind === undefined) return;
    topic.addSubscription(new SqsSubscription(queue, {
      rawMessageDelivery: true, filterPolicy: { kind: SubscriptionFilter.stringFilter({ allowlist: [kind] }) },
    }));
  };
  const publish = async (body: string, kind: string) => {
    await simulation.topic('News').publish(body, { attributes: { kind } });
    await simulation.advance(Duration.seconds(1));
  };

  test('has its filter policy changed in place', async () => {
    await start(define('a'));
    await publish('one', 'a');
    const { Shop } = await update(define('b'));
    expect(Shop).toMatchObject([{ action: 'Modify', replacement: 'False', properties: ['FilterPolicy'] }]);
    await publish('two', 'a');
    await publish('three', 'b');
    expect(bodies('Work').sort()).toEqual(['one', 'three']);
  });

  test('that is removed delivers no longer', async () => {
    await start(define('a'));
    await update(define());
    await publish('one', 'a');
    expect(bodies('Work')).toEqual([]);
    expect(simulation.denials).toEqual([]);
  });

  test('of a topic\'s own list may be gone already when the list changes', async () => {
    const topic = (...addresses: string[]) => (stack: Stack) => {
      new CfnTopic(stack, 'News', { subscription: addresses.map((endpoint) => ({ protocol: 'email', endpoint })) });
    };
    await start(topic('one@example.com', 'two@example.com'));
    const request = (parameters: Record<string, string>) => fetch(simulation.endpoint, { method: 'POST', body: new URLSearchParams(parameters) });
    const listed = await (await request({ Action: 'ListSubscriptionsByTopic', TopicArn: simulation.topic('News').arn })).text();
    const [, SubscriptionArn] = /<SubscriptionArn>([^<]+)<\/SubscriptionArn>(?:(?!<member>)[^])*two@example\.com/.exec(listed.slice(listed.lastIndexOf('<member>')))!;
    expect((await request({ Action: 'Unsubscribe', SubscriptionArn })).status).toBe(200);
    await update(topic('three@example.com'));
    await publish('news', 'a');
    expect(simulation.topic('News').deliveries('three@example.com')).toHaveLength(1);
    for (const gone of ['one@example.com', 'two@example.com']) expect(() => simulation.topic('News').deliveries(gone)).toThrow('is not subscribed');
  });

  test('to another address replaces the former one', async () => {
    const mail = (endpoint: string) => (stack: Stack) => {
      new Subscription(stack, 'Mail', { topic: new Topic(stack, 'News'), protocol: SubscriptionProtocol.EMAIL, endpoint });
    };
    await start(mail('one@example.com'));
    await update(mail('two@example.com'));
    await publish('news', 'a');
    expect(simulation.topic('News').deliveries('two@example.com')).toHaveLength(1);
    expect(() => simulation.topic('News').deliveries('one@example.com')).toThrow('is not subscribed');
  });
});

/**
 * Sources:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
 */
documented('a function', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html', () => {
  const invoke = async () => {
    const result = simulation.function('Worker').invoke({});
    await simulation.advance(Duration.seconds(1));
    return (await result).payload;
  };
  const counting = (start: number) => `let count = ${start}; exports.handler = async () => ++count;`;

  test('stays warm through an update that does not concern it', async () => {
    await start((stack) => void inline(stack, counting(0)));
    expect(await invoke()).toBe(1);
    await update((stack) => { inline(stack, counting(0)); new Queue(stack, 'New'); });
    expect(await invoke()).toBe(2);
  });

  test('runs its new code from the next invocation on', async () => {
    await start((stack) => void inline(stack, counting(0)));
    expect(await invoke()).toBe(1);
    await update((stack) => void inline(stack, counting(100)));
    expect(await invoke()).toBe(101);
  });

  test('ends what runs with its former code, and only that', async () => {
    const slow = (start: number) => `let count = ${start}; exports.handler = async () => { await new Promise((end) => setTimeout(end, 2000)); return ++count; };`;
    await start((stack) => void inline(stack, slow(0)));
    const running = simulation.function('Worker').invoke({});
    await simulation.advance(Duration.seconds(1));
    await update((stack) => void inline(stack, slow(100)));
    await simulation.advance(Duration.seconds(2));
    expect((await running).payload).toBe(1);
    const next = simulation.function('Worker').invoke({});
    await simulation.advance(Duration.seconds(3));
    expect((await next).payload).toBe(101);
  });

  test('keeps the handler that a test supplied', async () => {
    const handler = () => Promise.resolve('supplied');
    simulation = await Simulation.start(shop((stack) => void inline(stack, counting(0))), { handlers: { Worker: handler } });
    await update((stack) => void inline(stack, counting(100)));
    expect(await invoke()).toBe('supplied');
  });

  test('is no longer invoked when its event source mapping is removed', async () => {
    const define = (mapped: boolean) => (stack: Stack) => {
      const queue = new Queue(stack, 'Work');
      const worker = inline(stack, 'exports.handler = async () => {};');
      queue.grantConsumeMessages(worker);
      if (mapped) worker.addEventSourceMapping('Mapping', { eventSourceArn: queue.queueArn });
    };
    await start(define(true));
    await update(define(false));
    await simulation.queue('Work').send('waits');
    await simulation.advance(Duration.minutes(5));
    expect(bodies('Work')).toEqual(['waits']);
    await update(define(true));
    await simulation.advance(Duration.minutes(5));
    expect(bodies('Work')).toEqual([]);
  });

  test('refuses callers when its permission is removed', async () => {
    const define = (allowed: boolean) => (stack: Stack) => {
      const { topicArn } = new Topic(stack, 'News');
      const { functionArn } = inline(stack, 'exports.handler = async () => {};');
      new CfnSubscription(stack, 'Subscription', { topicArn, protocol: 'lambda', endpoint: functionArn });
      if (!allowed) return;
      new CfnPermission(stack, 'Permission', { action: 'lambda:InvokeFunction', functionName: functionArn, principal: 'sns.amazonaws.com', sourceArn: topicArn });
    };
    await start(define(true));
    await simulation.topic('News').publish('one');
    await simulation.advance(Duration.seconds(5));
    const { Shop } = await update(define(false));
    expect(Shop).toMatchObject([{ action: 'Remove', type: 'AWS::Lambda::Permission' }]);
    await simulation.topic('News').publish('two');
    await simulation.advance(Duration.seconds(5));
    expect(simulation.function('Worker').tally.invocations).toBe(1);
    expect(simulation.denials[0]).toMatchObject({ action: 'lambda:InvokeFunction' });
  });
});

/**
 * Sources:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_s3.Bucket.html
 */
documented('a bucket', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html', () => {
  const define = (autoDeleteObjects: boolean) => (stack: Stack) => (
    void new Bucket(stack, 'Uploads', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects, versioned: true })
  );

  test('with objects is not deleted, and the error says so', async () => {
    await start(define(false));
    simulation.bucket('Uploads').put('key', 'text');
    await expect(simulation.destroy()).rejects.toThrow('Shop/Uploads/Resource (AWS::S3::Bucket) cannot be deleted: The bucket you tried to delete is not empty');
    expect(simulation.bucket('Uploads').objects).toHaveLength(1);
  });

  test('that deletes its objects by itself is emptied, all versions of them', async () => {
    await start(define(true));
    simulation.bucket('Uploads').put('key', 'one');
    simulation.bucket('Uploads').put('key', 'two');
    await simulation.destroy();
    expect(simulation.buckets).toEqual([]);
  });

  test('is not emptied by an update that takes the automatic deletion away', async () => {
    await start(define(true));
    simulation.bucket('Uploads').put('key', 'one');
    await update(define(false));
    expect(simulation.bucket('Uploads').objects).toHaveLength(1);
  });

  test('notifies no longer when the notification is removed', async () => {
    const notifying = (notified: boolean) => (stack: Stack) => {
      const queue = new Queue(stack, 'Work');
      const bucket = new Bucket(stack, 'Uploads');
      if (notified) bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(queue));
    };
    await start(notifying(true));
    const before = bodies('Work').length; // the test event
    await update(notifying(false));
    simulation.bucket('Uploads').put('key', 'text');
    await simulation.advance(Duration.seconds(1));
    expect(bodies('Work')).toHaveLength(before);
    expect(simulation.denials).toEqual([]);
  });
});

documented('an alarm', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html', () => {
  test('an alarm keeps its state when its description changes, and is evaluated by a new threshold', async () => {
    const define = (threshold: number, alarmDescription: string) => (stack: Stack) => {
      const metric = new Queue(stack, 'Work').metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' });
      new Alarm(stack, 'Depth', { metric, threshold, evaluationPeriods: 1, alarmDescription });
    };
    await start(define(1, 'one'));
    await simulation.queue('Work').send('a');
    await simulation.advance(Duration.minutes(3));
    await update(define(1, 'two'));
    expect(simulation.alarm('Depth').state).toBe('ALARM');
    expect(simulation.alarm('Depth').history).toHaveLength(1);
    await update(define(5, 'two'));
    await simulation.advance(Duration.minutes(3));
    expect(simulation.alarm('Depth').state).toBe('OK');
  });
});

documented('a nested stack', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html', () => {
  const define = (visibilityTimeout: Duration) => (stack: Stack) => {
    const nested = new NestedStack(stack, 'Inner', { parameters: { Text: 'from outside' } });
    const text = new CfnParameter(nested, 'Text');
    const queue = new Queue(nested, 'Work', { visibilityTimeout });
    new Queue(stack, 'Work', { deadLetterQueue: { queue, maxReceiveCount: 3 } });
    new CfnOutput(nested, 'Given', { value: text.valueAsString });
    new CfnOutput(stack, 'InnerQueue', { value: queue.queueName });
  };

  test('is created with its parameters, and its outputs reach the outer stack', async () => {
    await start(define(Duration.seconds(30)));
    expect(simulation.queues.map(({ path }) => path).sort()).toEqual(['Inner/Work', 'Work']);
    expect(simulation.outputs('Shop')).toEqual({ InnerQueue: simulation.queue('Inner/Work').name });
  });

  test('is updated with its outer stack, and what is in it keeps its state', async () => {
    await start(define(Duration.seconds(30)));
    await simulation.queue('Inner/Work').send('kept');
    expect(await update(define(Duration.seconds(30)))).toEqual({ Shop: [] });
    const { Shop } = await update(define(Duration.minutes(2)));
    expect(Shop).toMatchObject([{ action: 'Modify', type: 'AWS::CloudFormation::Stack', properties: ['TemplateURL'] }]);
    expect(bodies('Inner/Work')).toEqual(['kept']);
  });

  test('is deleted with its outer stack', async () => {
    await start(define(Duration.seconds(30)));
    await simulation.destroy('Shop');
    expect(simulation.queues).toEqual([]);
  });

  test('that fails names what failed, and the outer stack is rolled back', async () => {
    await start(define(Duration.seconds(30)));
    await simulation.queue('Inner/Work').send('kept');
    await expect(update((stack) => {
      const nested = new NestedStack(stack, 'Inner', { parameters: { Text: 'from outside' } });
      new CfnParameter(nested, 'Text');
      new Queue(nested, 'Work', { visibilityTimeout: Duration.minutes(1) });
      new Queue(nested, 'Wrong', { queueName: 'not a name' });
    })).rejects.toThrow('Shop/Inner/Wrong/Resource (AWS::SQS::Queue) cannot be created');
    expect(bodies('Inner/Work')).toEqual(['kept']);
    expect(simulation.queues).toHaveLength(2);
  });
});

describe('the parameters of a simulation', () => {
  const define = (stack: Stack) => {
    const name = new CfnParameter(stack, 'Name', { allowedPattern: '[a-z]+' });
    new Queue(stack, 'Work', { queueName: name.valueAsString });
  };

  test.each([[{ Name: 'one' }], [{ Shop: { Name: 'one' } }]])('are given for all stacks or for one: %j', async (parameters) => {
    simulation = await Simulation.start(shop(define), { parameters });
    expect(simulation.queue('Work').name).toBe('one');
  });

  test('keep their values in an update that does not name them', async () => {
    simulation = await Simulation.start(shop(define), { parameters: { Name: 'one' } });
    expect(await simulation.update(shop(define))).toEqual({ Shop: [] });
    await simulation.update(shop(define), { parameters: { Name: 'two' } });
    expect(simulation.queue('Work').name).toBe('two');
  });

  test.each([
    [{}, 'Parameters: [Name] must have values'],
    [{ Name: 'A1' }, "Parameter 'Name' must match pattern [a-z]+, got 'A1'"],
    [{ Nmae: 'one' }, "'parameters' must name stacks or parameters: no stack has a parameter 'Nmae'"],
    [{ Shpo: { Name: 'one' } }, "no stack is called 'Shpo'"],
  ])('fail when they are wrong: %j', async (parameters, message) => {
    await expect(Simulation.start(shop(define), { parameters })).rejects.toThrow(message);
  });
});
