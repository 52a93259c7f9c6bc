import type { EventBridgeService, RuleProperties, RuleState, Target } from '../../eventbridge';
import type { AccessControl, PolicyDocument, Statement } from '../../iam';
import { alreadyExists, NotModelled, type Properties, type ResourceProvider } from '../provider';

const targetMembers = new Set([
  'Id', 'Arn', 'RoleArn', 'Input', 'InputPath', 'InputTransformer', 'SqsParameters', 'RetryPolicy', 'DeadLetterConfig',
]);
const targetServices = ['sqs', 'sns', 'lambda'];

export function eventBridgeProviders(eventBridge: EventBridgeService, access: AccessControl): ResourceProvider[] {
  const busOf = (properties: Properties): string => eventBridge.existingBus(properties.text('EventBusName')).name;
  const setPolicy = (arn: string, properties: Properties): void => {
    const policy = properties.object<PolicyDocument>('Policy');
    if (policy) access.setResourcePolicy(arn, policy);
  };
  const addStatement = (properties: Properties): void => {
    access.addResourceStatement(eventBridge.existingBus(properties.text('EventBusName')).arn, statementOf(properties));
  };
  const removeStatement = (properties: Properties): void => {
    const bus = eventBridge.bus(properties.text('EventBusName'));
    if (bus) access.removeResourceStatement(bus.arn, properties.requiredText('StatementId'));
  };
  return [
    {
      type: 'AWS::Events::EventBus',
      modelled: ['Name', 'Policy'],
      withoutEffect: ['Description', 'LogConfig', 'Tags'],
      replaces: ['Name'],
      namedBy: 'Name',
      create({ type, properties }) {
        const name = properties.requiredText('Name');
        if (eventBridge.bus(name)) throw alreadyExists(type, name);
        const bus = eventBridge.createBus(name);
        setPolicy(bus.arn, properties);
        return { ref: name, attributes: { Arn: bus.arn, Name: name } };
      },
      update({ ref, properties, previous }) {
        const { arn } = eventBridge.existingBus(ref);
        if (previous.object('Policy')) access.removeResourcePolicy(arn);
        setPolicy(arn, properties);
      },
      delete({ ref }) {
        access.removeResourcePolicy(eventBridge.existingBus(ref).arn);
        eventBridge.deleteBus(ref);
      },
    },
    {
      type: 'AWS::Events::EventBusPolicy',
      modelled: ['EventBusName', 'StatementId', 'Statement', 'Action', 'Principal', 'Condition'],
      replaces: ['EventBusName', 'StatementId'],
      create({ properties }) {
        addStatement(properties);
        return { ref: `${properties.text('EventBusName') ?? 'default'}|${properties.requiredText('StatementId')}` };
      },
      update({ properties, previous }) {
        removeStatement(previous);
        addStatement(properties);
      },
      delete: ({ properties }) => removeStatement(properties),
    },
    {
      type: 'AWS::Events::Rule',
      modelled: ['Name', 'EventBusName', 'EventPattern', 'ScheduleExpression', 'State', 'Targets', 'RoleArn', 'Description'],
      withoutEffect: ['Tags'],
      replaces: ['Name', 'EventBusName'],
      namedBy: 'Name',
      create({ type, properties, physicalName }) {
        const bus = busOf(properties);
        const name = properties.text('Name') ?? physicalName(64);
        if (eventBridge.rule(name, bus)) throw alreadyExists(type, name);
        const rule = eventBridge.createRule(ruleOf(name, properties), bus);
        return { ref: rule.bus.isDefault ? name : `${bus}|${name}`, attributes: { Arn: rule.arn } };
      },
      update({ ref, properties }) {
        const [name, bus] = ref.split('|').reverse();
        eventBridge.existingRule(name, bus).update(ruleOf(name, properties));
      },
      delete({ ref }) {
        const [name, bus] = ref.split('|').reverse();
        eventBridge.deleteRule(name, bus);
      },
    },
  ];
}

function ruleOf(name: string, properties: Properties): RuleProperties {
  const pattern = properties.object('EventPattern');
  return {
    name,
    eventPattern: pattern && JSON.stringify(pattern),
    scheduleExpression: properties.text('ScheduleExpression'),
    state: properties.text('State') as RuleState | undefined,
    roleArn: properties.text('RoleArn'),
    description: properties.text('Description'),
    targets: (properties.list<Target>('Targets') ?? []).map(targetOf),
  };
}

function targetOf(target: Target): Target {
  const unknown = Object.keys(target).filter((name) => !targetMembers.has(name));
  if (unknown.length > 0) throw new NotModelled(`the simulator does not model ${unknown.map((name) => `'${name}'`).join(', ')} of a rule's target`);
  if (!targetServices.includes(target.Arn.split(':')[2])) {
    throw new NotModelled(`'Targets' must be queues, topics and functions, those that are modelled, got '${target.Arn}'`);
  }
  const { MaximumRetryAttempts: attempts, MaximumEventAgeInSeconds: seconds } = target.RetryPolicy ?? {};
  return {
    ...target,
    RetryPolicy: target.RetryPolicy && {
      ...attempts !== undefined && { MaximumRetryAttempts: Number(attempts) },
      ...seconds !== undefined && { MaximumEventAgeInSeconds: Number(seconds) },
    },
  };
}

/** The older form names an account, or everybody with a condition on the organization. */
function statementOf(properties: Properties): Statement {
  const Sid = properties.requiredText('StatementId');
  const given = properties.object<Statement>('Statement');
  if (given) return { ...given, Sid };
  const principal = properties.requiredText('Principal');
  const condition = properties.object<{ Type: string; Key: string; Value: string }>('Condition');
  return {
    Sid, Effect: 'Allow', Action: properties.requiredText('Action'), Principal: principal === '*' ? '*' : { AWS: principal },
    ...condition && { Condition: { [condition.Type]: { [condition.Key]: condition.Value } } },
  };
}
