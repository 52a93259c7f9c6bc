// What a user writes to replay an archive, bundled by test/behaviour/archive-access.test.ts.
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

interface Archived {
  readonly body: string;
}

const s3 = new S3Client({});
const { BUCKET, TOPIC, QUEUE } = process.env;

/** Sends everything under a prefix to the topic and to the queue. */
export async function handler({ prefix }: { readonly prefix: string }): Promise<void> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }));
  for (const { Key } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    const lines = gunzipSync(await Body!.transformToByteArray()).toString().trimEnd().split('\n');
    for (const line of lines) {
      const { body } = JSON.parse(line) as Archived;
      await new SNSClient({}).send(new PublishCommand({ TopicArn: TOPIC, Message: body }));
      await new SQSClient({}).send(new SendMessageCommand({ QueueUrl: QUEUE, MessageBody: body }));
    }
  }
}
