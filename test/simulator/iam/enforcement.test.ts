import { App, Duration, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Effect, PolicyStatement, ServicePrincipal, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnKey, Key } from 'aws-cdk-lib/aws-kms';
import { Code, EventSourceMapping, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { AlarmTopic } from '../../../lib';
import { Simulation } from '../../../simulator';
import { documented } from '../documented';

const newStack = (): Stack => new Stack(new App(), 'Shop');

/** The subscription alone, without the policies that an L2 subscription adds. */
function subscribe(stack: Stack, topic: Topic, queue: Queue): void {
  new CfnSubscription(stack, 'Subscription', { topicArn: topic.topicArn, protocol: 'sqs', endpoint: queue.queueArn, rawMessageDelivery: true });
}

async function publish(stack: Stack): Promise<Simulation> {
  const simulation = await Simulation.start(stack);
  await simulation.topic('News').publish('news');
  await simulation.advance(1);
  return simulation;
}

documented('a delivery', 'https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html', () => {
  test('without a queue policy is refused, and the missing statement named', async () => {
    const stack = newStack();
    subscribe(stack, new Topic(stack, 'News'), new Queue(stack, 'Work'));
    const simulation = await publish(stack);

    expect(simulation.queue('Work').messages).toEqual([]);
    expect(simulation.topic('News').tally).toMatchObject({ delivered: 0, failed: 1 });
    expect(simulation.denials).toMatchObject([{ principal: 'sns.amazonaws.com', action: 'sqs:SendMessage', resource: simulation.queue('Work').arn }]);
    expect(JSON.parse(simulation.denials[0].missingStatement!)).toEqual({
      Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: simulation.queue('Work').arn,
      Condition: { ArnEquals: { 'aws:SourceArn': simulation.topic('News').arn } },
    });
    await simulation.stop();
  });

  test('with a policy for another topic is refused', async () => {
    const stack = newStack();
    const queue = new Queue(stack, 'Work');
    queue.addToResourcePolicy(new PolicyStatement({
      principals: [new ServicePrincipal('sns.amazonaws.com')], actions: ['sqs:SendMessage'], resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': new Topic(stack, 'Other').topicArn } },
    }));
    subscribe(stack, new Topic(stack, 'News'), queue);
    expect((await publish(stack)).denials).toHaveLength(1);
  });
});

documented('a delivery to an encrypted queue', 'https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html', () => {
  test('to a queue whose key does not let SNS in is refused', async () => {
    const stack = newStack();
    const queue = new Queue(stack, 'Work', { encryption: QueueEncryption.KMS, encryptionMasterKey: new Key(stack, 'Key') });
    queue.grantSendMessages(new ServicePrincipal('sns.amazonaws.com'));
    subscribe(stack, new Topic(stack, 'News'), queue);
    (stack.node.findChild('Key').node.defaultChild as CfnKey).addPropertyOverride('KeyPolicy.Statement', [
      { Effect: 'Allow', Principal: { AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' } }, Action: 'kms:*', Resource: '*' },
    ]);
    const simulation = await publish(stack);

    expect(simulation.queue('Work').messages).toEqual([]);
    expect(simulation.denials).toMatchObject([{ principal: 'sns.amazonaws.com', action: 'kms:GenerateDataKey' }]);
  });

  test('to a queue under the key that AWS manages is refused', async () => {
    const stack = newStack();
    const queue = new Queue(stack, 'Work', { encryption: QueueEncryption.KMS_MANAGED });
    queue.grantSendMessages(new ServicePrincipal('sns.amazonaws.com'));
    subscribe(stack, new Topic(stack, 'News'), queue);
    expect((await publish(stack)).denials).toMatchObject([{ resource: 'alias/aws/sqs', action: 'kms:GenerateDataKey' }]);
  });

  test('with the policies that the L2 subscription writes arrives, with a customer key too', async () => {
    const stack = newStack();
    const queue = new Queue(stack, 'Work', { encryption: QueueEncryption.KMS, encryptionMasterKey: new Key(stack, 'Key') });
    new Topic(stack, 'News').addSubscription(new SqsSubscription(queue, { rawMessageDelivery: true }));
    const simulation = await publish(stack);
    expect(simulation.denials).toEqual([]);
    expect(simulation.queue('Work').messages).toHaveLength(1);
  });
});

documented('an alarm', 'https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html', () => {
  const alarmOn = (stack: Stack, topic: Topic): void => {
    const alarm = new Alarm(stack, 'Alarm', {
      metric: new Queue(stack, 'Work').metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }), threshold: 1, evaluationPeriods: 1,
    });
    alarm.addAlarmAction(new SnsAction(topic));
  };
  const mails = async (stack: Stack): Promise<Simulation> => {
    const simulation = await Simulation.start(stack);
    await simulation.queue('Work').send('wake up');
    await simulation.advance(Duration.minutes(3));
    return simulation;
  };

  test('on a topic whose key does not let CloudWatch in notifies nobody: the trap that AlarmTopic closes', async () => {
    const stack = newStack();
    const topic = new Topic(stack, 'Alarms', { masterKey: new Key(stack, 'Key') });
    topic.addSubscription(new EmailSubscription('oncall@example.com'));
    alarmOn(stack, topic);
    const simulation = await mails(stack);

    expect(simulation.alarm('Alarm').state).toBe('ALARM');
    expect(simulation.topic('Alarms').deliveries('oncall@example.com')).toEqual([]);
    expect(simulation.denials).toMatchObject([{ principal: 'cloudwatch.amazonaws.com', action: 'kms:GenerateDataKey' }]);
  });

  test('on an AlarmTopic notifies', async () => {
    const stack = newStack();
    alarmOn(stack, new AlarmTopic(stack, 'Alarms', { emailAddresses: ['oncall@example.com'] }).topic);
    const simulation = await mails(stack);
    expect(simulation.denials).toEqual([]);
    expect(simulation.topic('Alarms').deliveries('oncall@example.com')).toHaveLength(1);
  });
});

documented('a function', 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html', () => {
  const worker = (stack: Stack, code: string): LambdaFunction => (
    new LambdaFunction(stack, 'Worker', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(code), timeout: Duration.seconds(10) })
  );

  test('whose role may not poll the queue cannot be mapped to it', async () => {
    const stack = newStack();
    new EventSourceMapping(stack, 'Mapping', { target: worker(stack, 'exports.handler = async () => {};'), eventSourceArn: new Queue(stack, 'Work').queueArn });
    await expect(Simulation.start(stack)).rejects.toThrow(/Shop\/Mapping\/Resource .* is not authorized to perform sqs:ReceiveMessage/);
  });

  test('whose role may not use the queue\'s key is never invoked', async () => {
    const stack = newStack();
    const queue = new Queue(stack, 'Work', { encryption: QueueEncryption.KMS, encryptionMasterKey: new Key(stack, 'Key') });
    const target = worker(stack, 'exports.handler = async () => {};');
    target.addToRolePolicy(new PolicyStatement({ actions: ['sqs:*'], resources: [queue.queueArn] }));
    new EventSourceMapping(stack, 'Mapping', { target, eventSourceArn: queue.queueArn });
    const simulation = await Simulation.start(stack);
    await simulation.queue('Work').send('one');
    await simulation.advance(Duration.minutes(1));

    expect(simulation.function('Worker').tally.invocations).toBe(0);
    expect(simulation.denials).toMatchObject([{ action: 'kms:Decrypt' }]);
  });

  test.each([
    ['without the permission is refused by S3', false, 'AccessDenied'],
    ['with the permission writes to S3', true, 'done'],
  ])('%s', async (_what, granted, outcome) => {
    const stack = newStack();
    const bucket = new Bucket(stack, 'Documents');
    const target = worker(stack, `
      const http = require('node:http');
      exports.handler = () => new Promise((resolve) => {
        const request = http.request(process.env.AWS_ENDPOINT_URL + '/' + process.env.BUCKET + '/document', { method: 'PUT', headers: {
          authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20260105/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
        } }, (response) => {
          let body = '';
          response.on('data', (chunk) => { body += chunk; });
          response.on('end', () => resolve(response.statusCode === 200 ? 'done' : /<Code>(\\w+)</.exec(body)[1]));
        });
        request.end('text');
      });`);
    target.addEnvironment('BUCKET', bucket.bucketName);
    if (granted) bucket.grantPut(target);
    const simulation = await Simulation.start(stack);
    const invocation = simulation.function('Worker').invoke({});
    await simulation.advance(Duration.seconds(5));

    expect((await invocation).payload).toBe(outcome);
    expect(simulation.bucket('Documents').objects).toHaveLength(granted ? 1 : 0);
  });
});

documented('an explicit denial', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html', () => {
  test('a queue whose policy denies everybody refuses the account itself', async () => {
    const stack = newStack();
    const queue = new Queue(stack, 'Work');
    queue.addToResourcePolicy(new PolicyStatement({
      effect: Effect.DENY, principals: [new StarPrincipal()], actions: ['sqs:SendMessage'], resources: [queue.queueArn],
    }));
    const simulation = await Simulation.start(stack);
    await expect(simulation.queue('Work').send('one')).rejects.toThrow(/a policy denies it explicitly/);
  });
});
