import type { SqsRecord } from '../sqs-event';

/** The records of each message group, in their order. Records without a group are taken for one: their order may count. */
export function messageGroups(records: readonly SqsRecord[]): SqsRecord[][] {
  const groups = new Map<string | undefined, SqsRecord[]>();
  for (const record of records) {
    const { MessageGroupId } = record.attributes;
    const group = groups.get(MessageGroupId);
    if (group) group.push(record);
    else groups.set(MessageGroupId, [record]);
  }
  return [...groups.values()];
}
