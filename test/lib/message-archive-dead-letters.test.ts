import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { DurableQueue, FanOutTopic, type MessageArchive, QueueConsumer } from '../../lib';
import { archiveIn, resource } from './archive-set-up';
import { environment, functionIn, newApp, newStack, resolve, statementsIn } from './set-up';

describe('A MessageArchive of dead letters', () => {
  test('takes dead letters from the dead-letter queue, never from the queue', () => {
    const stack = newStack();
    const archive = archiveIn(stack);
    const billing = new DurableQueue(stack, 'Billing');
    archive.addDeadLetters('Billing', billing);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.resourceCountIs('AWS::Lambda::EventSourceMapping', 2);
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { EventSourceArn: resolve(stack, archive.queue.queueArn) });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: resolve(stack, billing.deadLetterQueue.queueArn), BatchSize: 1000, MaximumBatchingWindowInSeconds: 60,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('lets the visibility timeout of a dead-letter queue follow the archiver', () => {
    const stack = newStack();
    archiveIn(stack).addDeadLetters('Billing', new DurableQueue(stack, 'Billing'));
    expect(resource(Template.fromStack(stack), 'AWS::SQS::Queue', 'BillingDeadLetterQueue').Properties.VisibilityTimeout).toBe(6 * 30 + 60);
  });

  test('leaves a longer visibility timeout of a dead-letter queue as it is', () => {
    const stack = newStack();
    const billing = new DurableQueue(stack, 'Billing');
    (billing.deadLetterQueue.node.defaultChild as sqs.CfnQueue).visibilityTimeout = 3600;
    archiveIn(stack).addDeadLetters('Billing', billing);
    expect(resource(Template.fromStack(stack), 'AWS::SQS::Queue', 'BillingDeadLetterQueue').Properties.VisibilityTimeout).toBe(3600);
  });

  test('takes dead letters of a FIFO queue in tens, without a batching window', () => {
    const stack = newStack();
    const payments = new DurableQueue(stack, 'Payments', { fifo: true, deadLettersBreakOrder: true });
    archiveIn(stack).addDeadLetters('Payments', payments);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: resolve(stack, payments.deadLetterQueue.queueArn), BatchSize: 10, MaximumBatchingWindowInSeconds: Match.absent(),
    });
    expect(resource(template, 'AWS::SQS::Queue', 'PaymentsDeadLetterQueue').Properties.VisibilityTimeout).toBe(6 * 30);
  });

  test('takes dead letters of a queue in another stack with a customer key', () => {
    const app = newApp();
    const queues = new Stack(app, 'Queues', { env: environment });
    const stack = new Stack(app, 'Test', { env: environment });
    const encryptionKey = new kms.Key(queues, 'Key');
    const billing = new DurableQueue(queues, 'Billing', { encryptionKey });
    archiveIn(stack).addDeadLetters('Billing', billing);
    app.synth();
    expect(statementsIn(stack, 'AWS::IAM::Policy').filter(({ Action }) => JSON.stringify(Action).includes('kms:Decrypt'))).toHaveLength(1);
  });

  test.each<[string, (archive: MessageArchive) => sqs.IQueue, string]>([
    ['its queue', ({ queue }) => queue, 'Test/Archive/Queue'],
    ['the queue inside of that', ({ queue }) => queue.queue, 'Test/Archive/Queue/Resource'],
    ['the queue of a FIFO topic', (archive) => archive.addFifoTopic('Payments', new FanOutTopic(archive, 'Payments', { fifo: true })),
      'Test/Archive/FifoTopics/Payments/Queue'],
  ])('fails when it is to archive its own dead letters, those of %s', (_which, own, path) => {
    const archive = archiveIn(newStack());
    const queue = own(archive);
    expect(() => archive.addDeadLetters('Own', queue))
      .toThrow(`Test/Archive: 'queue' must not be the archive's own, ${path}: its dead letters are what could not be archived`);
  });

  test('fails when an imported queue is given as its own dead-letter queue, which would take the work away from its consumer', () => {
    const stack = newStack();
    const imported = (id: string): sqs.IQueue => sqs.Queue.fromQueueArn(stack, id, 'arn:aws:sqs:eu-west-1:111122223333:orders');
    expect(() => archiveIn(stack).addDeadLetters('Orders', imported('Orders'), imported('Dead'))).toThrow("Test/Archive: 'deadLetterQueue' must not be "
      + 'the queue itself, Test/Orders: the archive would take and delete messages that nobody has worked on');
  });

  test('fails when the dead-letter queue that is given is the working queue of a consumer', () => {
    const stack = newStack();
    const working = new DurableQueue(stack, 'Working');
    new QueueConsumer(stack, 'Consumer', { queue: working, handler: functionIn(stack) });
    archiveIn(stack).addDeadLetters('Orders', sqs.Queue.fromQueueArn(stack, 'Orders', 'arn:aws:sqs:eu-west-1:111122223333:orders'), working);
    expect(() => Template.fromStack(stack)).toThrow("the queue 'Test/Working' must have one consumer");
  });

  test('fails when the dead letters of a queue are added twice', () => {
    const stack = newStack();
    const archive = archiveIn(stack);
    const billing = new DurableQueue(stack, 'Billing');
    archive.addDeadLetters('First', billing);
    archive.addDeadLetters('Second', billing);
    expect(() => Template.fromStack(stack)).toThrow('must have one consumer');
  });
});
