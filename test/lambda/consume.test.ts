import { Logger } from '@aws-lambda-powertools/logger';
import type { SQSEvent } from 'aws-lambda';
import { consume, consumeInOrder } from '../../lambda/private/consume';
import { environmentVariable, MissingEnvironmentVariableError } from '../../lambda/private/environment';
import { context, failedIds, silent, sqsEvent, sqsRecord } from './factories';

const rejectPoison = ({ body }: { body: string }): void => {
  if (body === 'poison') throw new Error('poisoned');
};

const batch = (...bodies: string[]): SQSEvent => sqsEvent(...bodies.map((body, index) => sqsRecord({ messageId: `${index}`, body })));

describe.each([['consume', consume], ['consumeInOrder', consumeInOrder]])('%s', (_, wrap) => {
  test('reports no failure when every message succeeds, also in the batch after one that failed', async () => {
    const handler = wrap(rejectPoison, silent);
    expect(failedIds(await handler(batch('good', 'poison'), context))).toEqual(['1']);
    expect(await handler(batch('good', 'good'), context)).toEqual({ batchItemFailures: [] });
  });

  test('reports each message when all of them fail, instead of failing the invocation', async () => {
    expect(failedIds(await wrap(rejectPoison, silent)(batch('poison', 'poison'), context))).toEqual(['0', '1']);
  });

  test('logs each failure with message ID, queue, receive count and the request, and without the body', async () => {
    const logger = new Logger({ logLevel: 'SILENT' });
    const error = jest.spyOn(logger, 'error');
    const addContext = jest.spyOn(logger, 'addContext');
    await wrap(rejectPoison, logger)(sqsEvent(sqsRecord({ body: 'poison', attributes: { ApproximateReceiveCount: '3' } })), context);
    expect(error.mock.calls).toEqual([['Message failed', {
      messageId: '00000000-0000-4000-8000-000000000001', queue: 'arn:aws:sqs:eu-west-1:111122223333:Queue', receiveCount: 3,
      error: new Error('poisoned'),
    }]]);
    expect(addContext).toHaveBeenCalledWith(context);
  });
});

test('consumeInOrder takes messages without a group for one group', async () => {
  const seen: string[] = [];
  const handler = consumeInOrder(({ body }) => {
    seen.push(body);
    rejectPoison({ body });
  }, silent);
  expect(failedIds(await handler(batch('a', 'poison', 'b'), context))).toEqual(['1', '2']);
  expect(seen).toEqual(['a', 'poison']);
});

describe('environmentVariable', () => {
  afterEach(() => { delete process.env.SOME_TOPIC_ARN; });

  test('is the value of the variable', () => {
    process.env.SOME_TOPIC_ARN = 'arn';
    expect(environmentVariable('SOME_TOPIC_ARN')).toBe('arn');
  });

  test.each([[undefined], ['']])('fails when the variable is %p', (value) => {
    if (value !== undefined) process.env.SOME_TOPIC_ARN = value;
    expect(() => environmentVariable('SOME_TOPIC_ARN')).toThrow(MissingEnvironmentVariableError);
    expect(() => environmentVariable('SOME_TOPIC_ARN')).toThrow('The environment variable \'SOME_TOPIC_ARN\' must be set');
  });
});
