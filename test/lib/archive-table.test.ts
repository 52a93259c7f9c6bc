import { App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { SQSRecord } from 'aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { partition } from '../../lambda/private/archive';
import { ArchiveTable, MessageArchive, type ArchiveTableProps, type MessageArchiveProps } from '../../lib';
import { Construct } from 'constructs';
import { archiveIn, handlerCode } from './archive-set-up';
import { environment, newStack, resolve, statementsIn } from './set-up';

function tableWith(props: Partial<ArchiveTableProps> = {}, archiveProps: MessageArchiveProps = {}): ArchiveTable {
  const stack = newStack();
  const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'the-archive');
  const archive = new MessageArchive(stack, 'Archive', { handlerCode, bucket, ...archiveProps });
  return new ArchiveTable(stack, 'ArchiveTable', { archive, ...props });
}

interface TableInput {
  readonly Name: string;
  readonly TableType: string;
  readonly Description: string;
  readonly Parameters: Record<string, string>;
  readonly PartitionKeys: { Name: string; Type: string; Comment: string }[];
  readonly StorageDescriptor: {
    readonly Columns: { Name: string; Type: string; Comment: string }[];
    readonly Location: string;
    readonly InputFormat: string;
    readonly OutputFormat: string;
    readonly SerdeInfo: { readonly Parameters: Record<string, string>; readonly SerializationLibrary: string };
  };
}

function only(table: ArchiveTable, type: string): Record<string, unknown> {
  const found = Object.values(Template.fromStack(table.table.stack).findResources(type));
  expect(found).toHaveLength(1);
  return (found[0] as { Properties: Record<string, unknown> }).Properties;
}

function inputOf(table: ArchiveTable): TableInput {
  return only(table, 'AWS::Glue::Table').TableInput as TableInput;
}

/** A message as Lambda hands it over. */
function record(sentAt: string): SQSRecord {
  return {
    messageId: 'message-1',
    receiptHandle: 'handle',
    body: JSON.stringify({ Type: 'Notification', TopicArn: 'arn:aws:sns:eu-west-1:111122223333:Orders', Message: '{}' }),
    attributes: {
      SentTimestamp: String(Date.parse(sentAt)), ApproximateReceiveCount: '1', SenderId: 'sender', ApproximateFirstReceiveTimestamp: '0',
      SequenceNumber: '18849496460467696128', MessageGroupId: 'group',
    },
    messageAttributes: { Channel: { dataType: 'String', stringValue: 'shop' } },
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:Archive',
    awsRegion: 'eu-west-1',
  };
}

/** What Athena does with the table: puts a value of its range, with so many digits, for each partition key. */
function projectedKey(input: TableInput, sentAt: Date): string {
  const values: Record<string, number> = {
    year: sentAt.getUTCFullYear(), month: sentAt.getUTCMonth() + 1, day: sentAt.getUTCDate(), hour: sentAt.getUTCHours(),
  };
  return input.Parameters['storage.location.template'].replace(/\$\{(\w+)\}/g, (_, key: string) => {
    const [lowest, highest] = input.Parameters[`projection.${key}.range`].split(',');
    expect(values[key]).toBeGreaterThanOrEqual(Number(lowest));
    if (highest !== 'NOW') expect(values[key]).toBeLessThanOrEqual(Number(highest));
    return String(values[key]).padStart(Number(input.Parameters[`projection.${key}.digits`] ?? 4), '0');
  });
}

