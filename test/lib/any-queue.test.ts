import { CfnParameter, Duration, Lazy, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  AlarmKind, AlarmSet, DeadLetterConsumer, DurableQueue, type DurableQueueProps, ImportedQueue, MessageArchive, MessagingDashboard, Quarantine, QueueAlarms,
} from '../../lib';
import { functionIn, newStack, resolve, resourceOf } from './set-up';
import { importedQueueIn } from './wrong-props';

const importedDead = (stack: Stack): sqs.IQueue => sqs.Queue.fromQueueArn(stack, 'Dead', 'arn:aws:sqs:eu-west-1:111122223333:dead');
const plainIn = (stack: Stack): { queue: sqs.Queue; dead: sqs.Queue } => {
  const dead = new sqs.Queue(stack, 'PlainDead', { retentionPeriod: Duration.days(14), visibilityTimeout: Duration.minutes(10) });
  return { dead, queue: new sqs.Queue(stack, 'Plain', { deadLetterQueue: { queue: dead, maxReceiveCount: 7 } }) };
};
const watched = (stack: Stack): unknown[] => Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'))
  .map(({ Properties }) => (Properties as { Dimensions?: { Value: unknown }[] }).Dimensions?.[0].Value);

let stack: Stack;
beforeEach(() => { stack = newStack(); });

describe('QueueAlarms', () => {
  test('watch a queue of aws-cdk-lib and the dead-letter queue that it has', () => {
    const { queue, dead } = plainIn(stack);
    new QueueAlarms(stack, 'Alarms', { queue });
    expect(watched(stack)).toEqual(expect.arrayContaining([queue.queueName, dead.queueName].map((name) => resolve(stack, name))));
  });

  test('watch an imported queue and the dead-letter queue that they are given', () => {
    const alarms = new QueueAlarms(stack, 'Alarms', { queue: importedQueueIn(stack), deadLetterQueue: importedDead(stack) });
    expect(watched(stack)).toEqual(expect.arrayContaining(['imported', 'dead']));
    expect(resourceOf(alarms.deadLetters).Properties).toMatchObject({ MetricName: 'ApproximateNumberOfMessagesVisible' });
  });

  test('watch an imported queue alone, without the alarm for dead letters', () => {
    new QueueAlarms(stack, 'Alarms', { queue: importedQueueIn(stack), alarms: AlarmSet.standard().without(AlarmKind.DEAD_LETTERS) });
    expect(watched(stack)).not.toContain('dead');
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 3);
  });
});

test('a MessagingDashboard shows the dead letters of queues whose dead-letter queue is known, and leaves out the others', () => {
  const titlesOf = (queue: sqs.IQueue): string => JSON.stringify(
    resourceOf(new MessagingDashboard(stack, 'Dashboard', { queues: [queue] }).dashboard).Properties.DashboardBody,
  );
  expect(titlesOf(importedQueueIn(stack))).not.toContain('Dead letters');
  stack = newStack();
  expect(titlesOf(plainIn(stack).queue)).toContain('Dead letters');
});

describe('MessageArchive.addDeadLetters', () => {
  test.each([
    ['a queue of aws-cdk-lib', () => plainIn(stack).queue, undefined, (): unknown => ({ 'Fn::GetAtt': [Match.stringLikeRegexp('PlainDead'), 'Arn'] })],
    ['an imported queue', () => importedQueueIn(stack), () => importedDead(stack), (): unknown => 'arn:aws:sqs:eu-west-1:111122223333:dead'],
  ])('archives those of %s', (_what, queue, dead, arn) => {
    new MessageArchive(stack, 'Archive').addDeadLetters('Orders', queue(), dead?.());
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::EventSourceMapping', { EventSourceArn: arn() });
  });

  test('fails when the dead-letter queue is not known', () => {
    expect(() => new MessageArchive(stack, 'Archive').addDeadLetters('Orders', importedQueueIn(stack))).toThrow(
      /^Test\/Archive: 'deadLetterQueue' must be given, because that of the imported queue 'Test\/ImportedQueue' is not known here$/,
    );
  });
});

