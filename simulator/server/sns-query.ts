/** Amazon SNS, version 2010-03-31: topics, subscriptions and messages. Phones and mobile applications are not modelled. */
import { type ModelledError, blob, flag, list, map, operation, operations, structure, text } from './shapes';

const message = {
  Message: text,
  Subject: text,
  MessageStructure: text,
  MessageAttributes: map(structure({ DataType: text, StringValue: text, BinaryValue: blob }), 'Name', 'Value'),
  MessageDeduplicationId: text,
  MessageGroupId: text,
};

const topic = { TopicArn: text };
const subscription = { SubscriptionArn: text };
const tags = list(structure({ Key: text, Value: text }));
const attributes = map(text);
const subscriptions = {
  Subscriptions: list(structure({ SubscriptionArn: text, Owner: text, Protocol: text, Endpoint: text, TopicArn: text })),
  NextToken: text,
};

export const snsOperations = operations({
  AddPermission: operation({ ...topic, Label: text, AWSAccountId: list(text), ActionName: list(text) }),
  ConfirmSubscription: operation({ ...topic, Token: text, AuthenticateOnUnsubscribe: text }, subscription),
  CreateTopic: operation({ Name: text, Attributes: attributes, Tags: tags, DataProtectionPolicy: text }, topic),
  DeleteTopic: operation(topic),
  GetDataProtectionPolicy: operation({ ResourceArn: text }, { DataProtectionPolicy: text }),
  GetSubscriptionAttributes: operation(subscription, { Attributes: attributes }),
  GetTopicAttributes: operation(topic, { Attributes: attributes }),
  ListSubscriptions: operation({ NextToken: text }, subscriptions),
  ListSubscriptionsByTopic: operation({ ...topic, NextToken: text }, subscriptions),
  ListTagsForResource: operation({ ResourceArn: text }, { Tags: tags }),
  ListTopics: operation({ NextToken: text }, { Topics: list(structure(topic)), NextToken: text }),
  Publish: operation({ ...topic, TargetArn: text, PhoneNumber: text, ...message }, { MessageId: text, SequenceNumber: text }),
  PublishBatch: operation({ ...topic, PublishBatchRequestEntries: list(structure({ Id: text, ...message })) }, {
    Successful: list(structure({ Id: text, MessageId: text, SequenceNumber: text })),
    Failed: list(structure({ Id: text, Code: text, Message: text, SenderFault: flag })),
  }),
  PutDataProtectionPolicy: operation({ ResourceArn: text, DataProtectionPolicy: text }),
  RemovePermission: operation({ ...topic, Label: text }),
  SetSubscriptionAttributes: operation({ ...subscription, AttributeName: text, AttributeValue: text }),
  SetTopicAttributes: operation({ ...topic, AttributeName: text, AttributeValue: text }),
  Subscribe: operation(
    { ...topic, Protocol: text, Endpoint: text, Attributes: attributes, ReturnSubscriptionArn: flag }, subscription,
  ),
  TagResource: operation({ ResourceArn: text, Tags: tags }, {}),
  Unsubscribe: operation(subscription),
  UntagResource: operation({ ResourceArn: text, TagKeys: list(text) }, {}),
});

const error = (shape: string, status = 400, code = shape.replace(/Exception$/, '')): ModelledError => ({ shape, code, status });

export const snsErrors: readonly ModelledError[] = [
  error('AuthorizationErrorException', 403),
  error('BatchEntryIdsNotDistinctException'),
  error('BatchRequestTooLongException'),
  error('ConcurrentAccessException'),
  error('EmptyBatchRequestException'),
  error('EndpointDisabledException'),
  error('FilterPolicyLimitExceededException', 403),
  error('InternalErrorException', 500),
  error('InvalidBatchEntryIdException'),
  error('InvalidParameterException'),
  error('InvalidParameterValueException', 400, 'ParameterValueInvalid'),
  error('InvalidSecurityException', 403),
  error('InvalidStateException'),
  error('KMSAccessDeniedException'),
  error('KMSDisabledException'),
  error('KMSInvalidStateException'),
  error('KMSNotFoundException'),
  error('KMSOptInRequired', 403),
  error('KMSThrottlingException'),
  error('NotFoundException', 404),
  error('ReplayLimitExceededException', 403),
  error('ResourceNotFoundException', 404),
  error('StaleTagException'),
  error('SubscriptionLimitExceededException', 403),
  error('TagLimitExceededException'),
  error('TagPolicyException'),
  error('ThrottledException', 429),
  error('TooManyEntriesInBatchRequestException'),
  error('TopicLimitExceededException', 403),
  error('ValidationException', 400, 'ValidationException'),
];
