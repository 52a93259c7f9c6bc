import { SQSClient } from '@aws-sdk/client-sqs';
import { Logger } from '@aws-lambda-powertools/logger';
import { consume, consumeInOrder } from './private/consume';
import { environmentVariable } from './private/environment';
import { createRedriver } from './private/redriver';

const logger = new Logger();
const queueUrl = environmentVariable('QUEUE_URL');
const redrive = createRedriver({
  client: new SQSClient({}),
  logger,
  queueUrl,
  quarantineUrl: environmentVariable('QUARANTINE_URL'),
  maxRedrives: Number(environmentVariable('MAX_REDRIVES')),
  delaySeconds: Number(environmentVariable('DELAY_SECONDS')),
});

export const handler = queueUrl.endsWith('.fifo') ? consumeInOrder(redrive, logger) : consume(redrive, logger);
