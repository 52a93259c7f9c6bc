import { type App, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  AlarmTopic, ArchiveTable, ChannelAlarm, ConsumerAlarms, ConsumerFunction, CostTags, DeadLetterConsumer, DurableQueue, FanOutTopic, IdempotencyTable,
  ImportedQueue, MessageArchive, MessagingDashboard, Quarantine, QuarantineAlarm, QueueAlarms, QueueConsumer, QueueSubscription, ResourceBudget, RulePackDecisions,
  TopicAlarms,
} from '../../lib';
import { functionIn, newStack } from './set-up';

export type Props = Record<string, unknown>;

export const fifo = { fifo: true, deadLettersBreakOrder: true };
export const queueIn = (stack: Stack, props: Props = {}): DurableQueue => new DurableQueue(stack, 'Queue', props);
const queueOf = (stack: Stack, { queue }: Props): never => (queue ?? queueIn(stack)) as never;
const handlerIn = (stack: Stack): lambda.Function => functionIn(stack, 'Handler');

/** How each construct is made, with what it needs besides the properties that a case is about. */
const makers = {
  AlarmTopic: (stack, props) => new AlarmTopic(stack, 'It', props),
  ArchiveTable: (stack, props) => new ArchiveTable(stack, 'It', { archive: new MessageArchive(stack, 'Archive'), ...props }),
  ChannelAlarm: (stack, props) => new ChannelAlarm(stack, 'It', props as never),
  ConsumerAlarms: (stack, props) => new ConsumerAlarms(stack, 'It', { function: handlerIn(stack), ...props }),
  ConsumerFunction: (stack, props) => new ConsumerFunction(stack, 'It', { code: lambda.Code.fromInline('exports.handler = () => {};'), ...props }),
  CostTags: (stack, props) => new CostTags(stack, 'It', { application: 'a', environment: 'e', owner: 'o', costCenter: 'c', ...props }),
  DeadLetterConsumer: (stack, props) => new DeadLetterConsumer(stack, 'It', { handler: handlerIn(stack), ...props, queue: queueOf(stack, props) }),
  DurableQueue: (stack, props) => new DurableQueue(stack, 'It', props),
  FanOutTopic: (stack, props) => new FanOutTopic(stack, 'It', props),
  IdempotencyTable: (stack, props) => new IdempotencyTable(stack, 'It', props),
  ImportedQueue: (stack, props) => new ImportedQueue(stack, 'It', { queueArn: 'arn:aws:sqs:eu-west-1:111122223333:imported', ...props }),
  MessageArchive: (stack, props) => new MessageArchive(stack, 'It', props),
  MessagingDashboard: (stack, props) => new MessagingDashboard(stack, 'It', props),
  Quarantine: (stack, props) => new Quarantine(stack, 'It', { ...props, queue: queueOf(stack, props) }),
  QuarantineAlarm: (stack, props) => new QuarantineAlarm(stack, 'It', {
    deadLetterConsumer: new DeadLetterConsumer(stack, 'DeadLetters', { queue: queueOf(stack, props), handler: handlerIn(stack) }), ...props,
  }),
  QueueAlarms: (stack, props) => new QueueAlarms(stack, 'It', { ...props, queue: queueOf(stack, props) }),
  QueueConsumer: (stack, props) => new QueueConsumer(stack, 'It', { handler: handlerIn(stack), ...props, queue: queueOf(stack, props) }),
  QueueSubscription: (stack, props) => new QueueSubscription(stack, 'It', { topic: new sns.Topic(stack, 'Topic'), ...props, queue: queueOf(stack, props) }),
  ResourceBudget: (stack, props) => new ResourceBudget(stack, 'It', props),
  RulePackDecisions: (stack, props) => new RulePackDecisions(stack, 'It', props),
  TopicAlarms: (stack, props) => new TopicAlarms(stack, 'It', { topic: new FanOutTopic(stack, 'Topic'), ...props }),
} satisfies Record<string, (stack: Stack, props: Props) => unknown>;

export type ConstructName = keyof typeof makers;

/** What the user is told who makes the construct `Test/It` with these properties and synthesizes the app; nothing where it works. */
export function failureOf(name: ConstructName, props: Props | ((stack: Stack) => Props)): string | undefined {
  const stack = newStack();
  try {
    makers[name](stack, typeof props === 'function' ? props(stack) : props);
    (stack.node.root as App).synth();
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^Validation failed with the following errors:\s*\[([^\]]+)\] /, '$1: ');
  }
}

export const importedFunctionIn = (stack: Stack): lambda.IFunction => lambda.Function.fromFunctionArn(
  stack, 'ImportedFunction', 'arn:aws:lambda:eu-west-1:111122223333:function:imported',
);
export const importedQueueIn = (stack: Stack, attributes: Partial<sqs.QueueAttributes> = {}): sqs.IQueue => sqs.Queue.fromQueueAttributes(
  stack, 'ImportedQueue', { queueArn: 'arn:aws:sqs:eu-west-1:111122223333:imported', ...attributes },
);

