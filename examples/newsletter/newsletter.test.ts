import { App, Duration } from 'aws-cdk-lib';
import { Simulation } from 'cdk-messaging/simulator';
import { NewsletterStack } from './newsletter-stack';

test('a sign-up without an address ends in the dead-letter queue and raises its alarm', async () => {
  const simulation = await Simulation.start(new NewsletterStack(new App(), 'Newsletter'));
  await simulation.topic('SignUps').publish({ name: 'Ada', address: 'ada@example.com' });
  await simulation.topic('SignUps').publish({ name: 'Nobody' });

  await simulation.advance(Duration.hours(1));

  expect(simulation.function('Mailer').logs).toContain('Welcome, Ada <ada@example.com>');
  expect(simulation.queue('Welcome').messages).toHaveLength(0);
  expect(simulation.queue('Welcome/DeadLetterQueue').messages).toHaveLength(1);
  expect(simulation.alarm('WelcomeAlarms/DeadLetters').state).toBe('ALARM');
});
