import { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import {
  AlarmSet, AlarmTopic, ArchiveTable, ChannelAlarm, ConsumerAlarms, ConsumerFunction, DeadLetterConsumer, DurableQueue, FanOutTopic, MessageArchive,
  MessagingDashboard, Quarantine, QuarantineAlarm, QueueAlarms, QueueConsumer, TopicAlarms,
} from '../../lib';
import { environment } from '../lib/set-up';
import { code } from './encrypted-fifo-stack';

/** Every optional construct and every option that makes a resource, on standard queues with one customer key. */
export class EveryOptionStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { env: environment });
    const encryptionKey = new kms.Key(this, 'Key', { enableKeyRotation: true });
    const alarmTopic = new AlarmTopic(this, 'AlarmTopic', {
      encryptionKey, emailAddresses: ['oncall@example.com'], slackWorkspaceId: 'T1', slackChannelId: 'C1',
    });
    const topic = new FanOutTopic(this, 'Orders', { encryptionKey, deliveryStatusLogging: true });
    const archive = new MessageArchive(this, 'Archive', { encryptionKey });
    archive.addTopic('Archive', topic);
    archive.addTopicWithFirehose('Orders', topic);
    new ArchiveTable(this, 'ArchiveTable', { archive });

    const queues = ['Billing', 'Shipping'].map((name) => {
      const queue = new DurableQueue(this, name, { encryptionKey });
      topic.addQueue(name, queue);
      return queue;
    });
    const consumerAlarms: ConsumerAlarms[] = [];
    const consumers = queues.map((queue) => {
      const consumer = new ConsumerFunction(this, `${queue.node.id}Function`, { code, idempotency: true });
      const mapping = new QueueConsumer(this, `${queue.node.id}Consumer`, { queue, handler: consumer.function, mappingMetrics: true });
      consumerAlarms.push(new ConsumerAlarms(this, `${queue.node.id}ConsumerAlarms`, {
        function: consumer.function, consumer: mapping, alarms: AlarmSet.complete(),
      }));
      return mapping;
    });
    const quarantine = new Quarantine(this, 'Quarantine', { queue: queues[0] });
    const handler = new ConsumerFunction(this, 'DeadLettersFunction', { code }).function;
    const deadLetterConsumer = new DeadLetterConsumer(this, 'DeadLetters', { queue: queues[1], handler });
    const alarms = [
      ...queues.flatMap((queue) => new QueueAlarms(this, `${queue.node.id}Alarms`, { queue, alarms: AlarmSet.complete(), deadLettersConsumed: true }).alarms),
      ...consumerAlarms.flatMap((one) => one.alarms),
      ...new TopicAlarms(this, 'OrdersAlarms', { topic }).alarms,
    ];
    for (const one of [quarantine.consumer, deadLetterConsumer]) new QuarantineAlarm(one, 'Alarm', { deadLetterConsumer: one, actions: [alarmTopic] });
    const { alarm } = new ChannelAlarm(this, 'Channel', { alarms, actions: [alarmTopic] });
    new MessagingDashboard(this, 'Dashboard', { queues, consumers, topics: [topic], archive, alarms: [alarm] });
  }
}
