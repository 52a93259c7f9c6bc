import { RecentBodies } from '../../../simulator/trace/bodies';

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
});
