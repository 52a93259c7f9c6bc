import type { ResourceProvider } from './provider';
import { accountProviders } from './resources/account';
import { chatbotProviders } from './resources/chatbot';
import { cloudWatchProviders } from './resources/cloudwatch';
import { crossRegionExportProviders } from './resources/cross-region-exports';
import { dynamoDbProviders } from './resources/dynamodb';
import { eventBridgeProviders } from './resources/eventbridge';
import { firehoseProviders } from './resources/firehose';
import { iamProviders } from './resources/iam';
import { kmsProviders } from './resources/kms';
import { lambdaProviders, type LambdaSurroundings } from './resources/lambda';
import { logsProviders } from './resources/logs';
import { s3Providers } from './resources/s3';
import { snsProviders } from './resources/sns';
import { sqsProviders } from './resources/sqs';
import { ssmProviders } from './resources/ssm';
import type { ChatbotService } from '../chatbot';
import type { CloudWatchService } from '../cloudwatch';
import type { DynamoDbService } from '../dynamodb';
import type { EventBridgeService } from '../eventbridge';
import type { FirehoseService } from '../firehose';
import type { LambdaService } from '../lambda';
import type { LogsService } from '../logs';
import type { S3Service } from '../s3';
import type { SnsService } from '../sns';
import type { SqsService } from '../sqs';
import type { ParameterStore } from '../ssm';

export interface Services extends LambdaSurroundings {
  readonly sqs: SqsService;
  readonly sns: SnsService;
  /** The service that has a topic, in whatever account and region. */
  readonly snsOf?: (topicArn: string) => SnsService;
  readonly s3: S3Service;
  readonly firehose: FirehoseService;
  readonly dynamoDb: DynamoDbService;
  readonly eventBridge: EventBridgeService;
  readonly lambda: LambdaService;
  readonly cloudWatch: CloudWatchService;
  readonly chatbot: ChatbotService;
  readonly logs: LogsService;
  readonly parameters: ParameterStore;
  /** The parameters of a region of the account; undefined where the simulation has no such region. */
  readonly parametersIn: (region: string) => ParameterStore | undefined;
}

/** Every resource type that the simulator models, by its name. */
export function providersFor(services: Services): Map<string, ResourceProvider> {
  const { sqs, sns, s3, lambda, cloudWatch, place, random, access } = services;
  return new Map([
    ...sqsProviders(sqs),
    ...snsProviders(sns, access, services.snsOf),
    ...s3Providers(s3, place, access),
    ...lambdaProviders(lambda, services),
    ...firehoseProviders(services.firehose, place, access),
    ...dynamoDbProviders(services.dynamoDb),
    ...eventBridgeProviders(services.eventBridge, access),
    ...cloudWatchProviders(cloudWatch, services.clock),
    ...chatbotProviders(services.chatbot, sns),
    ...iamProviders(place, random, access),
    ...kmsProviders(place, random, access),
    ...logsProviders(services.logs, place, access),
    ...ssmProviders(services.parameters),
    ...crossRegionExportProviders(services.parameters, services.parametersIn),
    ...accountProviders(),
  ].map((provider) => [provider.type, provider]));
}
