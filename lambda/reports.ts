import { S3Client } from '@aws-sdk/client-s3';
import { Logger } from '@aws-lambda-powertools/logger';
import { consume } from './private/consume';
import { environmentVariable } from './private/environment';
import { createReports } from './private/reports';

const logger = new Logger();

export const handler = consume(createReports(new S3Client({}), environmentVariable('DOCUMENTS_BUCKET'), logger), logger);
