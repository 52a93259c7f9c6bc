type Input = Readonly<Record<string, unknown>>;

/** Members of requests that name what they are for, by URL, ARN or name. */
const naming = ['QueueUrl', 'TopicArn', 'QueueName', 'TableName', 'DeliveryStreamName'];

/** The names of the queue, topic, stream or tables that a call is for; none for a call that is for no resource, or for a stack. */
export function resourceNamesIn(input: Input): string[] {
  const named = naming.map((member) => input[member]).find((value): value is string => typeof value === 'string');
  const tables = named === undefined ? [...Object.keys(input.RequestItems ?? {}), ...tablesOf(input.TransactItems)] : [named];
  return [...new Set(tables.map(lastPart))];
}

/** The name at the end of an ARN or a URL. */
export function lastPart(arnOrUrl: string): string {
  return arnOrUrl.slice(Math.max(arnOrUrl.lastIndexOf('/'), arnOrUrl.lastIndexOf(':')) + 1);
}

/** Of a transaction, each item of which has one action. */
function tablesOf(items: unknown): string[] {
  if (!Array.isArray(items)) return [];
  return items.flatMap((item: Input) => Object.values(item).flatMap((action) => (
    typeof action === 'object' && action !== null && 'TableName' in action && typeof action.TableName === 'string' ? [action.TableName] : []
  )));
}
