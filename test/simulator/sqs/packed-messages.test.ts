import * as fc from 'fast-check';
import { Message, noAttributes } from '../../../simulator/sqs/message';
import { MessageTable } from '../../../simulator/sqs/message-table';
import { PackedMessages } from '../../../simulator/sqs/packed-messages';
import { hashOf, PackedSends } from '../../../simulator/sqs/packed-sends';
import { Harness, caller } from './harness';

function waiting(body: string, change: Partial<Message> = {}): Message {
  return Object.assign(new Message('id', body, noAttributes, Buffer.byteLength(body), 'sender', 7), { state: 'visible' }, change);
}

/** Adds so many messages that wait. */
function fill(table: MessageTable, count: number): Message[] {
  const messages = Array.from({ length: count }, (_, number) => waiting(String(number)));
  for (const each of messages) {
    table.add(each);
    table.pack(each);
  }
  return messages;
}

const stretches = (table: MessageTable): unknown[] => Reflect.get(table, 'stretches') as unknown[];

/*
 * What is sent is what is received:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
 */
describe('packed messages', () => {
  const identifier = fc.option(fc.stringMatching(/^[!-~]{1,128}$/), { nil: undefined });
  const message = fc.record({
    body: fc.oneof(fc.string({ minLength: 1 }), fc.string({ minLength: 1, unit: 'binary' }), fc.constant('ü'.repeat(9000))),
    groupId: identifier, deduplicationId: identifier, traceHeader: fc.option(fc.string(), { nil: undefined }),
    attributes: fc.constantFrom(noAttributes, { kind: { dataType: 'String', stringValue: 'Größe' } }),
    sentAt: fc.nat(), senderId: fc.string(), attributeBytes: fc.nat(99),
  });

  test('come out as they went in', () => {
    fc.assert(fc.property(fc.array(message, { minLength: 1, maxLength: 16 }), (properties) => {
      const packed = new PackedMessages(16);
      const all = properties.map(({ body, sentAt, senderId, attributes, attributeBytes, ...rest }, row) => {
        const bytes = Buffer.byteLength(body) + (attributes === noAttributes ? 0 : attributeBytes);
        return Object.assign(new Message(`id ${row}`, body, attributes, bytes, senderId, sentAt), { state: 'visible', serial: 32 + row }, rest);
      });
      // some together, the last one alone
      packed.pack(all.slice(0, -1));
      packed.pack(all.slice(-1));
      expect(all.map(({ serial }) => packed.unpack(serial))).toEqual(all);
    }), { numRuns: 200, seed: 1 });
  });

  test('of a queue are received whole, in any number', () => {
    const queue = new Harness().queue();
    const attributes = { kind: { dataType: 'String', stringValue: 'order' } };
    const bodies = Array.from({ length: 2500 }, (_, number) => `${number % 3 === 0 ? 'Größe 😀' : 'size'} ${number}`);
    const sent = bodies.map((body) => queue.send({ body, attributes, messageGroupId: 'g', traceHeader: 'Root=1' }, caller).messageId);
    for (const [number, body] of bodies.entries()) {
      const [received] = queue.receive(1);
      expect(received).toMatchObject({ body, attributes, messageId: sent[number], systemAttributes: { MessageGroupId: 'g', AWSTraceHeader: 'Root=1' } });
      queue.delete(received.receiptHandle);
    }
    expect(queue.size).toBe(0);
  });
});

