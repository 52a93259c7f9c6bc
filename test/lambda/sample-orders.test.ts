import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBilling } from '../../lambda/private/billing';
import { billingEventTypes, informationalEventTypes, outcomeEventTypes } from '../../lambda/private/event-types';
import { orderLines } from '../../lambda/private/order-lines';
import { parseOrderEvent } from '../../lambda/private/order';
import { RecordingPublisher, silent, sqsRecord } from './factories';

const root = join(__dirname, '../..');
const committed = readFileSync(join(root, 'examples/orders.ndjson'));

interface Summary { lines: number; bytes: number; events: Record<string, number> }

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'sample-orders-')); });
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => spawnSync(process.execPath, [join(root, 'scripts/sample-orders.mjs'), ...args], { encoding: 'utf8' });

function generate(...args: string[]): { summary: Summary; bytes: Buffer } {
  const out = join(folder, 'orders.ndjson');
  const { stdout, stderr } = run('--out', out, ...args);
  expect(stderr).toBe('');
  return { summary: JSON.parse(stdout) as Summary, bytes: readFileSync(out) };
}

/** What becomes of each line under the filter policies of the reference stack. */
async function judge(bytes: Buffer): Promise<{ filteredOut: number; rejected: string[]; payments: number }> {
  const kept: readonly string[] = [...informationalEventTypes, ...outcomeEventTypes];
  const payments = new RecordingPublisher();
  const bill = createBilling(payments, silent);
  const rejected: string[] = [];
  let filteredOut = 0;
  for (const { body, attributes } of orderLines(bytes)) {
    if (kept.includes(attributes?.eventType ?? '')) filteredOut++;
    else await Promise.resolve(bill(sqsRecord({ body }))).catch(() => rejected.push(body));
  }
  return { filteredOut, rejected, payments: payments.publications.length };
}

describe('examples/orders.ndjson', () => {
  const lines = orderLines(committed).map(({ body }) => body);
  const orders = lines.flatMap((line) => {
    try {
      return [parseOrderEvent(line)];
    } catch {
      return [];
    }
  });

  test('is what the script writes', () => {
    expect(generate().bytes.equals(committed)).toBe(true);
  });

  test('has 600 lines: 15 that billing rejects, 30 that are filtered out, and 555 payments', async () => {
    const { filteredOut, rejected, payments } = await judge(committed);
    expect([lines.length, rejected.length, filteredOut, payments]).toEqual([600, 15, 30, 555]);
  });

  test('is mostly orders placed', () => {
    const placed = orders.filter(({ eventType }) => eventType === 'OrderPlaced');
    expect(placed.length / lines.length).toBeGreaterThan(0.75);
    for (const type of [...billingEventTypes, ...informationalEventTypes]) expect(orders.map(({ eventType }) => eventType)).toContain(type);
  });

  test('has one order close to the limit of SNS', () => {
    const large = lines.map((line) => Buffer.byteLength(line)).filter((bytes) => bytes > 10_000);
    expect(large).toHaveLength(1);
    expect(large[0]).toBeGreaterThan(249_000);
    expect(large[0]).toBeLessThanOrEqual(250_000);
  });

  test('has eight currencies and more, orders of 1 to 12 items, nulls, and absent and empty members', () => {
    expect(new Set(orders.map(({ currency }) => currency)).size).toBeGreaterThanOrEqual(8);
    const counts = orders.map(({ items }) => items.length);
    expect([Math.min(...counts), Math.max(...counts)]).toEqual([1, 12]);
    for (const note of [null, undefined, '']) expect(orders.map((order) => order.note)).toContain(note);
    for (const address of [null, undefined]) expect(orders.map((order) => order.shippingAddress)).toContain(address);
  });

  test.each([
    'Latin', 'Cyrillic', 'Greek', 'Arabic', 'Hebrew', 'Han', 'Hiragana', 'Hangul', 'Devanagari', 'Thai',
  ])('has text in the script %s', (script) => {
    expect(committed.toString()).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'));
  });

  test('has emoji and diacritics', () => {
    expect(committed.toString()).toMatch(/\p{Extended_Pictographic}\u200d/u);
    expect(committed.toString()).toMatch(/[żøœç]/);
  });

  test('refunds only orders that it placed before, each once', () => {
    const placed = new Set<string>();
    const refunded: string[] = [];
    for (const { eventType, orderId } of orders) {
      if (eventType === 'OrderPlaced') placed.add(orderId);
      else if (eventType === 'OrderCancelled' || eventType === 'OrderReturned') {
        expect(placed).toContain(orderId);
        refunded.push(orderId);
      }
    }
    expect(new Set(refunded).size).toBe(refunded.length);
  });

  test('has each kind of line that must be rejected', async () => {
    const { rejected } = await judge(committed);
    const parsed = rejected.filter((line) => /^[[{\d].*[\]}\d]$/.test(line)).map((line) => JSON.parse(line) as unknown);
    const broken = parsed.filter((value): value is Record<string, unknown> => typeof value === 'object' && !Array.isArray(value));
    expect(broken).toEqual(expect.arrayContaining([
      expect.objectContaining({ total: 'not a number' }),
      expect.objectContaining({ eventType: 'OrderTeleported' }),
      expect.objectContaining({ items: [] }),
      expect.objectContaining({ currency: 'ZZZ' }),
      expect.not.objectContaining({ orderId: expect.anything() as unknown }),
    ]));
    expect(broken.some(({ total }) => typeof total === 'number' && total < 0)).toBe(true);
    expect(JSON.stringify(broken)).toContain('"quantity":-');
    expect(parsed.filter((value) => Array.isArray(value) || typeof value === 'number')).toHaveLength(2);
    expect(rejected.some((line) => line.startsWith('<?xml'))).toBe(true);
    expect(rejected.some((line) => line.startsWith('Hello'))).toBe(true);
    expect(rejected.some((line) => line.startsWith('{') && !line.endsWith('}'))).toBe(true);
  });
});

describe('scripts/sample-orders.mjs', () => {
  test('writes other orders for another seed, and says what is in them', async () => {
    const { summary, bytes } = generate('--count', '1000', '--seed', '7');
    const { filteredOut, rejected, payments } = await judge(bytes);
    expect(bytes.equals(committed)).toBe(false);
    expect(summary).toMatchObject({ lines: 1000, bytes: bytes.length });
    const { events: { rejected: expected, OrderViewed, OrderTracked, ...payable } } = summary;
    expect(rejected).toHaveLength(expected);
    expect(filteredOut).toBe(OrderViewed + OrderTracked);
    expect(payments).toBe(Object.values(payable).reduce((sum, count) => sum + count));
    expect(Object.keys(payable).sort()).toEqual([...billingEventTypes].sort());
  });

  test('writes the same for the same seed', () => {
    const [one, other] = [1, 2].map(() => generate('--count', '100', '--seed', '3').bytes);
    expect(one.equals(other)).toBe(true);
  });

  test.each([
    [['--count', '0'], '\'--count\' must be a whole number from 1 to 1000000, got 0'],
    [['--count', 'many'], '\'--count\' must be a whole number from 1 to 1000000, got many'],
    [['--seed', '1.5'], '\'--seed\' must be a whole number from 1 to 2147483647, got 1.5'],
    [['--colour', 'red'], 'Unknown option \'--colour\''],
  ])('fails for %p', (args, message) => {
    const { status, stderr } = run(...args, '--out', join(folder, 'none'));
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
