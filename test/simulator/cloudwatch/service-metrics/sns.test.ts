import { documented } from '../../documented';
import { DEAD_LETTERS, services } from './fixture';

documented('AWS/SNS', 'https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html', () => {
  test('counts publishes, deliveries, failures and what was filtered out', () => {
    const { sns, topic } = services();
    sns('published', { bytes: 50 });
    sns('published', { bytes: 70 });
    sns('delivered');
    sns('failed');
    sns('filteredOut', { reason: 'NoMessageAttributes' });
    sns('filteredOut');
    sns('deduplicated');
    const sum = (name: string) => topic(name, 0)?.[0];
    expect(topic('PublishSize', 0)).toEqual([120, 2, 50, 70]);
    expect(['NumberOfMessagesPublished', 'NumberOfNotificationsDelivered', 'NumberOfNotificationsFailed', 'NumberOfNotificationsFilteredOut',
      'NumberOfNotificationsFilteredOut-NoMessageAttributes', 'NumberOfNotificationsRedrivenToDlq'].map(sum)).toEqual([2, 1, 1, 2, 1, undefined]);
  });

  test('counts a redrive as a failed delivery, too, and one that failed by itself', () => {
    const { sns, topic } = services();
    sns('redriven', { to: DEAD_LETTERS });
    sns('failed', { deadLetterQueue: DEAD_LETTERS });
    expect(['NumberOfNotificationsFailed', 'NumberOfNotificationsRedrivenToDlq', 'NumberOfNotificationsFailedToRedriveToDlq'].map((name) => topic(name, 0)![0]))
      .toEqual([2, 1, 1]);
  });

  test.each(['MessageAttributes', 'NoMessageAttributes', 'InvalidAttributes', 'MessageBody', 'InvalidMessageBody'])('counts what was filtered out for %s', (reason) => {
    const { sns, topic } = services();
    sns('filteredOut', { reason });
    expect(topic(`NumberOfNotificationsFilteredOut-${reason}`, 0)).toEqual([1, 1, 1, 1]);
  });
});
