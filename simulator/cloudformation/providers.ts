import type { ResourceProvider } from './provider';
import { accountProviders } from './resources/account';
import { cloudWatchProviders } from './resources/cloudwatch';
import { lambdaProviders, type LambdaSurroundings } from './resources/lambda';
import { s3Providers } from './resources/s3';
import { snsProviders } from './resources/sns';
import { sqsProviders } from './resources/sqs';
import type { CloudWatchService } from '../cloudwatch';
import type { LambdaService } from '../lambda';
import type { S3Service } from '../s3';
import type { SnsService } from '../sns';
import type { SqsService } from '../sqs';

export interface Services extends LambdaSurroundings {
  readonly sqs: SqsService;
  readonly sns: SnsService;
  readonly s3: S3Service;
  readonly lambda: LambdaService;
  readonly cloudWatch: CloudWatchService;
}

/** Every resource type that the simulator models, by its name. */
export function providersFor(services: Services): Map<string, ResourceProvider> {
  const { sqs, sns, s3, lambda, cloudWatch, place, random, access } = services;
  return new Map([
    ...sqsProviders(sqs),
    ...snsProviders(sns),
    ...s3Providers(s3, place, access),
    ...lambdaProviders(lambda, services),
    ...cloudWatchProviders(cloudWatch, services.clock),
    ...accountProviders(place, random, access),
  ].map((provider) => [provider.type, provider]));
}
