import { type App, Lazy, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { FanOutTopic, MessageArchive } from '../../lib';
import { handlerCode } from './archive-set-up';
import { importedKeyIn, newStack } from './set-up';

let stack: Stack;
let archive: MessageArchive;

const topicNamed = (id: string): FanOutTopic => new FanOutTopic(stack, id, { fifo: true });
const addTopics = (count: number): void => {
  for (let index = 1; index <= count; index++) archive.addFifoTopic(`Topic${index}`, topicNamed(`Topic${index}`));
};
const withMessagesOf = (bytes: number): FanOutTopic => {
  const topic = topicNamed('Large');
  (topic.topic.node.defaultChild as sns.CfnTopic).maximumMessageSize = bytes;
  return topic;
};
const synthesize = (): void => { (stack.node.root as App).synth(); };

beforeEach(() => {
  stack = newStack();
  archive = new MessageArchive(stack, 'Archive', { handlerCode, prefix: 'p'.repeat(256) });
});

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
describe('The FIFO topics of an archive', () => {
  test('can be 25, whose queues fit into the 4 KB of an environment however long their names are', () => {
    addTopics(25);
    const longest = { bucket: 'b'.repeat(63), arn: `arn:aws-us-gov:sqs:us-gov-west-1:111122223333:${'q'.repeat(80)}` };
    const functions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')) as { Properties: { Environment?: { Variables: Record<string, unknown> } } }[];
    const { Variables } = functions.find(({ Properties }) => Properties.Environment?.Variables.ARCHIVE_TOPIC_QUEUES)!.Properties.Environment!;
    const value = (part: unknown): string => {
      if (typeof part === 'string') return part;
      const { Ref, 'Fn::Join': join } = part as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
      if (join) return join[1].map(value).join(join[0]);
      return Ref === undefined ? longest.arn : longest.bucket;
    };
    const environment = Object.entries(Variables).map(([name, each]) => name + value(each)).join('');
    expect(environment.split('arn:')).toHaveLength(1 + 26);
    expect(environment.length).toBeGreaterThan(26 * 126);
    expect(environment.length).toBeLessThanOrEqual(4096);
  });

  test('fail when they are 26, with what to do', () => {
    addTopics(25);
    expect(() => { archive.addFifoTopic('Topic26', topicNamed('Topic26')); }).toThrow("Test/Archive: 'topic' must be one of at most 25 FIFO topics: the "
      + 'ARNs of their queues must fit into the 4 KB that Lambda has for the environment of the archiver, got Test/Topic26 as number 26. Make another '
      + 'MessageArchive');
  });
});

/**
 * @see https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
describe('The messages of an archived topic', () => {
  const largest = 348_501;
  const ways: [string, (topic: FanOutTopic) => void][] = [
    ['addTopic', (topic) => { archive.addTopic('Archive', topic); }],
    ['addFifoTopic', (topic) => { archive.addFifoTopic('Archive', topic); }],
  ];

  test.each(ways)('may be as large as sure to fit into SQS in their envelope: %s', (_way, add) => {
    expect(JSON.stringify({ Message: '\n'.repeat(largest) }).length).toBeLessThan(1024 * 1024);
    add(withMessagesOf(largest));
    expect(synthesize).not.toThrow();
  });

  test.each(ways)('fail when they can be larger, which SNS would drop: %s', (_way, add) => {
    add(withMessagesOf(largest + 1));
    expect(synthesize).toThrow("[Test/Archive] 'maximumMessageSize' of the topic 'Test/Large' must be at most 348501 bytes, got 348502: in its envelope, "
      + 'a larger message can be too large for SQS, and SNS would drop it');
  });

  test('are not looked at where their size is known at deployment only', () => {
    archive.addTopic('Archive', withMessagesOf(Lazy.number({ produce: () => 1_048_576 })));
    expect(synthesize).not.toThrow();
  });
});

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
test('fails when the prefix is longer than 256 characters, which would leave less room in keys and in the environment', () => {
  expect(() => new MessageArchive(stack, 'Long', { handlerCode, prefix: 'p'.repeat(257) })).toThrow("Test/Long: 'prefix' must have from 1 to 256 characters, got 257");
});

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
describe('An archive with an imported customer key', () => {
  const withImportedKey = (policiesManagedElsewhere?: boolean): void => {
    stack = newStack();
    archive = new MessageArchive(stack, 'Archive', { handlerCode, encryptionKey: importedKeyIn(stack), policiesManagedElsewhere });
  };
  const ways: [string, () => void, string][] = [
    ['addTopic', () => { archive.addTopic('Archive', topicNamed('Orders')); }, 'Test/Orders/Archive'],
    ['addFifoTopic', () => { archive.addFifoTopic('Orders', topicNamed('Orders')); }, 'Test/Orders/ArchiveOrders'],
  ];

  test.each(ways)('fails with the statement that the policy of the key needs: %s', (_way, add, path) => {
    withImportedKey();
    expect(add).toThrow(`${path}: the policy of the encryption key 'Test/ImportedKey' must let SNS deliver, and cannot be changed from here. Add this `
      + `statement to it and set 'policiesManagedElsewhere': {"Action":["kms:Decrypt","kms:GenerateDataKey*"]`);
  });

  test.each(ways)('takes it that the policy of the key is managed elsewhere, and delivers the envelope: %s', (_way, add) => {
    withImportedKey(true);
    add();
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SNS::Subscription', 1);
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'sqs', RawMessageDelivery: false });
  });
});
