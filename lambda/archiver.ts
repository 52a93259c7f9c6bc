import { S3Client } from '@aws-sdk/client-s3';
import { Logger } from '@aws-lambda-powertools/logger';
import { createArchiver } from './private/archiver';
import { environmentVariable } from './private/environment';

export const handler = createArchiver({
  client: new S3Client({}),
  logger: new Logger(),
  bucket: environmentVariable('ARCHIVE_BUCKET'),
  prefix: process.env.ARCHIVE_PREFIX ?? '',
  topicQueues: process.env.ARCHIVE_TOPIC_QUEUES?.split(','),
});
