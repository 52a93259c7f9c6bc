import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { Logger } from '@aws-lambda-powertools/logger';
import { BatchPublisher } from './private/batch-publisher';
import { consume } from './private/consume';
import { environmentVariable } from './private/environment';
import { createUploads } from './private/uploads';

const logger = new Logger();
const orders = new BatchPublisher(new SNSClient({}), environmentVariable('ORDERS_TOPIC_ARN'));

export const handler = consume(createUploads(new S3Client({}), orders, logger), logger);
