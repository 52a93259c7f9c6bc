import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { Fault, FunctionFault, Simulation } from '../../../simulator';
import { start, stopAll, whereabouts } from './fixture';

afterEach(stopAll);

/** The orders, one a second, at which a fault hit the worker. */
async function hits(fault: Omit<FunctionFault, 'kind'>, seed = 1): Promise<number[]> {
  const simulation = await start({ seed, faults: [{ kind: 'functionError', ...fault }], handlers: { Worker: () => undefined } });
  for (let order = 0; order < 40; order++) {
    await simulation.queue('Work').send(String(order));
    await simulation.advance(Duration.seconds(1));
  }
  return simulation.faults.injected.map(({ at }) => (at.getTime() - Date.UTC(2026, 0, 5, 9)) / 1000);
}

describe('when a fault hits', () => {
  test('each call, without anything else', async () => {
    expect(await hits({})).toHaveLength(40);
  });

  test('the calls with the numbers that it was given', async () => {
    expect(await hits({ calls: [1, 4] })).toEqual([0, 3]);
  });

  test('no more often than it was told', async () => {
    expect(await hits({ times: 2 })).toEqual([0, 1]);
  });

  test.each([
    ['milliseconds since the beginning', 3_000, 5_000],
    ['ISO 8601 text', '2026-01-05T09:00:03Z', '2026-01-05T09:00:05Z'],
    ['dates', new Date('2026-01-05T09:00:03Z'), new Date('2026-01-05T09:00:05Z')],
  ])('a window of virtual time in %s, its end left out', async (_form, from, until) => {
    expect(await hits({ from, until })).toEqual([3, 4]);
  });

  test('a share of the calls, the same ones under the same seed', async () => {
    const [one, same, other] = [await hits({ share: 0.5 }), await hits({ share: 0.5 }), await hits({ share: 0.5 }, 2)];
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
    expect(one.length).toBeGreaterThan(8);
    expect(one.length).toBeLessThan(32);
  });

  test('numbers count within the window, and two faults hit one after the other', async () => {
    const simulation = await start({ handlers: { Worker: () => undefined } });
    simulation.faults.add({ kind: 'functionError', times: 1, message: 'first' }, { kind: 'functionError', times: 1, message: 'second' });
    const messageId = await simulation.queue('Work').send('one');
    await simulation.advance(Duration.minutes(3));
    expect(simulation.trace(messageId).steps.filter(({ action }) => action === 'failed').map(({ reason }) => reason)).toEqual(['Error: first', 'Error: second']);
    expect(await hits({ from: 3_000, calls: [2] })).toEqual([4]);
  });

  test('no more after it was cleared', async () => {
    const simulation = await start({ faults: [{ kind: 'functionError' }, { kind: 'serviceError' }, { kind: 'deliveryFailure' }] });
    simulation.faults.clear();
    await simulation.topic('Orders').publish('one');
    await simulation.advance(Duration.seconds(5));
    expect(whereabouts(simulation)).toMatchObject({ done: ['one'] });
  });
});

describe('a run with many faults', () => {
  const faults: Fault[] = [
    { kind: 'functionError', share: 0.2 }, { kind: 'functionKill', share: 0.1 }, { kind: 'functionKill', afterCalls: 1, share: 0.1 },
    { kind: 'functionTimeout', share: 0.05 }, { kind: 'functionThrottle', share: 0.1 }, { kind: 'functionDelay', delay: 900, share: 0.3 },
    { kind: 'serviceError', share: 0.1 }, { kind: 'serviceThrottle', share: 0.1 }, { kind: 'lostResponse', share: 0.1 },
    { kind: 'serviceDelay', delay: 400, share: 0.1 }, { kind: 'deliveryFailure', share: 0.2 },
  ];

  async function run(): Promise<Simulation> {
    const simulation = await start({ faults });
    for (let order = 0; order < 60; order++) {
      await simulation.topic('Orders').publish(`order ${order}`);
      await simulation.advance(Duration.seconds(1));
    }
    await simulation.advance(Duration.minutes(30));
    return simulation;
  }

  test('loses nothing: each message is processed or a dead letter; and repeats exactly', async () => {
    const simulation = await run();
    const { done, deadLetters, undelivered, left } = whereabouts(simulation);

    expect(left).toEqual([]);
    expect(undelivered).toEqual([]);
    expect(new Set([...done, ...deadLetters]).size).toBe(60);
    expect(new Set(simulation.faults.injected.map(({ kind }) => kind)).size).toBe(10);
    expect((await run()).faults.injected).toEqual(simulation.faults.injected);
  });
});

