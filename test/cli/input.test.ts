import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Delivery, Simulation } from '../../simulator';
import { accountOf } from '../../cli/simulate/account';
import { duration } from '../../cli/simulate/duration';
import { readMessages } from '../../cli/simulate/messages';
import { accountFor } from '../../cli/start/account-for';
import { deployWithCommandLine, DeploymentError } from '../../cli/start/deploy';
import { untilInterrupted } from '../../cli/until-interrupted';

const folder = mkdtempSync(join(tmpdir(), 'input-'));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('a duration', () => {
  test.each([['1s', 1000], ['90s', 90_000], ['15m', 900_000], ['2h', 7_200_000], ['366d', 31_622_400_000]])('of %s is %i ms', (text, milliseconds) => {
    expect(duration(text)).toBe(milliseconds);
  });

  test.each(['0s', '367d', '8785h', '1', 's', '1w', '-1s', '1.5h'])('is refused: %s', (text) => {
    expect(() => duration(text)).toThrow('It must be from 1s to 366d, such as 90s, 15m, 2h or 1d.');
  });
});

describe('the messages of an input', () => {
  const read = (...lines: unknown[]) => readMessages(file('input.ndjson', lines.map((line) => JSON.stringify(line)).join('\n')), 60);

  test('are in the order of their time, and at the beginning where they name none', () => {
    const messages = read({ queue: 'Q', body: 'last', at: 60 }, { queue: 'Q', body: 'second', at: 0.5 }, { topic: 'T', body: { a: 1 } });
    expect(messages.map(({ line, to, at, body }) => [line, to, at, body])).toEqual([[3, 'topic', 0, '{"a":1}'], [2, 'queue', 0.5, 'second'], [1, 'queue', 60, 'last']]);
  });

  test.each([
    [null, 'must be an object'], ['text', 'must be an object'], [1, 'must be an object'], [[], 'must be an object'],
    [{ queue: 'Q', body: 1, at: -0.5 }, "must have 'at' from 0 to 60 seconds, got -0.5"], [{ queue: 'Q', body: 1, at: 60.5 }, "must have 'at' from 0 to 60 seconds"],
    [{ queue: 'Q', body: 1, attributes: null }, "as 'attributes'"], [{ queue: 'Q', body: 1, attributes: ['a'] }, "as 'attributes'"],
    [{ queue: 'Q', body: 1, attributes: { a: [1] } }, "as 'attributes'"],
  ])('are refused where a line is wrong: %j', (line, problem) => {
    expect(() => read(line)).toThrow(problem);
  });
});

describe('a delivery', () => {
  const simulation = (...deliveries: Partial<Delivery>[]) => ({
    topic: () => ({ arn: 'arn:topic' }), queues: [], traces: { name: (arn: string) => (arn.startsWith('arn:') ? `the ${arn}` : arn) },
    ledger: { published: () => [{ messageId: 'id', topic: 'arn:topic', deliveries }], queued: () => [], inQueue: () => undefined },
  }) as unknown as Simulation;
  const archive = { objects: 1, messages: 1, bytes: 1, messageIds: new Set(['archived']) };
  const archived = { outcome: 'delivered', messageId: 'archived' } as const;

  test('that was given up is missing, with its endpoint and the reason', () => {
    const failed = { outcome: 'failed', to: 'arn:aws:sqs:us-east-1:000000000000:work', reason: 'denied' } as const;
    expect(accountFor(simulation(archived, failed), ['Orders'], archive).missing)
      .toEqual([{ messageId: 'id', reason: 'not found at an unknown endpoint; lost at work: denied' }]);
    expect(accountOf(simulation(failed)).missing).toEqual([{ messageId: 'id', reason: `not delivered to the ${failed.to}: denied` }]);
    expect(accountOf(simulation({ ...failed, to: undefined })).missing).toEqual([{ messageId: 'id', reason: 'not delivered to its endpoint: denied' }]);
  });

  test('that went to the subscription\'s dead-letter queue is a dead letter', () => {
    expect(accountFor(simulation({ outcome: 'redriven' }), ['Orders'], archive)).toMatchObject({ deadLetters: 1, processed: 0 });
    expect(accountOf(simulation({ outcome: 'redriven' }))).toMatchObject({ deadLetters: 1, processed: 0, missing: [] });
  });
});

describe('a deployment', () => {
  const deploy = async (source: string) => {
    const progress: [string, number?][] = [];
    const deployed = deployWithCommandLine(folder, { program: file('program.js', source), endpoint: 'http://127.0.0.1:1' }, (...told) => { progress.push(told); });
    return { error: await deployed.then(() => undefined, (caught: unknown) => caught), progress };
  };
  const step = 'Deploying it with cdk deploy';

  test('tells how far it is, by what the command line prints', async () => {
    const { error, progress } = await deploy('console.log("Shop | 1/4 | CREATE\\nShop |  5/4 | CREATE\\nno progress")');
    expect(error).toBeUndefined();
    expect(progress).toEqual([[step], [step, 0.25], [step, 1]]);
  });

  test('that fails gives its status and all that it printed', async () => {
    const { error } = await deploy('console.log("to output"); console.error("to errors"); process.exitCode = 3;');
    expect(error).toBeInstanceOf(DeploymentError);
    expect((error as Error).message).toMatch(/^cdk deploy ended with status 3:\n/);
    for (const text of ['to output', 'to errors']) expect((error as Error).message).toContain(text);
  });
});

test.each(['SIGINT', 'SIGTERM'])('%s ends the waiting, and nothing keeps the process alive any more', async (signal) => {
  jest.useFakeTimers();
  const listeners = new Map<string | symbol, () => void>();
  const once = jest.spyOn(process, 'once').mockImplementation((name, listener) => {
    listeners.set(name, listener as () => void);
    return process;
  });
  try {
    const interrupted = untilInterrupted();
    expect(jest.getTimerCount()).toBe(1);
    listeners.get(signal)!();
    await interrupted;
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    once.mockRestore();
    jest.useRealTimers();
  }
});
