import { type PartitionKey, partitionKeys } from './archive-layout';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

/** What the archiver writes, by its own names: one column of the table each. */
export const columns: readonly (Column & { readonly field: string })[] = [
  { field: 'messageId', type: 'string', comment: 'ID of the message in its queue; the same in every copy' },
  { field: 'sentAt', type: 'string', comment: 'When the message was first sent: ISO 8601, UTC, milliseconds' },
  { field: 'source', type: 'string', comment: 'ARN of the queue that the archiver read the message from' },
  { field: 'topic', type: 'string', comment: 'ARN of the topic that the message was published to; none where it was sent to a queue' },
  {
    field: 'attributes',
    type: 'map<string,struct<datatype:string,stringvalue:string,binaryvalue:string>>',
    comment: 'Message attributes by name; binary values are Base64',
  },
  { field: 'systemAttributes', type: 'map<string,string>', comment: 'By AWS names, such as MessageGroupId and SequenceNumber' },
  { field: 'body', type: 'string', comment: 'Body of the message, as it was sent' },
].map((column) => ({ ...column, name: column.field.toLowerCase() }));

const attributeFields = ['dataType', 'stringValue', 'binaryValue'];

/**
 * Case must count: where it doesn't, the SerDe lowers the names of message attributes too. The columns' names, which Athena knows in
 * lower case only, are then mapped one by one.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
 */
export const serdeParameters: Readonly<Record<string, string>> = {
  'case.insensitive': 'FALSE',
  ...Object.fromEntries([...columns.map(({ field }) => field), ...attributeFields]
    .filter((field) => field !== field.toLowerCase())
    .map((field) => [`mapping.${field.toLowerCase()}`, field])),
};

const projected: Record<PartitionKey, (firstYear: number) => Record<string, string>> = {
  // a range of integers has no NOW: it would end one day, and what came after it would be invisible
  year: (firstYear) => ({ type: 'date', format: 'yyyy', range: `${firstYear},NOW`, interval: '1', 'interval.unit': 'YEARS' }),
  month: () => ({ type: 'integer', range: '1,12', digits: '2' }),
  day: () => ({ type: 'integer', range: '1,31', digits: '2' }),
  hour: () => ({ type: 'integer', range: '0,23', digits: '2' }),
};

/** @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html */
export function projection(firstYear: number): Record<string, string> {
  return {
    'projection.enabled': 'true',
    ...Object.fromEntries(partitionKeys.flatMap((key) => Object.entries(projected[key](firstYear))
      .map(([property, value]) => [`projection.${key}.${property}`, value]))),
  };
}

/** The messages of the present day, each once. Copies of a message have the same sent time, so that they share a partition. */
export function messagesOnce(database: string, table: string): string {
  const names = columns.map(({ name }) => name).join(', ');
  const today = 'current_timestamp AT TIME ZONE \'UTC\'';
  return `-- The messages of today, UTC, each once. For other days, put them in the WHERE clause: year = '2026' AND month = '01'
SELECT ${names}
FROM (
  SELECT *, row_number() OVER (PARTITION BY messageid ORDER BY "$path") AS copy
  FROM "${database}"."${table}"
  WHERE year = date_format(${today}, '%Y')
    AND month = date_format(${today}, '%m')
    AND day = date_format(${today}, '%d')
)
WHERE copy = 1
ORDER BY sentat, element_at(systemattributes, 'SequenceNumber'), messageid
`;
}
