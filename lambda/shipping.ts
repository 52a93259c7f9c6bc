import { Logger } from '@aws-lambda-powertools/logger';
import { consume } from './private/consume';
import { createShipping } from './private/shipping';

const logger = new Logger();

export const handler = consume(createShipping(logger), logger);
