import { PendingRows } from '../../simulator/pending-rows';

const all = (rows: PendingRows): unknown[][] => {
  const taken: unknown[][] = [];
  rows.drain((...row) => taken.push(row));
  return taken;
};

/** The events are those of https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-architecture.html */
describe('rows that nobody asked for yet', () => {
  test('come out as they went in, with what they leave out, and once', () => {
    const rows = new PendingRows();
    rows.push(3, 1.5, 'message', 'queue');
    rows.push(255, 2 ** 42, 'message', undefined, 'other', 'detail', 7);
    expect(all(rows)).toEqual([
      [3, 1.5, 'message', 'queue', undefined, undefined, 0],
      [255, 2 ** 42, 'message', undefined, 'other', 'detail', 7],
    ]);
    expect(all(rows)).toEqual([]);
  });

  test.each([4095, 4096, 4097, 10_000])('keep their order when there are %i, and go on after that', (count) => {
    const rows = new PendingRows();
    for (let row = 0; row < count; row++) rows.push(row % 256, row, `m${row}`, 'queue', row % 3 === 0 ? `o${row}` : undefined);
    expect(all(rows).map(([, at]) => at)).toEqual(Array.from({ length: count }, (_, row) => row));
    rows.push(1, 9, 'next');
    expect(all(rows)).toEqual([[1, 9, 'next', undefined, undefined, undefined, 0]]);
  });
});
