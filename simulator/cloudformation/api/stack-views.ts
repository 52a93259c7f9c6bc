import type { DeployedResource } from '../deployed';
import type { LiveStack, StackEvent } from '../stack-engine';
import type { StackBook } from './stack-book';

type Shown = Record<string, unknown>;

const moment = (at: number | undefined): Date | undefined => (at === undefined ? undefined : new Date(at));
const keyed = (values: Readonly<Record<string, string>>): Shown[] => Object.entries(values).map(([Key, Value]) => ({ Key, Value }));

/** The value of an output as the API gives it: text. */
const shownValue = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export function shownStack(stack: LiveStack, book: StackBook): Shown {
  const details = book.detailsOf(stack);
  const { parent, root } = stack;
  return {
    ...summary(stack),
    Description: stack.template.Description,
    ChangeSetId: details?.changeSetId,
    Parameters: Object.entries(stack.parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    Outputs: shownOutputs(stack),
    Tags: keyed(stack.tags),
    Capabilities: details?.capabilities ?? [],
    NotificationARNs: [],
    RoleARN: details?.roleArn,
    RollbackConfiguration: {},
    DisableRollback: details?.disableRollback ?? false,
    EnableTerminationProtection: book.protects(stack),
    ParentId: parent, RootId: root,
  };
}

function shownOutputs({ outputs, template }: LiveStack): Shown[] {
  return Object.entries(outputs).map(([OutputKey, value]) => {
    const { Description, Export } = (template.Outputs?.[OutputKey] ?? {}) as { Description?: string; Export?: { Name: unknown } };
    return {
      OutputKey, OutputValue: shownValue(value), Description,
      ExportName: typeof Export?.Name === 'string' ? Export.Name : undefined,
    };
  });
}

export function shownSummary(stack: LiveStack): Shown {
  return { ...summary(stack), TemplateDescription: stack.template.Description, ParentId: stack.parent, RootId: stack.root };
}

function summary({ id, name, status, statusReason, createdAt, updatedAt, events }: LiveStack): Shown {
  const deleted = status === 'DELETE_COMPLETE' ? events.at(-1)?.at : undefined;
  return {
    StackId: id, StackName: name, StackStatus: status, StackStatusReason: statusReason,
    CreationTime: new Date(createdAt), LastUpdatedTime: moment(updatedAt), DeletionTime: moment(deleted),
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

export function shownEvent(event: StackEvent, at: number): Shown {
  return {
    StackId: event.stackId, StackName: event.stackName, EventId: event.eventId, LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId ?? '', ResourceType: event.type, Timestamp: new Date(at),
    ResourceStatus: event.status, ResourceStatusReason: event.reason,
  };
}

/** A resource with what its newest event says of it. */
export function shownResource(stack: LiveStack, resource: DeployedResource): Shown {
  const event = [...stack.events].reverse().find(({ logicalId, type }) => logicalId === resource.logicalId && type === resource.type);
  return {
    StackId: stack.id, StackName: stack.name, LogicalResourceId: resource.logicalId, PhysicalResourceId: resource.ref,
    ResourceType: resource.type, ResourceStatus: event?.status ?? 'CREATE_COMPLETE', ResourceStatusReason: event?.reason,
    Timestamp: new Date(event?.at ?? stack.createdAt), LastUpdatedTimestamp: new Date(event?.at ?? stack.createdAt),
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}
