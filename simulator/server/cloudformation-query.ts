/** AWS CloudFormation, version 2010-05-15: stacks, change sets, their events and resources. */
import { type ModelledError, flag, integer, list, operation, operations, structure, text, timestamp } from './shapes';

const texts = list(text);
const tags = list(structure({ Key: text, Value: text }));
const parameters = list(structure({ ParameterKey: text, ParameterValue: text, UsePreviousValue: flag, ResolvedValue: text }));
const rollbackConfiguration = structure({
  RollbackTriggers: list(structure({ Arn: text, Type: text })), MonitoringTimeInMinutes: integer,
});
const deploymentConfig = structure({ Mode: text, DisableRollback: flag });
const stackId = { StackId: text };
const named = { StackName: text };
const drift = structure({ StackDriftStatus: text });

const templateSource = { TemplateBody: text, TemplateURL: text };
const stackRequest = {
  ...named, ...templateSource,
  UsePreviousTemplate: flag, Parameters: parameters, Capabilities: texts, ResourceTypes: texts, RoleARN: text, Tags: tags,
  RollbackConfiguration: rollbackConfiguration, NotificationARNs: texts, DisableRollback: flag, DeploymentConfig: deploymentConfig,
  StackPolicyBody: text, StackPolicyURL: text, ClientRequestToken: text,
};

const stack = structure({
  ...stackId, ...named, ChangeSetId: text, Description: text, Parameters: parameters, CreationTime: timestamp, DeletionTime: timestamp,
  LastUpdatedTime: timestamp, RollbackConfiguration: rollbackConfiguration, StackStatus: text, StackStatusReason: text,
  DisableRollback: flag, NotificationARNs: texts, Capabilities: texts,
  Outputs: list(structure({ OutputKey: text, OutputValue: text, Description: text, ExportName: text })),
  RoleARN: text, Tags: tags, EnableTerminationProtection: flag, ParentId: text, RootId: text, DriftInformation: drift,
});

const stackSummary = structure({
  ...stackId, ...named, TemplateDescription: text, CreationTime: timestamp, LastUpdatedTime: timestamp, DeletionTime: timestamp,
  StackStatus: text, StackStatusReason: text, ParentId: text, RootId: text, DriftInformation: drift,
});

const stackEvent = structure({
  ...stackId, EventId: text, ...named, LogicalResourceId: text, PhysicalResourceId: text, ResourceType: text, Timestamp: timestamp,
  ResourceStatus: text, ResourceStatusReason: text, OperationId: text,
});

const resourceSummary = {
  LogicalResourceId: text, PhysicalResourceId: text, ResourceType: text, ResourceStatus: text, ResourceStatusReason: text,
  DriftInformation: structure({ StackResourceDriftStatus: text }),
};
const stackResource = { ...stackId, ...named, ...resourceSummary };

const change = structure({
  Type: text,
  ResourceChange: structure({
    PolicyAction: text, Action: text, LogicalResourceId: text, PhysicalResourceId: text, ResourceType: text, Replacement: text,
    Scope: texts,
    Details: list(structure({
      Target: structure({ Attribute: text, Name: text, RequiresRecreation: text, Path: text }), Evaluation: text, ChangeSource: text,
    })),
    ChangeSetId: text,
  }),
});

const changeSet = {
  ...stackId, ...named, ChangeSetId: text, ChangeSetName: text, ExecutionStatus: text, Status: text, StatusReason: text,
  CreationTime: timestamp, Description: text, IncludeNestedStacks: flag, ParentChangeSetId: text, RootChangeSetId: text,
  ImportExistingResources: flag,
};
const changeSetRequest = { ChangeSetName: text, ...named };

const templateParameters = list(structure({
  ParameterKey: text, DefaultValue: text, ParameterType: text, NoEcho: flag, Description: text,
  ParameterConstraints: structure({ AllowedValues: texts }),
}));

