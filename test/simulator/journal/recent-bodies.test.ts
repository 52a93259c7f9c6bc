import { RecentBodies } from '../../../simulator/journal/recent-bodies';

/** Sizes of bodies: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
describe('the bodies that are kept', () => {
  test('are the last ones, up to so many characters together', () => {
    const bodies = new RecentBodies(10);
    for (const [id, body] of [['a', 'aaaa'], ['b', 'bbbb'], ['c', 'cc'], ['d', 'ddd']]) bodies.add(id, body);
    expect(bodies.forgotten).toBe(1);
    expect(bodies.get('a')).toBeUndefined();
    expect(bodies.get('b')).toBe('bbbb');
    expect(bodies.find(() => true)).toEqual(['b', 'c', 'd']);
  });

  test('are found by their ID after others came and went', () => {
    const bodies = new RecentBodies(100);
    for (let number = 0; number < 20_000; number++) {
      bodies.add(`m${number}`, String(number % 10).repeat(10));
      if (number % 5000 === 0) expect(bodies.get(`m${number}`)).toBe('0'.repeat(10));
    }
    expect(bodies.forgotten).toBe(19_990);
    expect(bodies.find((body) => body.startsWith('9'))).toEqual(['m19999']);
    expect([bodies.get('m19989'), bodies.get('m19990'), bodies.get('m19999')]).toEqual([undefined, '0000000000', '9999999999']);
  });

  test('are none of a body that is longer than all that is kept', () => {
    const bodies = new RecentBodies(10);
    bodies.add('a', 'x'.repeat(11));
    expect([bodies.get('a'), bodies.find(() => true), bodies.forgotten]).toEqual([undefined, [], 1]);
  });

  test('come back as they were, in any script and of any length, one beside the other', () => {
    const bodies = new RecentBodies(10_000_000);
    const kept = ['', 'plain', 'Grüße', '日本語', '\u{1F600} and \uD800 alone', 'x'.repeat(1_100_000), 'é'.repeat(600_000), 'last'];
    for (const [index, body] of kept.entries()) bodies.add(`m${index}`, body);
    expect(kept.map((_body, index) => bodies.get(`m${index}`))).toEqual(kept);
    expect(bodies.find((body) => body.length > 500_000)).toEqual(['m5', 'm6']);
    expect(bodies.forgotten).toBe(0);
  });

  test('come back as they were where the room of older ones of another script is used again', () => {
    const bodies = new RecentBodies(100);
    for (let number = 0; number < 10_000; number++) bodies.add(`m${number}`, 'é'.repeat(10));
    for (let number = 10_000; number < 20_000; number++) bodies.add(`m${number}`, String(number % 10).repeat(10));
    expect(bodies.find(() => true)).toHaveLength(10);
    expect([bodies.get('m19990'), bodies.get('m19999')]).toEqual(['0000000000', '9999999999']);
  });

  test('count by their characters, whatever bytes those take', () => {
    const bodies = new RecentBodies(10);
    for (const [id, body] of [['a', '日本語日本語'], ['b', 'bbbb'], ['c', 'ccc']]) bodies.add(id, body);
    expect([bodies.find(() => true), bodies.forgotten]).toEqual([['b', 'c'], 1]);
  });
});
