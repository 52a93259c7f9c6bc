import { App, Stack } from 'aws-cdk-lib';
import { NewsletterStack } from '../../examples/newsletter/newsletter-stack';
import { newApp } from '../lib/set-up';
import { referenceStack } from '../reference/set-up';
import { EncryptedFifoStack, firehoseStack, twoEncryptedStacks } from './encrypted-fifo-stack';
import { EveryOptionStack } from './every-option-stack';
import { deployed } from './templates';
import { walk } from './walker';

const unknownEnvironment = {};

/** The paths of a message, with the constructs' names in front of the hashes that their logical IDs have. */
const walks: [string, () => Stack[], string[]][] = [
  ['the reference stack', () => [referenceStack()], [
    'Orders → Billing', 'Orders → Shipping', 'Orders → ArchiveQueue', 'PaymentRequests → Payments', 'PaymentRequests → ArchiveQueue',
    'Orders → OrdersBillingDeadLetterQueue', 'Billing → BillingDeadLetterQueue', 'Billing → BillingFunction',
    'BillingFunction → PaymentRequests', 'PaymentsFunction → Orders', 'Documents → Uploads', 'UploadsFunction → Orders',
    'ReportsFunction → Documents', 'ReportsDeadLetterQueue → ArchiveArchiver', 'ArchiveQueue → ArchiveArchiver', 'ArchiveArchiver → Archive',
    'BillingAlarmsDeadLetters → AlarmTopic', 'Documents → AccessLogs',
  ]],
  ['the newsletter example', () => [new NewsletterStack(new App(), 'Newsletter')], [
    'SignUps → Welcome', 'SignUps → SignUpsWelcomeDeadLetterQueue', 'Welcome → Mailer', 'WelcomeAlarmsDeadLetters → AlarmTopic',
  ]],
  ['one customer key and FIFO throughout', () => [new EncryptedFifoStack(newApp(), 'Encrypted')], [
    'Orders → Billing', 'Orders → OrdersBillingDeadLetterQueue', 'Orders → ArchiveQueue', 'Billing → BillingFunction', 'Documents → Uploads',
    'BillingDeadLetterQueue → ArchiveArchiver', 'ArchiveArchiver → Archive', 'BillingAlarmsDeadLetters → AlarmTopic',
  ]],
  ['the same, of an account and region that are not known', () => [new EncryptedFifoStack(newApp(), 'Encrypted', unknownEnvironment)], [
    'Orders → Billing', 'Documents → Uploads',
  ]],
  ['key and topics in one stack, queues in another', () => twoEncryptedStacks().stacks, [
    'Orders → Billing', 'Billing → BillingFunction', 'Billing → BillingDeadLetterQueue', 'BillingAlarmsDeadLetters → AlarmTopic',
  ]],
  ['the same, of an account and region that are not known', () => twoEncryptedStacks(unknownEnvironment).stacks, ['Orders → Billing']],
  ['every optional construct turned on', () => [new EveryOptionStack(newApp(), 'Everything')], [
    'Orders → Billing', 'Orders → ArchiveQueue', 'Orders → ArchiveFirehose', 'Payments → Ledger', 'Payments → PaymentsLedgerDeadLetterQueue',
    'Payments → LockedArchiveFifoTopicsPaymentsQueue', 'LockedArchiveFifoTopicsPaymentsQueue → LockedArchiveArchiver',
    'LedgerDeadLetterQueue → LockedArchiveArchiver', 'LockedArchiveArchiver → LockedArchive', 'Ledger → LedgerFunction',
    'BillingDeadLetterQueue → QuarantineRedriver', 'Channel → AlarmTopic',
  ]],
  ['a topic that Firehose archives, with a customer key', () => [firehoseStack()], [
    'Orders → ArchiveFirehose', 'ArchiveFirehose → Archive', 'Orders → ArchiveFirehoseTopicOrdersDeadLetterQueue',
  ]],
];

test.each(walks)('every path of a message has its permissions, limited to its source: %s', (_which, stacks, paths) => {
  const { findings, paths: walked } = walk(...stacks().map(deployed));
  expect(findings).toEqual([]);
  const constructs = walked.map((path) => path.replace(/\$\{\w+\.(\w+?)(Resource)?[0-9A-F]{8}\}/g, '$1'));
  expect(constructs).toEqual(expect.arrayContaining(paths));
});

test('the stacks with one key have no cycle, and the stack with the queues depends on the one with the key', () => {
  const { app, stacks: [topics, queues] } = twoEncryptedStacks();
  expect(() => app.synth()).not.toThrow();
  expect(queues.dependencies).toEqual([topics]);
  expect(topics.dependencies).toEqual([]);
});
