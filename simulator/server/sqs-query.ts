/** Amazon SQS, version 2012-11-05. The query protocol flattens every list and map, and names it after its items. */
import { blob, flag, flatList, flatMap, integer, operation, operations, structure, text } from './shapes';

const messageAttribute = structure({
  DataType: text,
  StringValue: text,
  BinaryValue: blob,
  StringListValues: flatList('StringListValue', text),
  BinaryListValues: flatList('BinaryListValue', blob),
});

const messageToSend = {
  MessageBody: text,
  DelaySeconds: integer,
  MessageAttributes: flatMap('MessageAttribute', messageAttribute),
  MessageSystemAttributes: flatMap('MessageSystemAttribute', messageAttribute),
  MessageDeduplicationId: text,
  MessageGroupId: text,
};

const sentMessage = {
  MessageId: text,
  MD5OfMessageBody: text,
  MD5OfMessageAttributes: text,
  MD5OfMessageSystemAttributes: text,
  SequenceNumber: text,
};

const failed = flatList('BatchResultErrorEntry', structure({ Id: text, SenderFault: flag, Code: text, Message: text }));
const attributes = flatMap('Attribute', text);
const tags = flatMap('Tag', text, 'Key', 'Value');
const queueUrls = flatList('QueueUrl', text);
const queue = { QueueUrl: text };

export const sqsOperations = operations({
  AddPermission: operation({
    ...queue, Label: text, AWSAccountIds: flatList('AWSAccountId', text), Actions: flatList('ActionName', text),
  }),
  CancelMessageMoveTask: operation({ TaskHandle: text }, { ApproximateNumberOfMessagesMoved: integer }),
  ChangeMessageVisibility: operation({ ...queue, ReceiptHandle: text, VisibilityTimeout: integer }),
  ChangeMessageVisibilityBatch: operation({
    ...queue,
    Entries: flatList('ChangeMessageVisibilityBatchRequestEntry',
      structure({ Id: text, ReceiptHandle: text, VisibilityTimeout: integer })),
  }, { Successful: flatList('ChangeMessageVisibilityBatchResultEntry', structure({ Id: text })), Failed: failed }),
  CreateQueue: operation({ QueueName: text, Attributes: attributes, tags }, queue),
  DeleteMessage: operation({ ...queue, ReceiptHandle: text }),
  DeleteMessageBatch: operation(
    { ...queue, Entries: flatList('DeleteMessageBatchRequestEntry', structure({ Id: text, ReceiptHandle: text })) },
    { Successful: flatList('DeleteMessageBatchResultEntry', structure({ Id: text })), Failed: failed },
  ),
  DeleteQueue: operation(queue),
  GetQueueAttributes: operation({ ...queue, AttributeNames: flatList('AttributeName', text) }, { Attributes: attributes }),
  GetQueueUrl: operation({ QueueName: text, QueueOwnerAWSAccountId: text }, queue),
  ListDeadLetterSourceQueues: operation({ ...queue, NextToken: text, MaxResults: integer }, { queueUrls, NextToken: text }),
  ListMessageMoveTasks: operation({ SourceArn: text, MaxResults: integer }, {
    Results: flatList('ListMessageMoveTasksResultEntry', structure({
      TaskHandle: text, Status: text, SourceArn: text, DestinationArn: text, MaxNumberOfMessagesPerSecond: integer,
      ApproximateNumberOfMessagesMoved: integer, ApproximateNumberOfMessagesToMove: integer, FailureReason: text,
      StartedTimestamp: integer,
    })),
  }),
  ListQueueTags: operation(queue, { Tags: tags }),
  ListQueues: operation({ QueueNamePrefix: text, NextToken: text, MaxResults: integer }, { QueueUrls: queueUrls, NextToken: text }),
  PurgeQueue: operation(queue),
  ReceiveMessage: operation({
    ...queue,
    AttributeNames: flatList('AttributeName', text),
    MessageSystemAttributeNames: flatList('MessageSystemAttributeName', text),
    MessageAttributeNames: flatList('MessageAttributeName', text),
    MaxNumberOfMessages: integer,
    VisibilityTimeout: integer,
    WaitTimeSeconds: integer,
    ReceiveRequestAttemptId: text,
  }, {
    Messages: flatList('Message', structure({
      MessageId: text, ReceiptHandle: text, MD5OfBody: text, Body: text, Attributes: attributes, MD5OfMessageAttributes: text,
      MessageAttributes: flatMap('MessageAttribute', messageAttribute),
    })),
  }),
  RemovePermission: operation({ ...queue, Label: text }),
  SendMessage: operation({ ...queue, ...messageToSend }, sentMessage),
  SendMessageBatch: operation(
    { ...queue, Entries: flatList('SendMessageBatchRequestEntry', structure({ Id: text, ...messageToSend })) },
    { Successful: flatList('SendMessageBatchResultEntry', structure({ Id: text, ...sentMessage })), Failed: failed },
  ),
  SetQueueAttributes: operation({ ...queue, Attributes: attributes }),
  StartMessageMoveTask: operation(
    { SourceArn: text, DestinationArn: text, MaxNumberOfMessagesPerSecond: integer }, { TaskHandle: text },
  ),
  TagQueue: operation({ ...queue, Tags: tags }),
  UntagQueue: operation({ ...queue, TagKeys: flatList('TagKey', text) }),
});

/** What the query protocol calls an error, where it differs from the JSON protocol's name: the `awsQueryError` traits of AWS's service model. */
const queryCodes: Readonly<Record<string, string>> = {
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
  QueueDeletedRecently: 'AWS.SimpleQueueService.QueueDeletedRecently',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
};

/** The query protocol's code for an error of the JSON protocol: what `x-amzn-query-error` carries. */
export function queryErrorCode(code: string): string {
  return queryCodes[code] ?? code;
}
