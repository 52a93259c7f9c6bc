import { Duration, type Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { DurableQueue } from '../../lib';
import { Simulation } from '../../simulator';
import { keyIn, newStack } from '../lib/set-up';

const placed = { source: 'com.example.orders', detailType: 'OrderPlaced', detail: { orderId: '1' } };

interface Variant {
  readonly fifo?: boolean;
  readonly contentBasedDeduplication?: boolean;
  readonly deadLetterQueue?: boolean;
  /** The dead-letter queue of the rule has a key, too. */
  readonly deadLetterKey?: boolean;
  /** Which queue of the DurableQueue `Lost` is the rule's dead-letter queue. */
  readonly lostQueue?: (lost: DurableQueue) => sqs.IQueue;
  /** The key's policy loses what it says of EventBridge. */
  readonly withoutStatement?: boolean;
}

let simulation: Simulation;
afterEach(() => simulation.stop());

async function start({
  fifo = false, contentBasedDeduplication, deadLetterQueue = false, deadLetterKey = false, lostQueue = (lost) => lost, withoutStatement = false,
}: Variant): Promise<void> {
  const stack = newStack({});
  const encryptionKey = keyIn(stack);
  const queue = new DurableQueue(stack, 'Orders', { encryptionKey, ...fifo && { fifo, deadLettersBreakOrder: true, contentBasedDeduplication } });
  const lost = deadLetterQueue ? new DurableQueue(stack, 'Lost', deadLetterKey ? { encryptionKey: keyIn(stack, 'LostKey') } : {}) : undefined;
  new events.Rule(stack, 'Rule', {
    eventPattern: { source: ['com.example.orders'] },
    targets: [new targets.SqsQueue(queue, { deadLetterQueue: lost && lostQueue(lost), ...fifo && { messageGroupId: 'orders' } })],
  });
  if (withoutStatement) removeEventBridge(stack, encryptionKey);
  simulation = await Simulation.start(stack);
  await simulation.eventBus('default').putEvents(placed);
  await simulation.advance(Duration.days(2));
}

function removeEventBridge(stack: Stack, key: kms.Key): void {
  const resource = key.node.defaultChild as kms.CfnKey;
  const { Statement: statements } = stack.resolve((resource.keyPolicy as iam.PolicyDocument).toJSON()) as { Statement: { Principal: { Service?: string } }[] };
  const others = statements.filter(({ Principal }) => Principal.Service !== 'events.amazonaws.com');
  expect(others).toHaveLength(statements.length - 1);
  resource.addPropertyOverride('KeyPolicy.Statement', others);
}

const details = (path: string): unknown[] => simulation.queue(path).messages.map(({ body }) => (JSON.parse(body) as { detail: unknown }).detail);

describe('An EventBridge rule whose target is a DurableQueue with a customer key', () => {
  test('brings the event to the queue', async () => {
    await start({});
    expect(details('Orders')).toEqual([{ orderId: '1' }]);
    expect(simulation.denials).toEqual([]);
  });

  /** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_SqsParameters.html */
  test('brings it to a FIFO queue in its message group, where the queue deduplicates by content', async () => {
    await start({ fifo: true, contentBasedDeduplication: true });
    expect(details('Orders')).toEqual([{ orderId: '1' }]);
    expect(simulation.denials).toEqual([]);
    await simulation.stop();
    await start({ fifo: true, deadLetterQueue: true });
    expect(details('Orders')).toEqual([]);
    expect(simulation.queue('Lost').messages[0].attributes).toMatchObject({ ERROR_CODE: { stringValue: 'INVALID_PARAMETER' } });
  });

  test('loses it without the statement in the key\'s policy, at the first attempt, and the denial names the statement', async () => {
    await start({ withoutStatement: true });
    expect(details('Orders')).toEqual([]);
    expect(simulation.rule('Rule').tally).toEqual({ triggered: 1, delivered: 0, failed: 1, redriven: 0 });
    expect(simulation.denials.map(({ principal, action }) => `${principal} ${action}`)).toEqual(['events.amazonaws.com kms:GenerateDataKey']);
    expect(JSON.parse(simulation.denials[0].missingStatement!)).toMatchObject({ Principal: { Service: 'events.amazonaws.com' }, Action: 'kms:GenerateDataKey' });
  });

  test('then brings it to the rule\'s dead-letter queue, where there is one', async () => {
    await start({ withoutStatement: true, deadLetterQueue: true });
    expect(details('Lost')).toEqual([{ orderId: '1' }]);
    expect(simulation.queue('Lost').messages[0].attributes).toMatchObject({ ERROR_CODE: { stringValue: 'NO_PERMISSIONS' }, RETRY_ATTEMPTS: { stringValue: '0' } });
    expect(simulation.rule('Rule').tally).toMatchObject({ failed: 0, redriven: 1 });
  });

  /** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
  test.each([
    ['a DurableQueue', 'Lost', (lost: DurableQueue) => lost],
    ['the dead-letter queue of a DurableQueue', 'Lost/DeadLetterQueue', (lost: DurableQueue) => lost.deadLetterQueue],
  ])('brings it to the rule\'s dead-letter queue that has a customer key, too: %s', async (_name, path, lostQueue) => {
    await start({ withoutStatement: true, deadLetterQueue: true, deadLetterKey: true, lostQueue });
    expect(details(path)).toEqual([{ orderId: '1' }]);
    expect(simulation.rule('Rule').tally).toMatchObject({ failed: 0, redriven: 1 });
    expect(simulation.denials.map(({ action, resource }) => [action, resource.includes('LostKey')])).toEqual([['kms:GenerateDataKey', false]]);
  });
});

describe('A subscription of aws-cdk-lib whose dead-letter queue is a DurableQueue with a customer key', () => {
  /** @see https://docs.aws.amazon.com/sns/latest/dg/sns-configure-dead-letter-queue.html */
  test('brings there what SNS cannot deliver', async () => {
    const stack = newStack({});
    const deadLetterQueue = new DurableQueue(stack, 'Lost', { encryptionKey: keyIn(stack) });
    const topic = new sns.Topic(stack, 'Topic');
    new sns.Subscription(stack, 'Subscription', {
      topic, deadLetterQueue, protocol: sns.SubscriptionProtocol.SQS, endpoint: new sqs.Queue(stack, 'Refusing').queueArn, rawMessageDelivery: true,
    });
    simulation = await Simulation.start(stack);
    await simulation.topic('Topic').publish('order');
    await simulation.advance(Duration.minutes(1));

    expect(simulation.queue('Lost').messages.map(({ body }) => body)).toEqual(['order']);
    expect(simulation.denials.map(({ action }) => action)).toEqual(['sqs:SendMessage']);
  });
});
