import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AlarmTopic, ConsumerFunction, DurableQueue, FanOutTopic, QueueAlarms, QueueConsumer } from 'cdk-messaging';
import type { Construct } from 'constructs';

export class NewsletterStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const signUps = new FanOutTopic(this, 'SignUps');
    const welcome = new DurableQueue(this, 'Welcome');
    signUps.addQueue('Welcome', welcome);

    const mailer = new ConsumerFunction(this, 'Mailer', {
      code: Code.fromAsset(join(__dirname, 'mailer')),
      timeout: Duration.seconds(10),
    });
    new QueueConsumer(this, 'WelcomeConsumer', { queue: welcome, handler: mailer.function });

    const alarms = new AlarmTopic(this, 'AlarmTopic', { emailAddresses: ['oncall@example.com'] });
    new QueueAlarms(this, 'WelcomeAlarms', { queue: welcome, actions: [alarms] });
  }
}