export const cloudFormationOperations = operations({
  CreateChangeSet: operation({
    ...stackRequest, ChangeSetName: text, ClientToken: text, Description: text, ChangeSetType: text, IncludeNestedStacks: flag,
    ImportExistingResources: flag, OnStackFailure: text, DeploymentMode: text,
    ResourcesToImport: list(structure({ ResourceType: text, LogicalResourceId: text })),
  }, { Id: text, ...stackId }),
  CreateStack: operation(
    { ...stackRequest, TimeoutInMinutes: integer, OnFailure: text, EnableTerminationProtection: flag, RetainExceptOnCreate: flag }, stackId,
  ),
  DeleteChangeSet: operation(changeSetRequest, {}),
  DeleteStack: operation({ ...named, RetainResources: texts, RoleARN: text, ClientRequestToken: text, DeletionMode: text }),
  DescribeChangeSet: operation({ ...changeSetRequest, NextToken: text, IncludePropertyValues: flag }, {
    ...changeSet, Parameters: parameters, NotificationARNs: texts, RollbackConfiguration: rollbackConfiguration, Capabilities: texts,
    Tags: tags, Changes: list(change), NextToken: text, DeploymentConfig: deploymentConfig,
  }),
  DescribeEvents: operation({ ...changeSetRequest, OperationId: text, NextToken: text, Filters: structure({ FailedEvents: flag }) }, {
    OperationEvents: list(structure({
      EventId: text, ...stackId, OperationId: text, OperationType: text, EventType: text, LogicalResourceId: text,
      PhysicalResourceId: text, ResourceType: text, Timestamp: timestamp, ResourceStatus: text, ResourceStatusReason: text,
    })),
    NextToken: text,
  }),
  DescribeStackEvents: operation({ ...named, NextToken: text }, { StackEvents: list(stackEvent), NextToken: text }),
  DescribeStackResource: operation({ ...named, LogicalResourceId: text }, {
    StackResourceDetail: structure({ ...stackResource, LastUpdatedTimestamp: timestamp, Metadata: text }),
  }),
  DescribeStackResources: operation({ ...named, LogicalResourceId: text, PhysicalResourceId: text }, {
    StackResources: list(structure({ ...stackResource, Timestamp: timestamp })),
  }),
  DescribeStacks: operation({ ...named, NextToken: text }, { Stacks: list(stack), NextToken: text }),
  ExecuteChangeSet: operation({
    ...changeSetRequest, ClientRequestToken: text, DisableRollback: flag, RetainExceptOnCreate: flag,
  }, {}),
  GetStackPolicy: operation(named, { StackPolicyBody: text }),
  GetTemplate: operation({ ...changeSetRequest, TemplateStage: text }, { TemplateBody: text, StagesAvailable: texts }),
  GetTemplateSummary: operation({ ...named, ...templateSource }, {
    Parameters: templateParameters, Description: text, Capabilities: texts, CapabilitiesReason: text, ResourceTypes: texts, Version: text,
    Metadata: text, DeclaredTransforms: texts,
    ResourceIdentifierSummaries: list(structure({ ResourceType: text, LogicalResourceIds: texts, ResourceIdentifiers: texts })),
  }),
  ListChangeSets: operation({ ...named, NextToken: text }, { Summaries: list(structure(changeSet)), NextToken: text }),
  ListExports: operation({ NextToken: text }, {
    Exports: list(structure({ ExportingStackId: text, Name: text, Value: text })), NextToken: text,
  }),
  ListHookResults: operation({ TargetType: text, TargetId: text, TypeArn: text, Status: text, NextToken: text }, {
    TargetType: text, TargetId: text, HookResults: list(structure({ HookResultId: text })), NextToken: text,
  }),
  ListImports: operation({ ExportName: text, NextToken: text }, { Imports: texts, NextToken: text }),
  ListStackResources: operation({ ...named, NextToken: text }, {
    StackResourceSummaries: list(structure({ ...resourceSummary, LastUpdatedTimestamp: timestamp })), NextToken: text,
  }),
  ListStacks: operation({ NextToken: text, StackStatusFilter: texts }, { StackSummaries: list(stackSummary), NextToken: text }),
  UpdateStack: operation({ ...stackRequest, RetainExceptOnCreate: flag }, stackId),
  UpdateTerminationProtection: operation({ ...named, EnableTerminationProtection: flag }, stackId),
  ValidateTemplate: operation(templateSource, {
    Parameters: list(structure({ ParameterKey: text, DefaultValue: text, NoEcho: flag, Description: text })),
    Description: text, Capabilities: texts, CapabilitiesReason: text, DeclaredTransforms: texts,
  }),
});

const error = (shape: string, status = 400, code = shape): ModelledError => ({ shape, code, status });

export const cloudFormationErrors: readonly ModelledError[] = [
  error('AlreadyExistsException'),
  error('ChangeSetNotFoundException', 404, 'ChangeSetNotFound'),
  error('InsufficientCapabilitiesException'),
  error('InvalidChangeSetStatusException', 400, 'InvalidChangeSetStatus'),
  error('LimitExceededException'),
];
