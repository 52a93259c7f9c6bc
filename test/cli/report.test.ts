import type { Simulation } from '../../simulator';
import { Events } from '../../simulator/events';
import type { Observation } from '../../cli/report/observe';
import { type Output, pageOn, printActivityOf, printAlarms } from '../../cli/report/page';
import { printActivity } from '../../cli/simulate/activity';
import { printLeftOut } from '../../cli/simulate/print-left-out';
import { printResources } from '../../cli/simulate/print-resources';
import { progressOn } from '../../cli/start/progress';
import { printReport } from '../../cli/start/print-report';
import type { Report } from '../../cli/start/report';

function printed(print: (output: Output) => void, isTTY = false): string {
  let text = '';
  print({ write: (more) => { text += more; }, isTTY });
  return text;
}

const nothing: Observation = { topics: [], queues: [], functions: [], alarms: [], denials: [] };
const queue = (name: string, waiting = 0): Observation['queues'][number] => (
  { name, sent: 0, received: 0, deleted: 0, waiting, inFlight: 0, deadLetters: 0 }
);
const alarm = (name: string, ...states: ('OK' | 'ALARM')[]): Observation['alarms'][number] => ({
  name, state: states.at(-1) ?? 'OK', changes: states.map((to) => ({ at: '2026-01-05T09:00:00.000Z', from: 'OK', to, reason: 'why' })),
});
const activity = (observation: Partial<Observation>): string => (
  printed((output) => { printActivityOf({ ...nothing, ...observation }, pageOn(output)); })
);
const alarms = (observation: Partial<Observation>): string => printed((output) => { printAlarms({ ...nothing, ...observation }, pageOn(output)); });

describe('a table of a report', () => {
  const table = (rows: readonly (readonly (string | number)[])[]): string => printed((output) => { pageOn(output).table('Title', ['name', 'count', 'kind'], rows); });

  test('has texts to the left, numbers to the right, and ends with an empty line', () => {
    expect(table([['a', 1, 'x'], ['bcdefg', 1234567, 'long']])).toBe([
      'Title', '  name        count  kind', '  a               1  x', '  bcdefg  1,234,567  long', '', '',
    ].join('\n'));
  });

  test('has its first column to the left, numbers or not', () => {
    expect(printed((output) => { pageOn(output).table('Title', ['objects', 'bytes'], [[3, 4096]]); })).toBe('Title\n  objects  bytes\n  3        4,096\n\n');
  });

  test('is left out where it has no rows', () => {
    expect(table([])).toBe('');
  });
});

describe('the activity of a run', () => {
  test('names the queues that saw a message, and counts the others', () => {
    const text = activity({ queues: [queue('Busy', 1), queue('Idle'), queue('Idle too')] });
    expect(text).toMatch(/^ {2}Busy /m);
    expect(text).not.toMatch(/^ {2}Idle/m);
    expect(text).toContain('  2 more queues saw no message.\n');
    expect(activity({ queues: [queue('Busy', 1)] })).not.toContain('more queues');
    expect(activity({ queues: [queue('Idle')] })).toBe('\n  1 more queues saw no message.\n\n');
  });

  test('names alarms that went off, and counts those that stayed quiet', () => {
    expect(alarms({ alarms: [alarm('Off', 'ALARM', 'OK'), alarm('Still', 'ALARM'), alarm('Quiet'), alarm('Calm', 'OK')] })).toBe([
      'Alarms', '  OK     Off', '         2026-01-05 09:00:00  OK → ALARM', '         2026-01-05 09:00:00  OK → OK',
      '  ALARM  Still', '         2026-01-05 09:00:00  OK → ALARM', '  2 more never went into ALARM.', '', '',
    ].join('\n'));
    expect(alarms({ alarms: [alarm('Still', 'ALARM')] })).not.toContain('never went');
  });

  test('says nothing of alarms and denials where there are none', () => {
    expect(alarms({})).toBe('');
    expect(alarms({ denials: [{ principal: 'role', action: 'sqs:SendMessage', resource: 'queue', reason: 'no policy allows it' }] }))
      .toBe('Denied\n  role: sqs:SendMessage on queue, no policy allows it\n\n');
  });
});

test('the report shows what is in the archive', () => {
  const report = {
    ...nothing, input: { orders: 0, published: 0, defects: [], refused: [] }, archive: { objects: 2, messages: 30, bytes: 4000 },
    account: { published: 0, sent: 0, processed: 0, deadLetters: 0, filteredOut: 0, archived: 0, missing: [{ messageId: 'id-1', reason: 'not in the archive' }] },
  } as unknown as Report;
  const text = printed((output) => { printReport(report, output); });
  expect(text).toContain('Archive\n  objects  messages  bytes\n  2              30  4,000\n');
  expect(text).toContain('  1 messages are missing:\n  id-1  not in the archive\n');
});

