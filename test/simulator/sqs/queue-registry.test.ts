import { Harness, refusal } from './harness';

describe("the service's book of queues", () => {
  test('finds queues by ARN and by name until they are deleted', () => {
    const { sqs } = new Harness();
    const queue = sqs.createQueue({ name: 'a' });
    expect([sqs.queue(queue.arn), sqs.queueByName('a'), sqs.queueByName('b')]).toEqual([queue, queue, undefined]);
    sqs.deleteQueue(queue.arn);
    expect([sqs.queue(queue.arn), sqs.queueByName('a')]).toEqual([undefined, undefined]);
  });

  test('sets what is given, and takes back what is given as undefined', () => {
    const queue = new Harness().queue({ visibilityTimeout: 60, delaySeconds: 5, policy: {} });
    queue.update({ visibilityTimeout: undefined, policy: undefined });
    expect([queue.visibilityTimeout, queue.delaySeconds, queue.policy]).toEqual([30, 5, undefined]);
  });

  test('changes nothing when anything is refused', () => {
    const queue = new Harness().queue();
    expect(refusal(() => queue.update({ visibilityTimeout: 60, delaySeconds: 901 }))).toMatch(/^InvalidAttributeValue: /);
    expect(queue.visibilityTimeout).toBe(30);
  });

  test('keeps name and type', () => {
    const queue = new Harness().queue();
    expect(refusal(() => queue.update({ name: 'Other' }))).toMatch(/^InvalidParameterValue: 'name' of a queue cannot change/);
    expect(refusal(() => queue.update({ fifo: true }))).toMatch(/^InvalidParameterValue: 'fifo' of a queue cannot change/);
    expect(refusal(() => queue.update({ name: queue.name, fifo: false }))).toBe('accepted');
  });

  test('follows the address of the server, once that is known', () => {
    const { sqs } = new Harness();
    const queue = sqs.createQueue({ name: 'a' });
    sqs.place.endpoint = 'http://localhost:9999';
    expect(queue.url).toBe('http://localhost:9999/123456789012/a');
  });
});
