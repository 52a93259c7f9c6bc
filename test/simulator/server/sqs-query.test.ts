import { queryErrorCode } from '../../../simulator/server/sqs-query';

// Source of the two protocols: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html
describe('the query protocol of Amazon SQS', () => {
  test.each([
    ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],
    ['QueueNameExists', 'QueueAlreadyExists'],
    ['ReceiptHandleIsInvalid', 'ReceiptHandleIsInvalid'],
    ['InvalidParameterValue', 'InvalidParameterValue'],
  ])('calls the error %s by the code %s', (code, queryCode) => {
    expect(queryErrorCode(code)).toBe(queryCode);
  });
});