test.each([
  ['DeadLetterConsumer', (queue: sqs.IQueue) => new DeadLetterConsumer(stack, 'It', { queue, handler: functionIn(stack) })],
  ['Quarantine', (queue: sqs.IQueue) => new Quarantine(stack, 'It', { queue })],
])('%s consumes the dead letters of a queue of aws-cdk-lib, after the receives of both', (_what, make) => {
  const { queue, dead } = plainIn(stack);
  make(queue);
  expect(resourceOf(dead).Properties.RedrivePolicy).toMatchObject({ maxReceiveCount: 12 });
});

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
describe('A DurableQueue takes an existing dead-letter queue', () => {
  const warning = (props: DurableQueueProps, imported = importedDead): string => {
    const printed = jest.spyOn(console, 'error').mockReturnValue();
    new DurableQueue(stack, 'Orders', { deadLetterQueue: imported(stack), ...props });
    const [found] = Annotations.fromStack(stack).findWarning('/Test/Orders', Match.anyValue());
    printed.mockRestore();
    return found.entry.data as string;
  };

  test('that several share', () => {
    const deadLetterQueue = new sqs.Queue(stack, 'Dead', { retentionPeriod: Duration.days(14) });
    const queues = ['Billing', 'Shipping'].map((id) => new DurableQueue(stack, id, { deadLetterQueue }));
    for (const queue of queues) {
      expect(queue.deadLetterQueue).toBe(deadLetterQueue);
      expect(resourceOf(queue.queue).Properties.RedrivePolicy).toEqual({ deadLetterTargetArn: resolve(stack, deadLetterQueue.queueArn), maxReceiveCount: 5 });
    }
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 3);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('that allows it by its name', () => {
    const named = sqs.Queue.fromQueueArn(stack, 'Named', stack.formatArn({ service: 'sqs', resource: 'orders' }));
    const deadLetterQueue = new sqs.Queue(stack, 'Dead', { retentionPeriod: Duration.days(14), redriveAllowPolicy: { sourceQueues: [named] } });
    expect(() => new DurableQueue(stack, 'Orders', { queueName: 'orders', deadLetterQueue })).not.toThrow();
  });

  test('whose retention is known at deployment only', () => {
    const days = Duration.seconds(new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber);
    expect(() => new DurableQueue(stack, 'Orders', { deadLetterQueue: new sqs.Queue(stack, 'Dead', { retentionPeriod: days }) })).not.toThrow();
  });

  test('that is imported, with a warning that names what cannot be checked', () => {
    expect(warning({ retentionPeriod: Duration.days(2) })).toContain("The dead-letter queue 'Test/Dead' cannot be changed from here. If it has a "
      + 'RedriveAllowPolicy, that must let this queue in: {"redrivePermission":"allowAll"}. And its MessageRetentionPeriod must be longer than 2 days, or 14 days.');
  });

  test('that is imported, with its own name in the warning where it has one', () => {
    expect(warning({ queueName: 'orders' }))
      .toContain('{"redrivePermission":"byQueue","sourceQueueArns":["arn:aws:sqs:eu-west-1:111122223333:orders"]}. And its MessageRetentionPeriod must be '
        + 'longer than 4 days, or 14 days.');
    stack = newStack();
    expect(warning({})).toMatch(/ \[ack: cdk-messaging:importedDeadLetterQueue\]$/);
  });

  test('that is imported as an ImportedQueue, with the same warning', () => {
    const imported = (): sqs.IQueue => new ImportedQueue(stack, 'Dead', { queueArn: 'arn:aws:sqs:eu-west-1:111122223333:dead' });
    expect(warning({}, imported)).toContain("The dead-letter queue 'Test/Dead' cannot be changed from here.");
  });

  test('that is imported, without a word on retention where any serves, on FIFO, and where the own is not known', () => {
    const importedFifo = (): sqs.IQueue => sqs.Queue.fromQueueArn(stack, 'Dead', 'arn:aws:sqs:eu-west-1:111122223333:dead.fifo');
    const end = /: \{"redrivePermission":"allowAll"\}\. \[ack: /;
    expect(warning({ fifo: true, deadLettersBreakOrder: true }, importedFifo)).toMatch(end);
    stack = newStack();
    expect(warning({ retentionPeriod: Duration.seconds(Lazy.number({ produce: () => 60 })) })).toMatch(end);
  });

  test.each([[4, 5], [14, 14]])('that keeps messages long enough: %d days in the queue, %d as dead letters', (own, dead) => {
    const deadLetterQueue = new sqs.Queue(stack, 'Dead', { retentionPeriod: Duration.days(dead) });
    expect(() => new DurableQueue(stack, 'Orders', { deadLetterQueue, retentionPeriod: Duration.days(own) })).not.toThrow();
  });

  test('that keeps messages for any time, on FIFO, where the age starts again', () => {
    const deadLetterQueue = new sqs.Queue(stack, 'Dead', { fifo: true, retentionPeriod: Duration.days(1) });
    expect(() => new DurableQueue(stack, 'Orders', { fifo: true, deadLettersBreakOrder: true, deadLetterQueue })).not.toThrow();
  });

  test('where its own retention is known at deployment only', () => {
    const retentionPeriod = Duration.seconds(Lazy.number({ produce: () => 60 }));
    expect(() => new DurableQueue(stack, 'Orders', { retentionPeriod, deadLetterQueue: new sqs.Queue(stack, 'Dead') })).not.toThrow();
  });

  test('that allows it among others', () => {
    const sourceQueues = ['payments', 'orders'].map((name) => sqs.Queue.fromQueueArn(stack, name, stack.formatArn({ service: 'sqs', resource: name })));
    const deadLetterQueue = new sqs.Queue(stack, 'Dead', { retentionPeriod: Duration.days(14), redriveAllowPolicy: { sourceQueues } });
    expect(() => new DurableQueue(stack, 'Orders', { queueName: 'orders', deadLetterQueue })).not.toThrow();
  });

  test('of which or of itself account and region are not known', () => {
    const printed = jest.spyOn(console, 'error').mockReturnValue();
    const agnostic = newStack({});
    expect(() => new DurableQueue(agnostic, 'Orders', { deadLetterQueue: importedDead(agnostic) })).not.toThrow();
    const queueArn = new CfnParameter(stack, 'Arn').valueAsString;
    expect(() => new DurableQueue(stack, 'Orders', { deadLetterQueue: new ImportedQueue(stack, 'Dead', { queueArn, fifo: false }) })).not.toThrow();
    printed.mockRestore();
  });

  test('but not a standard one on FIFO', () => {
    expect(() => new DurableQueue(stack, 'Orders', { fifo: true, deadLettersBreakOrder: true, deadLetterQueue: new sqs.Queue(stack, 'Dead') }))
      .toThrow("Test/Orders: 'deadLetterQueue' must be a FIFO queue as this one is, got the standard queue 'Test/Dead'");
  });
});
