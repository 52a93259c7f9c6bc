import { ServiceError, type MessageAttribute } from '../../../simulator/contracts';
import type { Authorize, TopicProperties } from '../../../simulator/sns';
import { documented } from '../documented';
import { simulate, text } from './simulate';

const refused = (message: object, properties: Partial<TopicProperties> = {}) => () => {
  const { sns, topic } = simulate();
  sns.publish(topic(properties).arn, { message: 'x', ...message });
};

const attribute = (name: string, value: Partial<MessageAttribute>) => ({ attributes: { [name]: value } });

documented('A publish is refused', 'https://docs.aws.amazon.com/sns/latest/api/API_Publish.html', () => {
  test.each<[string, object, Partial<TopicProperties>?]>([
    ['Empty message', { message: '' }],
    ['Message too long', { message: 'x'.repeat(262_145) }],
    ['Message too long', { message: 'x'.repeat(262_140), attributes: { a: text('x') } }],
    ['Message too long', { message: 'é'.repeat(131_073) }],
    ['Message too long', { message: 'x'.repeat(1_025) }, { maximumMessageSize: 1_024 }],
    ['Subject', { subject: '' }],
    ['Subject', { subject: 'x'.repeat(101) }],
    ['Subject', { subject: 'two\nlines' }],
    ['Subject', { subject: 'two\u2028lines' }],
    ['Subject', { subject: 'bell\u0007' }],
    ['MessageStructure', { messageStructure: 'xml' }],
    ['failed to parse', { messageStructure: 'json' }],
    ['No default entry', { message: '{"sqs":"x"}', messageStructure: 'json' }],
    ['No default entry', { message: '{"default":1}', messageStructure: 'json' }],
    ['No default entry', { message: 'null', messageStructure: 'json' }],
    ['MessageGroupId parameter is required', {}, { fifo: true, contentBasedDeduplication: true }],
    ['ContentBasedDeduplication enabled or MessageDeduplicationId', { messageGroupId: 'g' }, { fifo: true }],
    ['not valid for this topic type', { messageDeduplicationId: 'x' }],
    ['MessageGroupId Reason: must be 1 to 128', { messageGroupId: 'x'.repeat(129) }],
    ['MessageDeduplicationId Reason: must be 1 to 128', { messageGroupId: 'g', messageDeduplicationId: 'a b' }, { fifo: true }],
    ['must contain non-empty', attribute('a', { dataType: 'String', stringValue: '' })],
    ['must contain non-empty', attribute('a', { dataType: 'Binary', binaryValue: Buffer.alloc(0) })],
    ['must use field \'String\'', attribute('a', { dataType: 'Number', binaryValue: Buffer.from('1') })],
    ['must use field \'Binary\'', attribute('a', { dataType: 'Binary', stringValue: '1' })],
    ['set of supported type prefixes', attribute('a', { dataType: 'Text', stringValue: '1' })],
    ['must be a number, got \'many\'', attribute('a', { dataType: 'Number', stringValue: 'many' })],
    ['1 to 256 bytes', attribute('a'.repeat(257), text('x'))],
    ['\'#x5E\'', attribute('a^', text('x'))],
    ['starting with character', attribute('.a', text('x'))],
    ['ending with character', attribute('a.', text('x'))],
    ['successive', attribute('a..b', text('x'))],
  ])('%s', (reason, message, ...properties) => {
    expect(refused(message, properties[0])).toThrow(ServiceError);
    expect(refused(message, properties[0])).toThrow(reason);
  });

  test('never at exactly the limits', () => {
    expect(refused({ message: 'x'.repeat(262_144) })).not.toThrow();
    expect(refused({ message: 'x'.repeat(1_048_576) }, { maximumMessageSize: 1_048_576 })).not.toThrow();
    expect(refused({ subject: 'ü'.repeat(100) })).not.toThrow();
    expect(refused({ subject: '📦'.repeat(100) })).not.toThrow();
  });

  test('for a topic that is nowhere, elsewhere or no ARN', () => {
    const { sns } = simulate();
    expect(() => sns.publish('orders', { message: 'x' })).toThrow('at least 6 elements, not 1');
    expect(() => sns.publish('arn:aws:sns:us-east-1:111122223333:orders', { message: 'x' })).toThrow('Invalid parameter: TopicArn');
    expect(() => sns.publish('arn:aws:sns:eu-west-1:111122223333:orders', { message: 'x' }))
      .toThrow(expect.objectContaining({ code: 'NotFound', status: 404 }));
  });

  test('for a caller whom the topic does not allow, and nothing is said to have been published', () => {
    const authorize: Authorize = (action, topic, caller) => {
      throw new ServiceError('AuthorizationError', `${caller.principal} may not ${action} ${topic.name}`, 403);
    };
    const { sns, topic, snsEvents } = simulate(authorize);
    const { arn } = topic();
    expect(() => sns.publish(arn, { message: 'x' }, { principal: 'cloudwatch.amazonaws.com' }))
      .toThrow('cloudwatch.amazonaws.com may not sns:Publish orders');
    expect(snsEvents).toEqual([]);
  });
});
