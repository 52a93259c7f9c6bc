import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AlarmKind, AlarmSet } from '../../lib/alarm-set';
import { ChannelAlarm } from '../../lib/channel-alarm';
import { ConsumerAlarms } from '../../lib/consumer-alarms';
import { ConsumerFunction } from '../../lib/consumer-function';
import { DeadLetterConsumer } from '../../lib/dead-letter-consumer';
import { DurableQueue } from '../../lib/durable-queue';
import { FanOutTopic } from '../../lib/fan-out-topic';
import { QuarantineAlarm } from '../../lib/quarantine-alarm';
import { QueueAlarms } from '../../lib/queue-alarms';
import { QueueConsumer } from '../../lib/queue-consumer';
import { TopicAlarms } from '../../lib/topic-alarms';

const root = join(__dirname, '../..');
const runbook = readFileSync(join(root, 'RUNBOOK.md'), 'utf8');
const sections = runbook.split(/^## /m).slice(1).map((section) => {
  const [heading, ...lines] = section.split('\n');
  return { heading, text: lines.join('\n') };
});
const anchorOf = (heading: string): string => heading.toLowerCase().replaceAll(' ', '-');

interface AlarmResource {
  readonly Properties: { readonly AlarmDescription: string };
}

/** The descriptions of every kind of alarm that this library makes. */
function descriptions(runbookUrl?: string): string[] {
  const stack = new Stack(new App(), 'Test');
  const queue = new DurableQueue(stack, 'Queue');
  const { function: handler } = new ConsumerFunction(stack, 'Function', { code: lambda.Code.fromInline('exports.handler = async () => {};') });
  const consumer = new QueueConsumer(stack, 'Consumer', { queue, handler, maxConcurrency: 10 });
  const common = { alarms: AlarmSet.complete(), runbookUrl };
  const alarms = [
    new QueueAlarms(stack, 'QueueAlarms', { queue, ...common }),
    new ConsumerAlarms(stack, 'ConsumerAlarms', { function: handler, consumer, ...common }),
    new TopicAlarms(stack, 'TopicAlarms', { topic: new FanOutTopic(stack, 'Topic'), ...common }),
  ].flatMap((group) => group.alarms);
  const deadLetterConsumer = new DeadLetterConsumer(stack, 'DeadLetters', { queue: new DurableQueue(stack, 'Other'), handler });
  new QuarantineAlarm(stack, 'QuarantineAlarm', { deadLetterConsumer, runbookUrl });
  new ChannelAlarm(stack, 'ConsumerChannel', { alarms, runbookUrl });
  return descriptionsIn(stack);
}

function descriptionsIn(stack: Stack): string[] {
  const template = Template.fromStack(stack);
  const alarms = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'].flatMap((type) => Object.values(template.findResources(type)));
  return (alarms as AlarmResource[]).map(({ Properties }) => Properties.AlarmDescription);
}

describe('RUNBOOK.md', () => {
  test('has one heading for each kind of alarm, and no other', () => {
    const linked = descriptions().map((description) => description.split('#')[1]);
    expect(sections.map(({ heading }) => anchorOf(heading)).sort()).toEqual([...linked].sort());
    expect(new Set(linked).size).toBe(linked.length);
  });

  test('is linked from every alarm at the repository that package.json names', () => {
    const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { repository: { url: string } };
    const address = repository.url.replace(/\.git$/, '/blob/main/RUNBOOK.md#');
    for (const description of descriptions()) expect(description).toContain(` Runbook: ${address}`);
  });

  test('can be another one', () => {
    const all = descriptions('https://wiki.example.com/runbook');
    expect(all).toHaveLength(Object.keys(AlarmKind).length + 2);
    for (const description of all) expect(description).toMatch(/ Runbook: https:\/\/wiki\.example\.com\/runbook#[a-z-]+$/);
  });

  test.each(sections)('$heading says what happened, what to look at, what to do, and when it is over', ({ text }) => {
    const parts = ['**What happened.**', '**Look at.**', '**Do.**', '**Over when**'].map((part) => text.indexOf(part));
    expect(parts).toEqual([...parts].sort((one, other) => one - other));
    expect(parts[0]).toBeGreaterThanOrEqual(0);
    expect(text).toContain('```sh\n');
  });

  test('links only headings that it has', () => {
    const links = [...runbook.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(0);
    expect(sections.map(({ heading }) => anchorOf(heading))).toEqual(expect.arrayContaining(links));
  });
});

describe('The description of an alarm', () => {
  test('names the construct in two sentences before the link', () => {
    for (const description of descriptions()) {
      expect(description).toMatch(/Test\/(Queue|Topic|Function|ConsumerChannel|DeadLetters)/);
      expect(description.split(' Runbook: ')[0]).toMatch(/^[A-Z].*\. [A-Z].*\.$/);
    }
  });

  test('keeps the whole link within the 1,024 characters of CloudWatch where the path is very long', () => {
    const stack = new Stack(new App(), 'Test');
    const queue = new DurableQueue(stack, `Queue${'x'.repeat(1200)}`);
    new QueueAlarms(stack, 'Alarms', { queue });
    for (const description of descriptionsIn(stack)) {
      expect(description).toHaveLength(1024);
      expect(description).toMatch(/… Runbook: https:\S+#[a-z-]+$/);
    }
  });
});
