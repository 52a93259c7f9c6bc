import { ServiceError } from '../contracts';
import type { Service } from './fault';

/**
 * What each service answers when it fails, and when it refuses a call for its rate.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecord.html
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/CommonErrors.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
 */
const answers: Readonly<Record<Service, Readonly<Record<'failure' | 'throttling', readonly [code: string, status: number]>>>> = {
  sqs: { failure: ['ServiceUnavailable', 503], throttling: ['RequestThrottled', 400] },
  sns: { failure: ['InternalError', 500], throttling: ['ThrottlingException', 400] },
  s3: { failure: ['InternalError', 500], throttling: ['SlowDown', 503] },
  cloudwatch: { failure: ['InternalServiceFault', 500], throttling: ['ThrottlingException', 400] },
  dynamodb: { failure: ['InternalServerError', 500], throttling: ['ProvisionedThroughputExceededException', 400] },
  // beyond a stream's quota Firehose says that it is not available
  firehose: { failure: ['InternalFailure', 500], throttling: ['ServiceUnavailableException', 500] },
  cloudformation: { failure: ['InternalFailure', 500], throttling: ['Throttling', 400] },
};

export function failure(service: Service): ServiceError {
  return answer(service, 'failure');
}

export function throttling(service: Service): ServiceError {
  return answer(service, 'throttling');
}

function answer(service: Service, kind: 'failure' | 'throttling'): ServiceError {
  const [code, status] = answers[service][kind];
  return new ServiceError(code, 'injected by a fault', status);
}
