import { PendingRows, type RowReader } from '../../../simulator/journal/pending-rows';

const all = (reader: RowReader): unknown[][] => {
  const taken: unknown[][] = [];
  reader.drain((...row) => taken.push(row));
  return taken;
};
const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** The events are those of https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-architecture.html */
describe('rows that nobody asked for yet', () => {
  test('come out as they went in, with what they leave out, and once', () => {
    const rows = new PendingRows();
    const reader = rows.reader();
    rows.push(3, 1.5, 'message', 'queue');
    rows.push(4, 2.5, id(1), 'queue');
    rows.push(255, 2 ** 42, 'message', undefined, 'other', 'detail', 7);
    expect(all(reader)).toEqual([
      [3, 1.5, 'message', 'queue', undefined, undefined, 0],
      [4, 2.5, id(1), 'queue', undefined, undefined, 0],
      [255, 2 ** 42, 'message', undefined, 'other', 'detail', 7],
    ]);
    expect(all(reader)).toEqual([]);
  });

  test('come to each reader at its own pace, and none comes twice where the reading fails', () => {
    const rows = new PendingRows();
    const [one, other] = [rows.reader(), rows.reader()];
    for (let row = 0; row < 5000; row++) rows.push(1, row, id(row));
    expect(all(one)).toHaveLength(5000);
    rows.push(1, 5000, id(5000));
    expect(all(one)).toEqual([[1, 5000, id(5000), undefined, undefined, undefined, 0]]);
    expect(() => other.drain((_code, at) => { if (at === 4500) throw new Error('full'); })).toThrow('full');
    expect(all(other).map(([, at]) => at)).toEqual(Array.from({ length: 500 }, (_, row) => 4501 + row));
  });

  test.each([4095, 4096, 4097, 10_000])('keep their order when there are %i, and go on after that', (count) => {
    const rows = new PendingRows();
    const reader = rows.reader();
    for (let row = 0; row < count; row++) rows.push(row % 256, row, `m${row}`, 'queue', row % 3 === 0 ? `o${row}` : undefined);
    expect(all(reader).map(([, at]) => at)).toEqual(Array.from({ length: count }, (_, row) => row));
    rows.push(1, 9, 'next');
    expect(all(reader)).toEqual([[1, 9, 'next', undefined, undefined, undefined, 0]]);
  });
});