/** Whole numbers with their range, both ends included, and what else the construct needs to take them. */
export const numbers: readonly (readonly [ConstructName, string, number, number, Props?])[] = [
  ['ArchiveTable', 'firstYear', 2006, 9999],
  ['ConsumerFunction', 'memorySize', 128, 10_240],
  ['DeadLetterConsumer', 'batchSize', 1, 10_000, { maxBatchingWindow: Duration.seconds(1) }],
  ['DurableQueue', 'maxMessageSizeBytes', 1024, 1_048_576],
  ['DurableQueue', 'maxReceiveCount', 1, 1000],
  ['FanOutTopic', 'successSampleRate', 0, 100, { deliveryStatusLogging: true }],
  ['MessageArchive', 'batchSize', 1, 10_000],
  ['Quarantine', 'maxRedrives', 1, 100],
  ['QueueConsumer', 'batchSize', 1, 10_000, { maxBatchingWindow: Duration.seconds(1) }],
  ['QueueConsumer', 'maxConcurrency', 2, 1000],
  ['QueueConsumer', 'maximumPollers', 2, 2000],
  ['QueueConsumer', 'minimumPollers', 2, 200, { maximumPollers: 2000 }],
  ['ResourceBudget', 'maxResources', 1, 500],
];

/** Whole numbers without a highest one. */
export const atLeast: readonly (readonly [ConstructName, string, number])[] = [
  ['ConsumerAlarms', 'errors', 1],
  ['ConsumerAlarms', 'throttles', 1],
  ['ConsumerFunction', 'reservedConcurrentExecutions', 0],
  ['QuarantineAlarm', 'quarantined', 1],
  ['QueueAlarms', 'backlogGrowth', 1],
  ['QueueAlarms', 'deadLetters', 1],
  ['QueueAlarms', 'noisyGroups', 1],
  ['TopicAlarms', 'failedNotifications', 1],
  ['TopicAlarms', 'failedRedrives', 1],
  ['TopicAlarms', 'subscriptionDeadLetters', 1],
];

/** Parts of a whole, above 0 and up to 1. */
export const shares: readonly (readonly [ConstructName, string])[] = [
  ['ConsumerAlarms', 'durationShare'],
  ['QueueAlarms', 'inFlightShare'],
  ['ResourceBudget', 'warningShare'],
];

const second = Duration.seconds(1);

/** Durations of whole seconds with their range as the error words it. */
export const durations: readonly (readonly [ConstructName, string, Duration, string, Duration, string, Props?])[] = [
  ['ConsumerAlarms', 'timeout', second, '1 second', Duration.minutes(15), '15 minutes'],
  ['ConsumerFunction', 'timeout', second, '1 second', Duration.minutes(15), '15 minutes'],
  ['DeadLetterConsumer', 'maxBatchingWindow', Duration.seconds(0), '0 seconds', Duration.minutes(5), '5 minutes'],
  ['DurableQueue', 'visibilityTimeout', Duration.seconds(0), '0 seconds', Duration.hours(12), '12 hours'],
  ['DurableQueue', 'deliveryDelay', Duration.seconds(0), '0 seconds', Duration.minutes(15), '15 minutes'],
  ['DurableQueue', 'retentionPeriod', Duration.minutes(1), '1 minute', Duration.days(14), '14 days', fifo],
  ['DurableQueue', 'receiveMessageWaitTime', Duration.seconds(0), '0 seconds', Duration.seconds(20), '20 seconds'],
  ['DurableQueue', 'deadLetterRetentionPeriod', Duration.minutes(1), '1 minute', Duration.days(14), '14 days', fifo],
  ['MessageArchive', 'firehoseBufferingInterval', Duration.seconds(0), '0 seconds', Duration.minutes(15), '15 minutes'],
  ['MessageArchive', 'maxBatchingWindow', second, '1 second', Duration.minutes(5), '5 minutes'],
  ['Quarantine', 'redriveDelay', Duration.seconds(0), '0 seconds', Duration.minutes(15), '15 minutes'],
  ['QueueAlarms', 'maxMessageAge', second, '1 second', Duration.days(14), '14 days'],
  ['QueueConsumer', 'maxBatchingWindow', Duration.seconds(0), '0 seconds', Duration.minutes(5), '5 minutes'],
  ['QueueSubscription', 'deadLetterRetentionPeriod', Duration.minutes(1), '1 minute', Duration.days(14), '14 days'],
];

/** What is told of a token, where it is not accepted: these values become part of a text or of another value at synthesis. */
export const tokensRefused: Readonly<Record<string, string>> = {
  'ConsumerAlarms.durationShare': "Test/It: 'durationShare' must be known when the app is synthesized",
  'ConsumerAlarms.timeout': "Test/It: 'timeout' must be given for Test/Handler, whose timeout is not known when the app is synthesized",
  'DeadLetterConsumer.maxBatchingWindow':
    "Test/It: 'maxBatchingWindow' must be known when the app is synthesized, because the visibility timeout of the dead-letter queue follows it",
  'FanOutTopic.successSampleRate': "Test/It: 'successSampleRate' must be known when the app is synthesized",
  'MessageArchive.maxBatchingWindow': "Test/It: 'maxBatchingWindow' must be known when the app is synthesized, because visibility timeouts follow it",
  'Quarantine.redriveDelay': "Test/It: 'redriveDelay' must be known when the app is synthesized",
  'QueueAlarms.inFlightShare': "Test/It: 'inFlightShare' must be known when the app is synthesized",
  'QueueAlarms.maxMessageAge': "Test/It: 'maxMessageAge' must be known when the app is synthesized",
  'QueueConsumer.maxBatchingWindow':
    "Test/Queue: 'visibilityTimeout' must be given, because the timeout or batching window of a consumer is known only at deployment",
  'ResourceBudget.maxResources': "Test/It: 'maxResources' must be known when the app is synthesized",
  'ResourceBudget.warningShare': "Test/It: 'warningShare' must be known when the app is synthesized",
};
