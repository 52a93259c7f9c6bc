import { SNSClient } from '@aws-sdk/client-sns';
import { Logger } from '@aws-lambda-powertools/logger';
import { BatchPublisher } from './private/batch-publisher';
import { createBilling } from './private/billing';
import { consume } from './private/consume';
import { environmentVariable } from './private/environment';

const logger = new Logger();
const payments = new BatchPublisher(new SNSClient({}), environmentVariable('PAYMENTS_TOPIC_ARN'));

export const handler = consume(createBilling(payments, logger), logger);
