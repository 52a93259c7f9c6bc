import { CfnResource, Duration, type Stack } from 'aws-cdk-lib';
import { DeadLetterConsumer, DurableQueue, FanOutTopic, ImportedQueue, Quarantine } from '../../lib';
import { functionIn, newStack } from './set-up';

/** The paths, of which CloudFormation's logical IDs are made. */
function resourcesOf(make: (stack: Stack) => { node: { id: string } }): string[] {
  const stack = newStack();
  const { node: { id } } = make(stack);
  return stack.node.findAll().filter((construct) => construct instanceof CfnResource && construct.node.path.startsWith(`Test/${id}/`))
    .map(({ node }) => node.path.replace(`Test/${id}/`, '')).sort();
}

/** A queue or topic whose logical ID changes with a new release of the library is replaced, and what it holds is lost. */
describe('The resources keep their places in', () => {
  const dead = ['DeadLetterQueue/Policy/Resource', 'DeadLetterQueue/Resource'];
  const quarantine = ['QuarantineQueue/Policy/Resource', 'QuarantineQueue/Resource'];

  test.each<[string, (stack: Stack) => { node: { id: string } }, string[]]>([
    ['a DurableQueue', (stack) => new DurableQueue(stack, 'It', { queueName: 'orders' }), [...dead, 'Resource/Policy/Resource', 'Resource/Resource']],
    ['an ImportedQueue', (stack) => new ImportedQueue(stack, 'It', { queueArn: 'arn:aws:sqs:eu-west-1:111122223333:imported' }), []],
    ['a FanOutTopic', (stack) => {
      const topic = new FanOutTopic(stack, 'It', { fifo: true, deliveryStatusLogging: true, archiveRetentionPeriod: Duration.days(1) });
      topic.addQueue('Billing', new DurableQueue(stack, 'Queue'));
      return topic;
    }, [
      ...dead.map((path) => `Billing/${path}`), 'Billing/Resource/Resource', 'DeliveryStatus/Resource/DefaultPolicy/Resource', 'DeliveryStatus/Resource/Resource',
      'Resource/Policy/Resource', 'Resource/Resource',
    ]],
    ['a DeadLetterConsumer', (stack) => new DeadLetterConsumer(stack, 'It', { queue: new DurableQueue(stack, 'Queue'), handler: functionIn(stack) }), [
      'Consumer/Resource/Resource', ...quarantine,
    ]],
    ['a Quarantine', (stack) => new Quarantine(stack, 'It', { queue: new DurableQueue(stack, 'Queue') }), [
      'DeadLetters/Consumer/Resource/Resource', ...quarantine.map((path) => `DeadLetters/${path}`),
      'Redriver/Logs/Resource', 'Redriver/Resource/Resource', 'Redriver/Role/DefaultPolicy/Resource', 'Redriver/Role/Resource',
    ]],
  ])('%s', (_what, make, expected) => {
    expect(resourcesOf(make)).toEqual(expected.sort());
  });
});