describe('faults that cannot be', () => {
  test('are told all at once, by property, range and value, and none of them is added', async () => {
    const simulation = await start();
    expect(() => simulation.faults.add(
      { kind: 'functionEror' as 'functionError' },
      { kind: 'functionError', share: 1.5, calls: [0], times: 0.5, resource: '' },
      { kind: 'functionDelay', resource: 'Wroker' },
      { kind: 'functionTimeout' },
      { kind: 'serviceError', service: 'sqss' as 'sqs', from: 'yesterday', until: -1, delay: 5 },
      { kind: 'deliveryFailure', status: 200, resource: 'Nobody', topic: 'Nothing' },
      { kind: 'deliveryFailure', resource: 'Nobody', topic: 'Nothing' },
      null as unknown as Fault,
    )).toThrow([
      'these faults cannot be injected:',
      "- fault 1: 'kind' must be one of functionError, functionTimeout, functionThrottle, functionKill, functionDelay, serviceError, "
        + 'serviceThrottle, serviceDelay, lostResponse, deliveryFailure, got "functionEror"',
      "- fault 2: 'share' must be above 0 and at most 1, got 1.5",
      "- fault 2: 'calls' must be a list of whole numbers from 1, got [0]",
      "- fault 2: 'times' must be a whole number from 1, got 0.5",
      "- fault 2: 'resource' must be a construct path, got \"\"",
      "- fault 3: 'delay' must be milliseconds above 0, got undefined",
      "- fault 5: 'service' must be one of sqs, sns, s3, cloudwatch, dynamodb, firehose, cloudformation, got \"sqss\"",
      "- fault 5: 'from' must be a date, ISO 8601 text, or milliseconds from 0 since the simulation began, got \"yesterday\"",
      "- fault 5: 'until' must be a date, ISO 8601 text, or milliseconds from 0 since the simulation began, got -1",
      "- fault 5: 'delay' is no property of a serviceError, only kind, share, from, until, calls, times, resource, service, operation",
      "- fault 6: 'status' must be from 400 to 599, got 200",
      "- fault 7: no AWS::SQS::Queue or AWS::Lambda::Function at 'Nobody'; there are: DeadLetters, Work, Undelivered, Done, Worker",
      "- fault 7: no AWS::SNS::Topic at 'Nothing'; there are: Orders, News",
      '- fault 8: must be an object, got null',
    ].join('\n'));
    await simulation.queue('Work').send('one');
    await simulation.advance(Duration.seconds(5));
    expect(whereabouts(simulation)).toMatchObject({ done: ['one'] });
  });

  describe('in a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'faults-'));
    const file = (content: string): string => {
      const path = join(folder, 'faults.json');
      writeFileSync(path, content);
      return path;
    };
    afterAll(() => rmSync(folder, { recursive: true }));

    test('are injected', async () => {
      const simulation = await start({ faults: file('[{ "kind": "functionError", "times": 1 }]') });
      await simulation.queue('Work').send('one');
      await simulation.advance(Duration.seconds(5));
      expect(simulation.faults.injected).toHaveLength(1);
    });

    test.each([
      ['that is not there', () => join(folder, 'none.json'), /'faults' must name a JSON file with a list of faults: .*none.json: ENOENT/],
      ['that is no JSON', () => file('kind: functionError'), /'faults' must name a JSON file with a list of faults: .*faults.json: Unexpected token/],
      ['that holds no list', () => file('{}'), /'faults' must name a JSON file with a list of faults: .*faults.json holds no list/],
      ['with wrong ones', () => file('[{ "kind": "functionDelay", "delay": -1 }]'), /- fault 1: 'delay' must be milliseconds above 0, got -1/],
    ])('%s end the start with an error', async (_what, path, error) => {
      await expect(start({ faults: path() })).rejects.toThrow(error);
    });
  });
});
