import 'cdk-messaging/simulator/matchers';
import { App, Duration } from 'aws-cdk-lib';
import { Simulation } from 'cdk-messaging/simulator';
import { NewsletterStack } from './newsletter-stack';

const newsletter = () => new NewsletterStack(new App(), 'Newsletter');
const ada = { name: 'Ada', address: 'ada@example.com' };

test('a mailer that is throttled and then dies twice welcomes late, but welcomes', async () => {
  const simulation = await Simulation.start(newsletter(), {
    faults: [{ kind: 'functionThrottle', resource: 'Mailer', times: 1 }, { kind: 'functionKill', resource: 'Mailer', times: 2 }],
  });
  const messageId = await simulation.topic('SignUps').publish(ada);

  await simulation.advance(Duration.hours(1));

  expect(simulation.function('Mailer')).toHaveProcessed(ada);
  expect(simulation).toHaveDeadLetters(0);
  expect(simulation.trace(messageId).steps.filter(({ action }) => action === 'fault')).toHaveLength(3);
});

test('a deployment in the midst of the retries mends the mailer, and no sign-up is lost', async () => {
  const sent: string[] = [];
  const simulation = await Simulation.start(newsletter(), { handlers: { Mailer: () => { throw new Error('no such template'); } } });
  await simulation.topic('SignUps').publish(ada);
  await simulation.advance(Duration.minutes(2));
  expect(simulation.queue('Welcome').tally.received).toBeGreaterThan(1);

  await simulation.update(newsletter(), { handlers: { Mailer: (event) => { sent.push(...(event as SqsEvent).Records.map(({ body }) => body)); } } });
  await simulation.advance(Duration.hours(1));

  expect(sent).toEqual([JSON.stringify(ada)]);
  expect(simulation.queue('Welcome')).toBeEmpty();
  expect(simulation.alarm('WelcomeAlarms/DeadLetters')).not.toBeInAlarm();
});

interface SqsEvent { readonly Records: readonly { readonly body: string }[] }