describe('progress', () => {
  const shown = (isTTY: boolean): string => printed((output) => {
    const progress = progressOn(output);
    progress.show('Publishing', 0);
    progress.show('Publishing', 0.125);
    progress.show('Waiting');
    progress.done('Published 3 orders.');
  }, isTTY);

  test('in a terminal is one line that is rewritten, with the share that is done', () => {
    expect(shown(true)).toBe(['Publishing … 0 %', 'Publishing … 12 %', 'Waiting …', 'Published 3 orders.'].map((text) => `\r\u001b[2K${text}`).join('') + '\n');
  });

  test('elsewhere is one line a step', () => {
    expect(shown(false)).toBe('Publishing …\nWaiting …\nPublished 3 orders.\n');
  });
});

describe('the resources that are served', () => {
  const resources = (count: number): string => printed((output) => {
    const queues = Array.from({ length: count }, (_, index) => ({ arn: `queue-${index}`, url: `http://queue/${index}` }));
    printResources({ queues, topics: [], functions: [], buckets: [], alarms: [], traces: { name: (arn: string) => arn } } as unknown as Simulation, output);
  });

  test('are twelve of a kind at most, and it is said how many more there are', () => {
    expect(resources(12)).toMatch(/^\nQueues\n/);
    expect(resources(12)).not.toContain('more');
    expect(resources(15)).toMatch(/^\nQueues \(15\)\n/);
    expect(resources(15).match(/http:/g)).toHaveLength(12);
    expect(resources(15)).toContain('  … and 3 more: see aws sqs list-queues\n');
  });
});

describe('what is left out', () => {
  const leftOut = (...ones: object[]): string => printed((output) => { printLeftOut({ leftOut: ones } as unknown as Simulation, output); });

  test('is not spoken of where it is nothing', () => {
    expect(leftOut()).toBe('');
  });

  test('is a line for each type and property, in order, with how many there are', () => {
    const type = 'AWS::EC2::Subnet';
    expect(leftOut(
      { stackName: 'Shop', path: 'One', type }, { stackName: 'Shop', path: 'Two', type }, { stackName: 'Shop', path: 'Vpc', type: 'AWS::EC2::VPC', reason: 'why' },
      { stackName: 'Shop', path: 'Key', type: 'AWS::A::B', property: 'C' },
    )).toBe([
      '', 'Left out, as the simulator does not model it:', '  AWS::A::B.C       Shop/Key', '  AWS::EC2::Subnet  Shop/One and 1 more',
      '  AWS::EC2::VPC     Shop/Vpc: why', '',
    ].join('\n'));
  });
});

test('alarms, dead letters and failures are told as they happen', () => {
  const events = new Events();
  const text = printed((output) => {
    printActivity({ events, traces: { name: (arn: string) => `the ${arn}` } } as unknown as Simulation, output);
    const at = Date.UTC(2026, 0, 5, 9, 5, 7);
    const emit = (event: object): void => { events.emit({ at, messageId: 'id', to: 'other', reason: 'why', receiveCount: 3, key: 'key', ...event } as never); };
    emit({ service: 'cloudwatch', action: 'changed', resource: 'alarm', from: 'OK', to: 'ALARM' });
    for (const action of ['sent', 'moved', 'expired']) emit({ service: 'sqs', action, resource: 'queue' });
    for (const action of ['delivered', 'failed', 'redriven']) emit({ service: 'sns', action, resource: 'topic' });
    for (const action of ['put', 'notificationFailed']) emit({ service: 's3', action, resource: 'bucket' });
    for (const action of ['started', 'failed', 'timedOut', 'throttled']) emit({ service: 'lambda', action, resource: 'function', error: undefined });
  });
  expect(text.trimEnd().split('\n')).toEqual([
    'alarm the alarm: OK → ALARM: why',
    'message id moved from the queue to the other (receive count 3)', 'message id expired in the queue',
    'message id of the topic could not be delivered: why', "message id of the topic went to the subscription's dead-letter queue the other",
    'object key of the bucket could not be notified to the other: why',
    'function the function failed: no reason given', 'function the function timed out', 'function the function was throttled',
  ].map((line) => `09:05:07  ${line}`));
});
