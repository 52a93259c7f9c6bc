import { Names, Stack } from 'aws-cdk-lib';
import * as athena from 'aws-cdk-lib/aws-athena';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { MessageArchive } from './message-archive';
import { partitionFolder, partitionKeys } from './private/archive-layout';
import { archiveTableRules } from './private/archive-table-rules';
import { columns, messagesOnce, projection, serdeParameters } from './private/archive-table-schema';
import { validate } from './private/validation';

/**
 * Properties of an ArchiveTable.
 */
export interface ArchiveTableProps {
  /**
   * The archive to query.
   */
  readonly archive: MessageArchive;

  /**
   * An existing database of the Glue Data Catalog, 1 to 255 lower-case letters, digits and underscores.
   *
   * @default - a database is made, named after the construct
   */
  readonly databaseName?: string;

  /**
   * The name of the table in its database, 1 to 100 lower-case letters, digits and underscores.
   *
   * @default 'messages'
   */
  readonly tableName?: string;

  /**
   * The year of the oldest message, from 2006, when SQS began. Athena looks into every hour from it to now where a query names no
   * `year`, `month` and `day`.
   *
   * @default 2026
   */
  readonly firstYear?: number;

  /**
   * The Athena workgroup that the saved query is in.
   *
   * @default 'primary'
   */
  readonly workGroup?: string;
}

/**
 * The messages of a MessageArchive as a table that Athena queries, without a crawler: it projects the partitions `year`, `month`, `day`
 * and `hour` (texts such as `'2026'` and `'07'`) from the time at which messages were sent. Beside it a saved query, because a
 * message is archived at least once: it shows the messages of today, each once.
 *
 * Name at least `year`, `month` and `day` in every query: each hour that is not left out costs a request to S3. Neither table nor
 * query costs anything while nobody queries. What Firehose archives is not in the table.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
 * @throws an error with every rule that the properties break
 */
export class ArchiveTable extends Construct {
  /**
   * The name of the database.
   */
  public readonly databaseName: string;

  /**
   * The name of the table.
   */
  public readonly tableName: string;

  /**
   * The L1 table inside.
   */
  public readonly table: glue.CfnTable;

  /**
   * The saved query that shows each message once.
   */
  public readonly query: athena.CfnNamedQuery;

  private readonly archive: MessageArchive;

  constructor(scope: Construct, id: string, props: ArchiveTableProps) {
    super(scope, id);
    validate(this, archiveTableRules(props));
    this.archive = props.archive;
    const database = props.databaseName === undefined ? this.makeDatabase() : undefined;
    this.databaseName = database?.ref ?? props.databaseName!;
    this.tableName = props.tableName ?? 'messages';

    const { bucket, prefix } = this.archive;
    this.table = new glue.CfnTable(this, 'Resource', {
      catalogId: Stack.of(this).account,
      databaseName: this.databaseName,
      tableInput: {
        name: this.tableName,
        description: `The messages that ${this.archive.node.path} archived`,
        tableType: 'EXTERNAL_TABLE',
        parameters: {
          EXTERNAL: 'TRUE',
          classification: 'json',
          ...projection(props.firstYear ?? 2026),
          'storage.location.template': bucket.s3UrlForObject(partitionFolder(prefix, (key) => `\${${key}}`)),
        },
        partitionKeys: partitionKeys.map((name) => ({ name, type: 'string', comment: 'Of the time at which the message was sent, UTC' })),
        storageDescriptor: {
          columns: columns.map(({ name, type, comment }) => ({ name, type, comment })),
          location: bucket.s3UrlForObject(`${prefix}/`),
          inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          serdeInfo: { serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe', parameters: { ...serdeParameters } },
        },
      },
    });

    this.query = new athena.CfnNamedQuery(this, 'MessagesOnce', {
      database: this.databaseName,
      name: `${this.tableName} of today, each once`,
      description: `Each message of ${this.archive.node.path} once, though it may be archived more often`,
      queryString: messagesOnce(this.databaseName, this.tableName),
      workGroup: props.workGroup ?? 'primary',
    });
    this.query.addResourceDependency(this.table);
  }

  /**
   * Lets the grantee find the table, and list, read and decrypt what is archived. To query, it also needs a workgroup of Athena and
   * the bucket of that workgroup's results.
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    const stack = Stack.of(this);
    const catalog = iam.Grant.addToPrincipal({
      grantee,
      actions: ['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable'],
      resourceArns: ['catalog', `database/${this.databaseName}`, `table/${this.databaseName}/${this.tableName}`]
        .map((resource) => stack.formatArn({ service: 'glue', resource })),
    });
    return catalog.combine(this.archive.grantRead(grantee));
  }

  /** Named, because a name that CloudFormation makes has hyphens and capitals, which SQL takes in quotes only. */
  private makeDatabase(): glue.CfnDatabase {
    const name = Names.uniqueResourceName(this, { maxLength: 255, separator: '_', allowedSpecialCharacters: '_' }).toLowerCase();
    return new glue.CfnDatabase(this, 'Database', {
      catalogId: Stack.of(this).account,
      databaseInput: { name, description: `Messages that ${this.archive.node.path} archived` },
    });
  }
}
