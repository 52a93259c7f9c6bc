import type { MessageAttribute, MessageToSend } from '../../../simulator/contracts';
import { documented } from '../documented';
import { Harness, refusal, send } from './harness';

const sending = (message: Partial<MessageToSend>, properties = {}): string => refusal(() => {
  const { body = 'a', ...more } = message;
  send(new Harness().queue(properties), body, more);
});

const withAttribute = (name: string, attribute: Partial<MessageAttribute>): string => sending({ attributes: { [name]: attribute as MessageAttribute } });

documented('A message', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html', () => {
  test('has a body', () => {
    expect(sending({ body: '' })).toBe('MissingParameter: The request must contain the parameter MessageBody.');
  });

  test.each([
    ['tab, line feed and carriage return', '\t\n\r'], ['the last before the surrogates', '\uD7FF'], ['private use', '\uE000\uFFFD'],
    ['a surrogate pair', '\u{10000}\u{10FFFF}'],
  ])('may have %s', (_, body) => {
    expect(sending({ body })).toBe('accepted');
  });

  test.each([['NUL', '\u0000'], ['escape', '\u001b'], ['a lone surrogate', 'a\uD800b'], ['FFFE', '\uFFFE']])('cannot have %s', (_, character) => {
    expect(sending({ body: `a${character}` })).toMatch(/^InvalidMessageContents: /);
    expect(withAttribute('name', { dataType: 'String', stringValue: character })).toMatch(/^InvalidMessageContents: /);
  });

  test.each([-1, 901, 0.5])('cannot be delayed by %d seconds', (delaySeconds) => {
    expect(sending({ delaySeconds })).toBe(`InvalidParameterValue: 'DelaySeconds' must be from 0 to 900 seconds, got ${delaySeconds}`);
  });

  test('has no deduplication ID on a standard queue', () => {
    expect(sending({ messageDeduplicationId: 'd' })).toMatch(/^InvalidParameterValue: .*MessageDeduplicationId.*queue type/);
  });
});

documented('A message', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html', () => {
  test('is at most 1 MiB, in bytes and not characters', () => {
    expect(sending({ body: 'x'.repeat(1_048_576) })).toBe('accepted');
    expect(sending({ body: 'x'.repeat(1_048_577) })).toMatch(/^InvalidParameterValue: .*at most 1048576 bytes, got 1048577/);
    expect(sending({ body: 'é'.repeat(524_289) })).toMatch(/got 1048578/);
  });

  test('is at most as large as the queue says, with names, types and values of its attributes', () => {
    const attributes = { name: { dataType: 'String', stringValue: 'value' }, raw: { dataType: 'Binary', binaryValue: Buffer.alloc(10) } };
    const attributeBytes = 4 + 6 + 5 + 3 + 6 + 10;
    expect(sending({ body: 'x'.repeat(1024 - attributeBytes), attributes }, { maximumMessageSize: 1024 })).toBe('accepted');
    expect(sending({ body: 'x'.repeat(1025 - attributeBytes), attributes }, { maximumMessageSize: 1024 })).toMatch(/at most 1024 bytes, got 1025/);
  });
});

documented('A message', 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html', () => {
  test('has at most ten attributes', () => {
    const attributes = (length: number): Record<string, MessageAttribute> => Object.fromEntries(
      Array.from({ length }, (_, index) => [`name${index}`, { dataType: 'String', stringValue: 'x' }]),
    );
    expect(sending({ attributes: attributes(10) })).toBe('accepted');
    expect(sending({ attributes: attributes(11) })).toMatch(/at most 10 message attributes, got 11/);
  });

  test.each(['', 'with space', '.start', 'end.', 'two..dots', 'AWS.name', 'aws.name', 'Amazon.name', 'x'.repeat(257)])('cannot have an attribute named "%s"', (name) => {
    expect(withAttribute(name, { dataType: 'String', stringValue: 'x' })).toMatch(/^InvalidParameterValue: The message attribute name /);
  });

  test.each<[string, Partial<MessageAttribute>]>([
    ['text', { dataType: 'String', stringValue: 'x' }],
    ['labelled text', { dataType: 'String.json', stringValue: '{}' }],
    ['a number', { dataType: 'Number', stringValue: '-1.5e10' }],
    ['bytes', { dataType: 'Binary.png', binaryValue: Buffer.of(0) }],
  ])('may have %s as an attribute', (_, attribute) => {
    expect(withAttribute('name', attribute)).toBe('accepted');
  });

  test.each<[string, Partial<MessageAttribute>]>([
    ['no type', { stringValue: 'x' }],
    ['an unknown type', { dataType: 'Boolean', stringValue: 'true' }],
    ['an empty label', { dataType: 'String.', stringValue: 'x' }],
    ['no value', { dataType: 'String' }],
    ['an empty value', { dataType: 'String', stringValue: '' }],
    ['no bytes', { dataType: 'Binary', binaryValue: Buffer.alloc(0) }],
    ['text for bytes', { dataType: 'Binary', stringValue: 'x' }],
    ['two values', { dataType: 'String', stringValue: 'x', binaryValue: Buffer.of(1) }],
    ['text for a number', { dataType: 'Number', stringValue: 'one' }],
  ])('cannot have an attribute with %s', (_, attribute) => {
    expect(withAttribute('name', attribute)).toMatch(/^InvalidParameterValue: .*attribute 'name'/);
  });
});
