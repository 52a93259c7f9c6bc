import * as fc from 'fast-check';
import type { ReceivedMessage } from '../../../simulator/contracts';
import type { Queue } from '../../../simulator/sqs';
import { Harness, second, send } from './harness';

type Step =
  | { readonly do: 'send'; readonly group: string; readonly delay: number }
  | { readonly do: 'receive'; readonly maximum: number; readonly visibilityTimeout: number }
  | { readonly do: 'delete' | 'return'; readonly which: number }
  | { readonly do: 'advance'; readonly seconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('send' as const), group: fc.constantFrom('g', 'h', 'i'), delay: fc.constantFrom(0, 0, 7) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('receive' as const), maximum: fc.integer({ min: 1, max: 4 }), visibilityTimeout: fc.constantFrom(0, 5, 20, 90) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('delete' as const, 'return' as const), which: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('advance' as const), seconds: fc.constantFrom(1, 6, 21, 61) }) },
);

/** Runs the steps on a queue with a dead-letter queue, and checks after each what must hold of every message at all times. */
async function run(fifo: boolean, steps: readonly Step[]): Promise<void> {
  const harness = new Harness();
  const suffix = fifo ? '.fifo' : '';
  const deadLetters = harness.queue({ name: `DeadLetters${suffix}`, fifo: fifo || undefined, messageRetentionPeriod: 600 });
  const queue = harness.queue({
    name: `Orders${suffix}`, fifo: fifo || undefined, messageRetentionPeriod: 60,
    redrivePolicy: { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 2 },
  });
  const world = new World(harness, queue, deadLetters);
  for (const each of steps) {
    await world.take(each);
    world.check();
  }
}

class World {
  private readonly sent = new Map<string, { group: string; order: number }>();
  private readonly deleted = new Set<string>();
  private readonly received: ReceivedMessage[] = [];

  constructor(private readonly harness: Harness, private readonly queue: Queue, private readonly deadLetters: Queue) {}

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'send': {
        const order = this.sent.size;
        const id = send(this.queue, `message ${order}`, this.queue.fifo
          ? { messageGroupId: step.group, messageDeduplicationId: String(order) }
          : { delaySeconds: step.delay });
        this.sent.set(id, { group: step.group, order });
        break;
      }
      case 'receive': this.receive(step.maximum, step.visibilityTimeout); break;
      case 'advance': await this.harness.clock.advance(step.seconds * second); break;
      default: {
        const message = this.received[step.which % Math.max(1, this.received.length)];
        if (message !== undefined) this.settle(step.do, message);
      }
    }
  }

  check(): void {
    const here = this.queue.snapshot().map(({ messageId }) => messageId);
    const dead = this.deadLetters.snapshot().map(({ messageId }) => messageId);
    const of = (action: string): string[] => this.harness.events.filter((event) => event.action === action).map(({ messageId }) => messageId);
    // Moved messages are in the dead-letter queue or expired there, so that these four are all the places to end at.
    expect([...here, ...dead, ...this.deleted, ...of('expired')].sort()).toEqual([...this.sent.keys()].sort());
    expect(of('deleted').sort()).toEqual([...this.deleted].sort());
    expect(new Set(of('moved')).size).toBe(of('moved').length);

    const states = this.queue.snapshot().map(({ state }) => state);
    const count = (state: string): number => states.filter((each) => each === state).length;
    expect(this.queue.depth()).toEqual({ visible: count('visible'), inFlight: count('inFlight'), delayed: count('delayed') });
    expect(this.queue.size).toBe(here.length);
  }

  private receive(maximum: number, visibilityTimeout: number): void {
    const before = this.queue.snapshot();
    const messages = this.queue.receive(maximum, { visibilityTimeout });
    const moved = new Set(this.harness.events.filter(({ action }) => action === 'moved').map(({ messageId }) => messageId));
    const receivable = before.filter(({ state, messageId }) => state === 'visible' && !moved.has(messageId));
    const groupOf = (id: string): string => this.sent.get(id)!.group;

    expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(messages.length);
    for (const { messageId } of messages) expect(receivable.map((message) => message.messageId)).toContain(messageId);
    if (!this.queue.fifo) {
      // All that is left visible would have made the receive too large.
      expect(messages.length === maximum || messages.length === receivable.length).toBe(true);
    } else {
      const locked = new Set(before.filter(({ state }) => state === 'inFlight').map(({ messageId }) => groupOf(messageId)));
      for (const group of new Set(messages.map(({ messageId }) => groupOf(messageId)))) {
        expect(locked.has(group)).toBe(false);
        const got = messages.map(({ messageId }) => messageId).filter((id) => groupOf(id) === group);
        const inOrder = receivable.map(({ messageId }) => messageId).filter((id) => groupOf(id) === group);
        expect(got).toEqual(inOrder.slice(0, got.length));
      }
      const free = receivable.filter(({ messageId }) => !locked.has(groupOf(messageId)));
      expect(messages.length).toBe(Math.min(maximum, free.length));
    }
    this.received.push(...messages);
  }

  private settle(action: 'delete' | 'return', { messageId, receiptHandle }: ReceivedMessage): void {
    const wasHere = this.queue.snapshot().some((message) => message.messageId === messageId);
    try {
      if (action === 'delete') this.queue.delete(receiptHandle);
      else this.queue.changeVisibility(receiptHandle, 0);
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^(InvalidParameterValue|MessageNotInflight)$/) as string });
    }
    const isHere = this.queue.snapshot().some((message) => message.messageId === messageId);
    if (wasHere && !isHere) this.deleted.add(messageId);
  }
}

test.each([['standard', false], ['FIFO', true]])('a %s queue neither loses nor doubles a message, whatever is done to it', async (_, fifo) => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), (steps) => run(fifo, steps)), { numRuns: 80, seed: 20_260_105 });
});
