import type { S3Client } from '@aws-sdk/client-s3';
import { createReports, parseReportJob } from '../../lambda/private/reports';
import { silent, sqsRecord, stubClient } from './factories';

const job = { reportId: 'R-1', kind: 'daily-sales', date: '2026-01-31' };

describe('reports', () => {
  test('writes the document of a job under its ID', async () => {
    const { client, inputs } = stubClient<S3Client>();
    await createReports(client, 'documents', silent)(sqsRecord({ body: JSON.stringify(job) }));
    expect(inputs).toHaveLength(1);
    const { Body, ...rest } = inputs[0];
    expect(rest).toEqual({ Bucket: 'documents', Key: 'reports/R-1.json', ContentType: 'application/json' });
    expect(JSON.parse(Body as string)).toEqual({
      ...job, title: 'Sales of the day', requestedAt: '2026-01-05T09:00:00.000Z',
      period: { from: '2026-01-31T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' },
    });
  });

  test('writes the same document again when the job is delivered again', async () => {
    const { client, inputs } = stubClient<S3Client>();
    const handle = createReports(client, 'documents', silent);
    for (const ApproximateReceiveCount of ['1', '2']) {
      await handle(sqsRecord({ body: JSON.stringify(job), attributes: { ApproximateReceiveCount } }));
    }
    expect(inputs[1]).toEqual(inputs[0]);
  });

  test('fails when S3 refuses the document', async () => {
    const { client } = stubClient<S3Client>(() => { throw new Error('SlowDown'); });
    await expect(createReports(client, 'documents', silent)(sqsRecord({ body: JSON.stringify(job) }))).rejects.toThrow('SlowDown');
  });

  test.each<[string, Record<string, unknown>]>([
    ['a report ID that leaves the folder', { reportId: '../secrets' }],
    ['an empty report ID', { reportId: '' }],
    ['a report ID of 65 characters', { reportId: 'r'.repeat(65) }],
    ['an unknown kind', { kind: 'horoscope' }],
    ['a date that no calendar has', { date: '2026-02-29' }],
    ['a date with a time', { date: '2026-01-31T00:00:00Z' }],
    ['no date', { date: undefined }],
  ])('rejects a job with %s', (_, changes) => {
    expect(() => parseReportJob(JSON.stringify({ ...job, ...changes }))).toThrow(`'${Object.keys(changes)[0]}'`);
  });

  test('rejects a job that is not JSON', () => {
    expect(() => parseReportJob('daily-sales')).toThrow('The report job is not JSON');
  });
});
