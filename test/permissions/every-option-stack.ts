import { Duration, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import {
  AlarmSet, AlarmTopic, ArchiveTable, ChannelAlarm, ConsumerAlarms, ConsumerFunction, DeadLetterConsumer, DurableQueue, FanOutTopic, IdempotencyTable,
  MessageArchive, MessagingDashboard, Quarantine, QuarantineAlarm, QueueAlarms, QueueConsumer, TopicAlarms,
} from '../../lib';
import { environment } from '../lib/set-up';
import { code } from './encrypted-fifo-stack';

const dataProtectionPolicy = {
  Name: 'Addresses', Version: '2021-06-01', Statement: [{
    Sid: 'Refuse', DataDirection: 'Inbound', Principal: ['*'], DataIdentifier: ['arn:aws:dataprotection::aws:data-identifier/EmailAddress'],
    Operation: { Deny: {} },
  }],
};

/** Every optional construct and every option that makes or changes a resource, with one customer key. */
export class EveryOptionStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { env: environment });
    const encryptionKey = new kms.Key(this, 'Key', { enableKeyRotation: true });
    const alarmTopic = new AlarmTopic(this, 'AlarmTopic', {
      encryptionKey, emailAddresses: ['oncall@example.com'], slackWorkspaceId: 'T1', slackChannelId: 'C1',
    });
    const topic = new FanOutTopic(this, 'Orders', { encryptionKey, deliveryStatusLogging: true, activeTracing: true, dataProtectionPolicy });
    const archive = new MessageArchive(this, 'Archive', { encryptionKey });
    archive.addTopic('Archive', topic);
    archive.addTopicWithFirehose('Orders', topic);
    new ArchiveTable(this, 'ArchiveTable', { archive });

    this.addPayments(encryptionKey);

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
  /** A FIFO topic with an archive of its own, of which one queue gets what was published before, beside one in S3 that is locked. */
  private addPayments(encryptionKey: kms.IKey): void {
    const payments = new FanOutTopic(this, 'Payments', { fifo: true, encryptionKey, archiveRetentionPeriod: Duration.days(30) });
    const queue = new DurableQueue(this, 'Ledger', { fifo: true, deadLettersBreakOrder: true, highThroughput: true, encryptionKey });
    payments.addQueue('Ledger', queue, { replayFrom: new Date('2026-01-01T00:00:00Z') });
    const locked = new MessageArchive(this, 'LockedArchive', {
      encryptionKey, objectLockRetention: s3.ObjectLockRetention.governance(Duration.days(30)), retention: Duration.days(365),
    });
    locked.addFifoTopic('Payments', payments);
    locked.addDeadLetters('Ledger', queue);

    const table = new IdempotencyTable(this, 'Processed', { encryptionKey });
    const consumer = new ConsumerFunction(this, 'LedgerFunction', { code });
    table.addTo(consumer.function);
    new QueueConsumer(this, 'LedgerConsumer', { queue, handler: consumer.function });
  }
}
