import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import {
  AlarmSet, type AlarmTopic, ConsumerAlarms, ConsumerFunction, DurableQueue, FanOutTopic, QueueAlarms, QueueConsumer,
} from 'cdk-messaging';
import { Construct } from 'constructs';
import type { Domain } from './channels';

/** The channels of one domain: a topic, and for each channel a queue that gets the messages with its name. */
export class DomainStack extends Stack {
  constructor(scope: Construct, { name, channels }: Domain, alarmTopic: AlarmTopic) {
    super(scope, name);
    const topic = new FanOutTopic(this, 'Topic');
    for (const channel of channels) new Channel(this, channel, topic, alarmTopic);
  }
}

class Channel extends Construct {
  constructor(scope: Construct, id: string, topic: FanOutTopic, alarmTopic: AlarmTopic) {
    super(scope, id);
    const queue = new DurableQueue(this, 'Queue');
    topic.addQueue(id, queue, { filterPolicy: { channel: SubscriptionFilter.stringFilter({ allowlist: [id] }) } });
    const { function: handler } = new ConsumerFunction(this, 'Function', { code: Code.fromAsset(join(__dirname, 'consumer')) });
    new QueueConsumer(this, 'Consumer', { queue, handler });

    const alarms = { alarms: AlarmSet.essential(), actions: [alarmTopic] };
    new QueueAlarms(this, 'QueueAlarms', { queue, ...alarms });
    new ConsumerAlarms(this, 'ConsumerAlarms', { function: handler, ...alarms });
  }
}
