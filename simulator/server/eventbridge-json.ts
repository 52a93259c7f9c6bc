/** Amazon EventBridge, version 2015-10-07. */
import { flag, integer, list, map, operation, operations, structure, text, timestamp } from './shapes';

const rule = {
  Name: text, Arn: text, EventPattern: text, ScheduleExpression: text, State: text, Description: text, RoleArn: text, EventBusName: text,
};
const target = structure({
  Id: text, Arn: text, RoleArn: text, Input: text, InputPath: text,
  InputTransformer: structure({ InputPathsMap: map(text), InputTemplate: text }), SqsParameters: structure({ MessageGroupId: text }),
  RetryPolicy: structure({ MaximumRetryAttempts: integer, MaximumEventAgeInSeconds: integer }), DeadLetterConfig: structure({ Arn: text }),
});
const bus = { Name: text, Arn: text };
const named = { Name: text, EventBusName: text };
const paged = { NextToken: text, Limit: integer };

export const eventBridgeOperations = operations({
  PutEvents: operation({
    Entries: list(structure({
      Time: timestamp, Source: text, Resources: list(text), DetailType: text, Detail: text, EventBusName: text, TraceHeader: text,
    })),
    EndpointId: text,
  }, { FailedEntryCount: integer, Entries: list(structure({ EventId: text, ErrorCode: text, ErrorMessage: text })) }),
  TestEventPattern: operation({ EventPattern: text, Event: text }, { Result: flag }),
  ListRules: operation({ NamePrefix: text, EventBusName: text, ...paged }, { Rules: list(structure(rule)), NextToken: text }),
  DescribeRule: operation(named, { ...rule, CreatedBy: text }),
  EnableRule: operation(named, {}),
  DisableRule: operation(named, {}),
  ListTargetsByRule: operation({ Rule: text, EventBusName: text, ...paged }, { Targets: list(target), NextToken: text }),
  ListEventBuses: operation({ NamePrefix: text, ...paged }, { EventBuses: list(structure(bus)), NextToken: text }),
  DescribeEventBus: operation({ Name: text }, bus),
});