describe('the table of messages', () => {
  test('keeps what waits as bytes once newer messages have followed, also while it is looked through, and makes an object of what is asked for', () => {
    const table = new MessageTable();
    const messages = fill(table, 1025);
    expect(Array.from(table, ({ body }) => body)).toEqual(messages.map(({ body }) => body));
    expect([...table][0]).not.toBe([...table][0]);
    expect(table.get(1)).toBe(table.get(1));
    expect(table.get(1)).not.toBe(messages[1]);
    expect([...table][1]).toBe(table.get(1));
    expect(table.get(1024)).toBe(messages[1024]);
  });

  test('keeps a backlog as bytes once 64 more have come, and objects where half of those left again', () => {
    const table = new MessageTable();
    const messages = fill(table, 64);
    expect(table.get(0)).toBe(messages[0]);
    fill(table, 1);
    expect(table.get(1)).not.toBe(messages[1]);
    const next = [table.get(64), ...fill(table, 63)];
    for (let serial = 64; serial < 96; serial++) table.remove(serial);
    fill(table, 1);
    expect(table.get(127)).toBe(next[63]);
  });

  test('keeps as bytes, once a stretch is full, also what had stayed as objects', () => {
    const table = new MessageTable();
    const messages = fill(table, 1024);
    for (let serial = 0; serial < 1024; serial++) if (serial % 2 === 0 || serial < 64) table.remove(serial);
    fill(table, 1);
    expect(stretches(table)[0]).toMatchObject({ packedCount: 480, count: 480 });
    expect(table.get(65)).not.toBe(messages[65]);
    expect(Array.from(table, ({ body }) => body).slice(0, 3)).toEqual(['65', '67', '69']);
  });

  test('keeps as bytes what begins to wait after newer messages have followed', () => {
    const table = new MessageTable();
    const late = waiting('late', { state: 'delayed' });
    table.add(late);
    fill(table, 1024);
    expect([...table][0]).toBe(late);
    late.state = 'visible';
    table.pack(late);
    expect(table.get(0)).not.toBe(late);
    expect(table.get(0)).toMatchObject({ body: 'late', serial: 0, state: 'visible' });
  });

  test('gives as received only what was received', () => {
    const table = new MessageTable();
    for (const each of [waiting('one'), waiting('two', { receives: 1 })]) {
      table.add(each);
      table.pack(each);
    }
    table.get(0);
    expect([0, 1, 2, 9999].map((serial) => table.received(serial)?.body)).toEqual([undefined, 'two', undefined, undefined]);
  });

  test.each<[string, Message]>([
    ['was received', waiting('body', { receives: 1 })],
    ['is delayed', waiting('body', { state: 'delayed' })],
    ['came from another queue', waiting('body', { origin: { movedAt: 9, receives: 3, source: 'arn', retentionIndex: -1 } })],
    ['is long', waiting('x'.repeat(16_385))],
  ])('keeps the object of a message that %s', (_, each) => {
    const table = new MessageTable();
    table.add(each);
    fill(table, 1024);
    table.pack(each);
    expect(table.get(0)).toBe(each);
  });

  test('keeps no bytes of many messages for the few of them that stay', () => {
    const table = new MessageTable();
    for (let serial = 0; serial < 3000; serial++) {
      const each = waiting(String(serial));
      table.add(each);
      table.pack(each);
    }
    for (let serial = 0; serial < 2048; serial++) if (serial % 1024 !== 5) table.remove(serial);
    expect(stretches(table).slice(0, 2)).toEqual([
      expect.objectContaining({ packed: undefined, packedCount: 0, count: 1 }), expect.objectContaining({ packed: undefined, packedCount: 0, count: 1 }),
    ]);
    expect(Array.from(table, ({ body }) => body).slice(0, 3)).toEqual(['5', '1029', '2048']);
    expect(table.first()).toBe(5);
  });

  test('keeps no bytes for what was left over before its stretch was full', () => {
    const table = new MessageTable();
    for (let serial = 0; serial < 1020; serial++) {
      const each = waiting(String(serial));
      table.add(each);
      table.pack(each);
    }
    for (let serial = 0; serial < 1020; serial++) if (serial !== 5) table.remove(serial);
    for (let serial = 1020; serial <= 1024; serial++) table.add(waiting(String(serial), { receives: 1 }));
    expect(stretches(table)[0]).toMatchObject({ packed: undefined, packedCount: 0, count: 5 });
    expect(Array.from(table, ({ body }) => body)).toEqual(['5', '1020', '1021', '1022', '1023', '1024']);
  });

  test('keeps nothing of stretches that are empty, and makes bytes of nothing that leaves before newer messages have followed', () => {
    const table = new MessageTable();
    for (let serial = 0; serial < 5000; serial++) {
      fill(table, 1);
      table.remove(serial);
    }
    expect(stretches(table).filter((stretch) => stretch !== undefined)).toEqual([expect.objectContaining({ packed: undefined, count: 0 })]);
    expect(table.first()).toBeUndefined();
  });
});

describe('a receipt handle', () => {
  test('that is guessed finds no message that was not received', () => {
    const queue = new Harness().queue();
    for (const body of ['one', 'two']) queue.send({ body }, caller);
    const [{ receiptHandle }] = queue.receive(1);
    // looks at the second message, and does not receive it
    queue.whenReceivable(() => {}).cancel();
    queue.delete(receiptHandle.replace(/\/0\/1$/, '/1/1'));
    queue.delete(receiptHandle.replace(/\/0\/1$/, '/99999/1'));
    expect(queue.size).toBe(2);
  });
});

describe('packed sends', () => {
  const send = (serial: number): { at: number; messageId: string; serial: number } => ({ at: serial * 1000, messageId: `id ${serial}`, serial });

  test('are found by their keys, however many there are, and the latest of a key', () => {
    const sends = new PackedSends();
    const keys = Array.from({ length: 1000 }, (_, number) => `key ${number}`);
    for (const [number, key] of keys.entries()) sends.add(key, hashOf(key), send(number));
    sends.add(keys[3], hashOf(keys[3]), send(2000));
    expect(keys.map((key) => sends.find(key, hashOf(key)))).toEqual(keys.map((_, number) => send(number === 3 ? 2000 : number)));
    expect(sends.find('key 1000', hashOf('key 1000'))).toBeUndefined();
  });

  test('are told apart where two keys have one hash', () => {
    const sends = new PackedSends();
    const [one, other] = ['key', 'yek'];
    sends.add(one, 5, send(1));
    expect(sends.find(other, 5)).toBeUndefined();
    sends.add(other, 5, send(2));
    expect([sends.find(one, 5), sends.find(other, 5)]).toEqual([send(1), send(2)]);
  });
});
