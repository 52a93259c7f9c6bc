import { SNSClient } from '@aws-sdk/client-sns';
import { Logger } from '@aws-lambda-powertools/logger';
import { BatchPublisher } from './private/batch-publisher';
import { consumeInOrder } from './private/consume';
import { environmentVariable } from './private/environment';
import { createPayments } from './private/payments';

const logger = new Logger();
const orders = new BatchPublisher(new SNSClient({}), environmentVariable('ORDERS_TOPIC_ARN'));

export const handler = consumeInOrder(createPayments(orders, logger), logger);
