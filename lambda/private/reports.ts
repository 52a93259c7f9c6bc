import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod/mini';
import type { RecordHandler } from './consume';
import { parseJson } from './malformed-message';

const reportJob = z.object({
  /** Becomes part of an object key. */
  reportId: z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, hyphens or underscores')),
  kind: z.enum(['daily-sales', 'refunds', 'stock']),
  date: z.iso.date(),
});

export type ReportJob = z.output<typeof reportJob>;

export interface ReportDocument extends ReportJob {
  readonly title: string;
  /** The day in UTC, ISO 8601; `to` is not part of it. */
  readonly period: { readonly from: string; readonly to: string };
  /** When the job was sent, ISO 8601. */
  readonly requestedAt: string;
}

const TITLES: Readonly<Record<ReportJob['kind'], string>> = {
  'daily-sales': 'Sales of the day',
  refunds: 'Refunds of the day',
  stock: 'Stock at the end of the day',
};

const DAY_MILLISECONDS = 86_400_000;

/** Says the same for the same message, so that a retry writes the same document again. */
export function reportOf(job: ReportJob, requestedAt: Date): ReportDocument {
  const from = new Date(`${job.date}T00:00:00Z`);
  const to = new Date(from.getTime() + DAY_MILLISECONDS);
  return {
    ...job, title: TITLES[job.kind],
    period: { from: from.toISOString(), to: to.toISOString() },
    requestedAt: requestedAt.toISOString(),
  };
}

/** @throws MalformedMessageError */
export function parseReportJob(body: string): ReportJob {
  return parseJson(reportJob, 'The report job', body);
}

/** Writes the document of each report job to `reports/<reportId>.json`. */
export function createReports(client: Pick<S3Client, 'send'>, bucket: string, logger: Logger): RecordHandler {
  return async ({ body, messageId, attributes }) => {
    const job = parseReportJob(body);
    const key = `reports/${job.reportId}.json`;
    await client.send(new PutObjectCommand({
      Bucket: bucket, Key: key, ContentType: 'application/json',
      Body: JSON.stringify(reportOf(job, new Date(Number(attributes.SentTimestamp)))),
    }));
    logger.info('Report written', { messageId, key, kind: job.kind });
  };
}