describe('ArchiveTable', () => {
  test.each([
    ['the first hour of a year', '2026-01-01T00:00:00.000Z'],
    ['the last hour of a year', '2026-12-31T23:59:59.999Z'],
    ['some hour', '2031-07-09T08:15:00.000Z'],
  ])('projects the partition that the archiver writes to in %s', (_, sentAt) => {
    const [{ key }] = partition([record(sentAt)], 'team/orders');
    const folder = projectedKey(inputOf(tableWith({}, { prefix: 'team/orders' })), new Date(sentAt));
    expect(folder).toMatch(/^s3:\/\/the-archive\/.*\/$/);
    expect(`s3://the-archive/${key}`.slice(0, folder.length)).toBe(folder);
    expect(`s3://the-archive/${key}`.slice(folder.length)).not.toContain('/');
  });

  test('has a column for each field of an archived message, under its own name', () => {
    const message = record('2026-01-01T00:00:00.000Z');
    const [{ ndjson }] = partition([message], 'messages', [message.eventSourceARN]);
    const line = JSON.parse(ndjson) as Record<string, unknown>;
    const { Columns, SerdeInfo } = inputOf(tableWith()).StorageDescriptor;
    const fields = Columns.map(({ Name }) => SerdeInfo.Parameters[`mapping.${Name}`] ?? Name);
    expect(fields).toEqual(Object.keys(line));
    const attributes = Columns.find(({ Name }) => Name === 'attributes')!.Type;
    const names = [...attributes.matchAll(/(\w+):string/g)].map(([, name]) => SerdeInfo.Parameters[`mapping.${name}`]);
    expect(names).toEqual(['dataType', 'stringValue', 'binaryValue']);
  });

  test('keeps the case of the names of message attributes', () => {
    const { SerdeInfo, Columns } = inputOf(tableWith()).StorageDescriptor;
    expect(SerdeInfo).toEqual({
      SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
      Parameters: {
        'case.insensitive': 'FALSE',
        'mapping.messageid': 'messageId',
        'mapping.sentat': 'sentAt',
        'mapping.systemattributes': 'systemAttributes',
        'mapping.datatype': 'dataType',
        'mapping.stringvalue': 'stringValue',
        'mapping.binaryvalue': 'binaryValue',
      },
    });
    expect(Columns.map(({ Name, Type }) => [Name, Type])).toEqual([
      ['messageid', 'string'], ['sentat', 'string'], ['source', 'string'], ['topic', 'string'],
      ['attributes', 'map<string,struct<datatype:string,stringvalue:string,binaryvalue:string>>'],
      ['systemattributes', 'map<string,string>'], ['body', 'string'],
    ]);
  });

  test('needs no crawler: projects years up to now, months, days and hours', () => {
    const input = inputOf(tableWith());
    expect(input.PartitionKeys.map(({ Name, Type }) => [Name, Type])).toEqual([
      ['year', 'string'], ['month', 'string'], ['day', 'string'], ['hour', 'string'],
    ]);
    expect(input.Parameters).toEqual({
      EXTERNAL: 'TRUE',
      classification: 'json',
      'projection.enabled': 'true',
      'projection.year.type': 'date',
      'projection.year.format': 'yyyy',
      'projection.year.range': '2026,NOW',
      'projection.year.interval': '1',
      'projection.year.interval.unit': 'YEARS',
      'projection.month.type': 'integer',
      'projection.month.range': '1,12',
      'projection.month.digits': '2',
      'projection.day.type': 'integer',
      'projection.day.range': '1,31',
      'projection.day.digits': '2',
      'projection.hour.type': 'integer',
      'projection.hour.range': '0,23',
      'projection.hour.digits': '2',
      'storage.location.template': 's3://the-archive/messages/year=${year}/month=${month}/day=${day}/hour=${hour}/',
    });
    expect(input.StorageDescriptor.Location).toBe('s3://the-archive/messages/');
  });

  test('reads lines of text, and is described for whoever finds it in the catalog', () => {
    const table = tableWith();
    const { TableType, Description, PartitionKeys, StorageDescriptor } = inputOf(table);
    expect(TableType).toBe('EXTERNAL_TABLE');
    expect(Description).toBe('The messages that Test/Archive archived');
    expect(StorageDescriptor.InputFormat).toBe('org.apache.hadoop.mapred.TextInputFormat');
    expect(StorageDescriptor.OutputFormat).toBe('org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat');
    for (const { Comment } of [...PartitionKeys, ...StorageDescriptor.Columns]) expect(Comment).toMatch(/\w{3}/);
    expect(only(table, 'AWS::Glue::Database').DatabaseInput).toMatchObject({ Description: 'Messages that Test/Archive archived' });
    expect(only(table, 'AWS::Athena::NamedQuery').Description).toBe('Each message of Test/Archive once, though it may be archived more often');
  });

  test('begins with another year where one is given', () => {
    expect(inputOf(tableWith({ firstYear: 2019 })).Parameters['projection.year.range']).toBe('2019,NOW');
  });

  test('makes a database with a name that SQL takes without quotes, and a table called "messages"', () => {
    const table = tableWith();
    const { DatabaseInput } = only(table, 'AWS::Glue::Database') as { DatabaseInput: { Name: string } };
    expect(DatabaseInput.Name).toMatch(/^test_archivetable_[0-9a-f]{8}$/);
    expect(DatabaseInput.Name).toMatch(/^[a-z0-9_]+$/);
    expect(only(table, 'AWS::Glue::Table').DatabaseName).toEqual(resolve(table.table.stack, table.databaseName));
    expect(inputOf(table).Name).toBe('messages');
    expect(table.tableName).toBe('messages');
  });

  test('makes a database with a name that fits, however deep the construct is, and keeps the underscores of IDs', () => {
    const stack = newStack();
    const archive = archiveIn(stack);
    const deep = [...'abcdefghi'].reduce<Construct>((scope, letter) => new Construct(scope, `part_${letter.repeat(40)}`), stack);
    const { databaseName } = new ArchiveTable(deep, 'Table', { archive });
    const databases = Template.fromStack(stack).findResources('AWS::Glue::Database') as Record<string, { Properties: { DatabaseInput: { Name: string } } }>;
    const [[logicalId, { Properties }]] = Object.entries(databases);
    expect(Properties.DatabaseInput.Name).toMatch(/^test_part_a+_part_b+[a-z0-9_]*$/);
    expect(Properties.DatabaseInput.Name.length).toBeGreaterThan(250);
    expect(Properties.DatabaseInput.Name.length).toBeLessThanOrEqual(255);
    expect(resolve(stack, databaseName)).toEqual({ Ref: logicalId });
  });

  test('takes an existing database and another name for the table', () => {
    const table = tableWith({ databaseName: 'lake', tableName: 'order_messages' });
    Template.fromStack(table.table.stack).resourceCountIs('AWS::Glue::Database', 0);
    expect(only(table, 'AWS::Glue::Table').DatabaseName).toBe('lake');
    expect(inputOf(table).Name).toBe('order_messages');
  });

  test('saves a query that shows each message once, in the primary workgroup', () => {
    const query = only(tableWith({ databaseName: 'lake' }), 'AWS::Athena::NamedQuery') as Record<string, string>;
    expect(query).toMatchObject({ Database: 'lake', WorkGroup: 'primary', Name: 'messages of today, each once' });
    const sql = query.QueryString.replace(/\s+/g, ' ');
    expect(sql).toContain('row_number() OVER (PARTITION BY messageid ORDER BY "$path") AS copy FROM "lake"."messages"');
    expect(sql).toContain('WHERE copy = 1');
    for (const [key, format] of [['year', '%Y'], ['month', '%m'], ['day', '%d']]) {
      expect(sql).toContain(`${key} = date_format(current_timestamp AT TIME ZONE 'UTC', '${format}')`);
    }
    expect(sql).toContain('SELECT messageid, sentat, source, topic, attributes, systemattributes, body FROM');
  });

  test('saves the query in another workgroup', () => {
    expect(only(tableWith({ workGroup: 'analysts' }), 'AWS::Athena::NamedQuery').WorkGroup).toBe('analysts');
  });

  test('makes the query after the table', () => {
    const template = Template.fromStack(tableWith().table.stack);
    const [tableId] = Object.keys(template.findResources('AWS::Glue::Table'));
    const [query] = Object.values(template.findResources('AWS::Athena::NamedQuery')) as { DependsOn: string[] }[];
    expect(query.DependsOn).toContain(tableId);
  });

  test('lets a grantee find the table and read what it shows, and nothing else', () => {
    const stack = newStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    const archive = new MessageArchive(stack, 'Archive', { handlerCode, encryptionKey });
    const reader = new iam.Role(stack, 'Reader', { assumedBy: new iam.AccountRootPrincipal() });
    new ArchiveTable(stack, 'Table', { archive, databaseName: 'lake' }).grantRead(reader);
    const statements = statementsIn(stack, 'AWS::IAM::Policy');
    const glue = statements.filter(({ Action }) => JSON.stringify(Action).includes('glue:'));
    const arn = (resource: string): string => `arn:aws:glue:${environment.region}:${environment.account}:${resource}`;
    expect(glue).toEqual([{
      Effect: 'Allow',
      Action: ['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable'],
      Resource: [arn('catalog'), arn('database/lake'), arn('table/lake/messages')],
    }]);
    expect(JSON.stringify(statements)).toContain('s3:GetObject*');
    expect(statements).toContainEqual({ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:DescribeKey'], Resource: resolve(stack, encryptionKey.keyArn) });
  });

  test('satisfies the AwsSolutions rules of cdk-nag', () => {
    const stack = newStack();
    Validations.of(stack.node.root).addPlugins(new AwsSolutionsChecks());
    new ArchiveTable(stack, 'Table', { archive: new MessageArchive(stack, 'Archive', { handlerCode }) });
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });

  test('works twice in one stack', () => {
    const table = tableWith();
    const archive = new MessageArchive(table.table.stack, 'Second', { handlerCode });
    new ArchiveTable(table.table.stack, 'SecondTable', { archive });
    Template.fromStack(table.table.stack).resourceCountIs('AWS::Glue::Database', 2);
  });

  test.each<[string, Partial<ArchiveTableProps>, string]>([
    ['the database has a hyphen', { databaseName: 'my-lake' }, "'databaseName' must be made of lower-case letters, digits and _, got 'my-lake'"],
    ['the name of the database is empty', { databaseName: '' }, "'databaseName' must have from 1 to 255 characters, got 0"],
    ['the name of the database is too long', { databaseName: 'a'.repeat(256) }, "'databaseName' must have from 1 to 255 characters, got 256"],
    ['the table has capitals', { tableName: 'Messages' }, "'tableName' must be made of lower-case letters, digits and _, got 'Messages'"],
    ['the name of the table is too long', { tableName: 'a'.repeat(101) }, "'tableName' must have from 1 to 100 characters, got 101"],
    ['the first year was before SQS', { firstYear: 2005 }, "'firstYear' must be from 2006 to 9999, got 2005"],
    ['the first year has too many digits', { firstYear: 10_000 }, "'firstYear' must be from 2006 to 9999, got 10000"],
    ['the first year is a part of one', { firstYear: 2026.5 }, "'firstYear' must be a whole number from 2006 to 9999, got 2026.5"],
    ['the workgroup has a space', { workGroup: 'my group' }, "'workGroup' must have from 1 to 128 letters, digits, _, . and -, got 'my group'"],
  ])('fails when %s', (_, props, message) => {
    expect(() => tableWith(props)).toThrow(message);
  });

  test('fails once, with every property that is wrong', () => {
    expect(() => tableWith({ tableName: 'A', firstYear: 1 })).toThrow(/Test\/ArchiveTable: 2 rules do not hold[^]*'tableName'[^]*'firstYear'/);
  });
});
