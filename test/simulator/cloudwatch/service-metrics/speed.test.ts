import { ServiceMetrics } from '../../../../simulator/cloudwatch';
import { HOUR, world } from '../fixture';
import { QUEUE, services } from './fixture';

describe('speed', () => {
  test('a day of 50 queues and 50 alarms takes seconds at most', async () => {
    const { clock, events, cloudWatch, alarm } = world();
    const queues = Array.from({ length: 50 }, (_, index) => (
      { arn: `${QUEUE}${index}`, depth: () => ({ visible: index, inFlight: 0, delayed: 0 }), ageOfOldestMessage: () => index }));
    new ServiceMetrics(clock, events, cloudWatch, { queues: () => queues });
    const alarms = queues.map((_, index) => alarm({
      AlarmName: `Deep${index}`, Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Statistic: 'Maximum', EvaluationPeriods: 3,
      Dimensions: [{ Name: 'QueueName', Value: `Orders${index}` }], Threshold: 25,
    }));
    const began = process.hrtime.bigint();
    await clock.advance(24 * HOUR);
    const took = Number(process.hrtime.bigint() - began) / 1e6;
    expect(alarms.filter(({ state }) => state === 'ALARM')).toHaveLength(25);
    if (process.env.SHOW_SPEED) process.stdout.write(`a day: ${took.toFixed(0)} ms\n`);
    expect(took).toBeLessThan(10_000); // half a second on an idle machine
  });

  test('a hundred thousand events are counted within seconds', () => {
    const { sqs, queue } = services();
    const began = process.hrtime.bigint();
    for (let index = 0; index < 100_000; index++) sqs('sent', { bytes: index % 1000 });
    const took = Number(process.hrtime.bigint() - began) / 1e6;
    expect(queue('NumberOfMessagesSent', 0)![0]).toBe(100_000);
    if (process.env.SHOW_SPEED) process.stdout.write(`a hundred thousand events: ${took.toFixed(0)} ms\n`);
    expect(took).toBeLessThan(10_000); // half a second on an idle machine
  });
});
