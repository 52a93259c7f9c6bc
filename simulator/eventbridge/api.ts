import { ServiceError, type Caller } from '../contracts';
import type { EventBridgeService } from './index';
import type { EventBus } from './event-bus';
import type { PutEventsEntry } from './put-events';
import { compileEventPattern, type Rule } from './rule';

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;
type Operation = (service: EventBridgeService, input: Input, caller: Caller) => Output;

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html */
const mandatoryFields = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];

const operations: Readonly<Record<string, Operation>> = {
  PutEvents(service, input, caller) {
    const Entries = service.putEvents((input.Entries ?? []) as PutEventsEntry[], caller);
    return { FailedEntryCount: Entries.filter(({ ErrorCode }) => ErrorCode !== undefined).length, Entries };
  },

  TestEventPattern(service, input, caller) {
    service.context.authorize('events:TestEventPattern', '*', caller);
    const matches = compileEventPattern(requiredText(input, 'EventPattern'));
    return { Result: matches(readEvent(requiredText(input, 'Event'))) };
  },

  ListRules(service, input, caller) {
    const bus = service.existingBus(text(input, 'EventBusName'));
    service.context.authorize('events:ListRules', `${bus.arn.replace('event-bus/', 'rule/')}`, caller);
    const prefix = text(input, 'NamePrefix') ?? '';
    const { page, NextToken } = pageOf([...bus.rules.values()].filter(({ name }) => name.startsWith(prefix)), input);
    return { Rules: page.map(description), NextToken };
  },

  DescribeRule(service, input, caller) {
    return { ...description(ruleIn(service, input, 'events:DescribeRule', caller)), CreatedBy: service.context.place.account };
  },

  EnableRule(service, input, caller) {
    ruleIn(service, input, 'events:EnableRule', caller).enabled = true;
    return {};
  },

  DisableRule(service, input, caller) {
    ruleIn(service, input, 'events:DisableRule', caller).enabled = false;
    return {};
  },

  ListTargetsByRule(service, input, caller) {
    const { page, NextToken } = pageOf(ruleIn(service, input, 'events:ListTargetsByRule', caller, 'Rule').targets, input);
    return { Targets: page, NextToken };
  },

  ListEventBuses(service, input, caller) {
    service.context.authorize('events:ListEventBuses', '*', caller);
    const prefix = text(input, 'NamePrefix') ?? '';
    const { page, NextToken } = pageOf(service.buses().filter(({ name }) => name.startsWith(prefix)), input);
    return { EventBuses: page.map(busDescription), NextToken };
  },

  DescribeEventBus(service, input, caller) {
    const bus = service.existingBus(text(input, 'Name'));
    service.context.authorize('events:DescribeEventBus', bus.arn, caller);
    return busDescription(bus);
  },
};

/** Answers an operation of EventBridge's API. */
export function callEventBridge(service: EventBridgeService, operation: string, input: Input, caller: Caller): Output {
  if (!Object.hasOwn(operations, operation)) {
    throw new ServiceError('UnknownOperationException', `The simulator does not model the operation '${operation}' of EventBridge`);
  }
  return operations[operation](service, input, caller);
}

function ruleIn(service: EventBridgeService, input: Input, action: string, caller: Caller, member = 'Name'): Rule {
  const rule = service.existingRule(requiredText(input, member), text(input, 'EventBusName'));
  service.context.authorize(action, rule.arn, caller);
  return rule;
}

function description({ arn, bus, properties, currentState }: Rule): Output {
  const { name, eventPattern, scheduleExpression, roleArn, description: Description } = properties;
  return {
    Name: name, Arn: arn, EventPattern: eventPattern, ScheduleExpression: scheduleExpression, State: currentState, Description,
    RoleArn: roleArn, EventBusName: bus.name,
  };
}

const busDescription = ({ name, arn }: EventBus): Output => ({ Name: name, Arn: arn });

function readEvent(json: string): object {
  const invalid = (reason: string): never => { throw new ServiceError('ValidationException', `Parameter Event is not valid. Reason: ${reason}`); };
  let event: unknown;
  try {
    event = JSON.parse(json);
  } catch (error) {
    return invalid((error as Error).message);
  }
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return invalid(`it must be an object, got ${json}`);
  const missing = mandatoryFields.filter((name) => !Object.hasOwn(event, name));
  if (missing.length > 0) return invalid(`it must have ${missing.map((name) => `'${name}'`).join(', ')}`);
  return event;
}

/** The token is the number of what was shown before. */
function pageOf<T>(all: readonly T[], input: Input): { page: readonly T[]; NextToken?: string } {
  const limit = (input.Limit ?? 100) as number;
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new ServiceError('ValidationException', `'limit' must be from 1 to 100, got ${limit}`);
  const start = Number(text(input, 'NextToken') ?? 0);
  if (!Number.isInteger(start) || start < 0) throw new ServiceError('ValidationException', `'nextToken' is none of this service, got '${text(input, 'NextToken')}'`);
  const end = start + limit;
  return { page: all.slice(start, end), ...end < all.length && { NextToken: String(end) } };
}

function text(input: Input, member: string): string | undefined {
  return input[member] as string | undefined;
}

function requiredText(input: Input, member: string): string {
  const value = text(input, member);
  if (!value) throw new ServiceError('ValidationException', `'${member[0].toLowerCase()}${member.slice(1)}' must not be null`);
  return value;
}
