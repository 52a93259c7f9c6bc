import * as fc from 'fast-check';
import { Backlog } from '../../../simulator/sqs/backlog';
import { FifoOrder } from '../../../simulator/sqs/fifo-order';
import { Message } from '../../../simulator/sqs/message';
import { TimeoutHeap } from '../../../simulator/sqs/message-heap';
import { MessageTable } from '../../../simulator/sqs/message-table';

const message = (serial: number, due = 0): Message => Object.assign(new Message(String(serial), '', {}, 0, '', 0), { serial, due });

describe('the heap of timeouts', () => {
  test('gives what is due first, then what came first, whatever left from its middle', () => {
    const moments = fc.array(fc.record({ due: fc.nat(20), leaves: fc.boolean() }), { maxLength: 60 });
    fc.assert(fc.property(moments, (items) => {
      const heap = new TimeoutHeap();
      const all = items.map(({ due, leaves }, serial) => ({ message: message(serial, due), leaves }));
      for (const each of all) heap.push(each.message);
      for (const each of all) if (each.leaves) heap.remove(each.message);
      const order: Message[] = [];
      for (let first = heap.first; first !== undefined; first = heap.first) {
        order.push(first);
        heap.remove(first);
      }
      const left = all.filter(({ leaves }) => !leaves).map((each) => each.message);
      expect(order).toEqual(left.sort((one, other) => one.due! - other.due! || one.serial - other.serial));
      expect(all.every((each) => !heap.has(each.message))).toBe(true);
    }), { numRuns: 500, seed: 1 });
  });
});

describe('a backlog', () => {
  const kept = (backlog: Backlog): number => (Reflect.get(backlog, 'row') as unknown[]).length;

  test('does not keep what is gone from behind its first message', () => {
    const table = new MessageTable();
    const backlog = new Backlog(table);
    for (let serial = 0; serial < 20_000; serial++) {
      table.add(message(serial));
      backlog.append(serial);
    }
    for (let serial = 1; serial < 20_000; serial++) {
      table.remove(serial);
      backlog.noteGone();
    }
    expect(backlog.first()).toBe(0);
    expect(backlog.after(0)).toBeUndefined();
    expect(kept(backlog)).toBeLessThan(2000);
  });

  test('does not keep what left at its front, and is not cleared away for what is skipped there', () => {
    const table = new MessageTable();
    const backlog = new Backlog(table);
    for (let serial = 0; serial < 20_000; serial++) {
      table.add(message(serial));
      backlog.append(serial);
      table.remove(serial);
      backlog.noteGone();
      expect(backlog.first()).toBeUndefined();
    }
    expect(kept(backlog)).toBeLessThan(5000);
    expect(Reflect.get(backlog, 'gone')).toBe(0);
  });

  test('finds the message that follows another one, whatever left before and between', () => {
    const leaving = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 });
    fc.assert(fc.property(leaving, fc.nat(39), (leaves, from) => {
      const table = new MessageTable();
      const backlog = new Backlog(table);
      leaves.forEach((_, serial) => {
        table.add(message(serial));
        backlog.append(serial);
      });
      leaves.forEach((isLeaving, serial) => {
        if (!isLeaving) return;
        table.remove(serial);
        backlog.noteGone();
      });
      backlog.first();
      const expected = leaves.findIndex((isLeaving, serial) => serial > from && !isLeaving);
      expect(backlog.after(from)).toBe(expected < 0 ? undefined : expected);
    }), { numRuns: 300, seed: 1 });
  });
});

describe("a FIFO queue's order", () => {
  test('does not keep message groups that stay empty', () => {
    const table = new MessageTable();
    const order = new FifoOrder(table);
    const kept = Reflect.get(order, 'groups') as Map<string, unknown>;
    for (let serial = 0; serial < 20_000; serial++) {
      const each = Object.assign(message(serial), { groupId: `group ${serial % 10_000}`, state: 'visible' as const });
      table.add(each);
      order.arrived(each);
      order.becameVisible(each);
      table.remove(serial);
      order.leaves(each, 'visible');
    }
    expect(kept.size).toBeLessThan(3000);
  });
});
