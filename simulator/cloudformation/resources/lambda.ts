import type { Clock } from '../../clock';
import type { Directory, Place } from '../../contracts';
import type { EventSourceMapping, EventSourceMappingProperties } from '../../event-source-mapping';
import { assumeRole, authorizeFilterDecryption, authorizePolling, permissionStatement, type AccessControl } from '../../iam';
import type { FunctionProperties, LambdaFunction, LambdaService } from '../../lambda';
import type { Random } from '../../random';
import { NotModelled, type Properties, type ResourceProvider, type ResourceToCreate } from '../provider';

interface Code {
  readonly S3Bucket?: string;
  readonly S3Key?: string;
  readonly ZipFile?: string;
  readonly ImageUri?: string;
}

/** Makes a mapping of the simulation run; given by the simulation, which knows clock and events. */
export type MapEventSource = (properties: EventSourceMappingProperties) => EventSourceMapping;

export interface LambdaSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly place: Place;
  readonly directory: Directory;
  readonly access: AccessControl;
  readonly mapEventSource: MapEventSource;
}

export function lambdaProviders(lambda: LambdaService, { random, place, directory, access, mapEventSource }: LambdaSurroundings): ResourceProvider[] {
  const mappings = new Map<string, EventSourceMapping>();
  let permissions = 0;

  const mappingArn = (uuid: string): string => `arn:${place.partition}:lambda:${place.region}:${place.account}:event-source-mapping:${uuid}`;
  const map = (uuid: string, properties: Properties): void => {
    const queueArn = properties.requiredText('EventSourceArn');
    const queue = directory.queue(queueArn);
    if (queueArn.split(':')[2] !== 'sqs') throw new NotModelled(`'EventSourceArn' must name a queue, the source that is modelled, got '${queueArn}'`);
    if (!queue) throw new Error(`'EventSourceArn' names '${queueArn}', which is no queue of this simulation`);
    const target = existingFunction(properties);
    const role = target.properties.roleArn;
    const mayPoll = role === undefined || authorizePolling(access, queue, role);
    const filterCriteria = properties.object<NonNullable<EventSourceMappingProperties['filterCriteria']>>('FilterCriteria');
    const filterKey = filterCriteria && properties.text('KmsKeyArn');
    const mayFilter = filterKey === undefined || authorizeFilterDecryption(access, filterKey, mappingArn(uuid));
    const mapping = mapEventSource({
      uuid,
      queue,
      function: target,
      batchSize: properties.number('BatchSize'),
      maximumBatchingWindow: properties.number('MaximumBatchingWindowInSeconds'),
      functionResponseTypes: properties.list<'ReportBatchItemFailures'>('FunctionResponseTypes'),
      maximumConcurrency: properties.object<{ MaximumConcurrency?: number }>('ScalingConfig')?.MaximumConcurrency,
      provisionedPollers: provisionedPollers(properties),
      filterCriteria,
      metrics: properties.object<{ Metrics?: string[] }>('MetricsConfig')?.Metrics,
      enabled: mayPoll && mayFilter && properties.boolean('Enabled'),
    });
    mappings.get(uuid)?.disable();
    mappings.set(uuid, mapping);
  };
  /** Lambda tells for which function it assumes the role. */
  const withTrustingRole = (given: FunctionProperties): FunctionProperties => {
    const { partition, region, account } = place;
    const sourceArn = `arn:${partition}:lambda:${region}:${account}:function:${given.name}`;
    if (given.roleArn !== undefined) {
      assumeRole(access, given.roleArn, { principal: 'lambda.amazonaws.com', sourceArn }, 'The role defined for the function cannot be assumed by Lambda.');
    }
    return given;
  };
  const existingFunction = (properties: Properties): LambdaFunction => {
    const name = properties.requiredText('FunctionName');
    const target = lambda.function(name);
    if (!target) throw new Error(`'FunctionName' names '${name}', which is no function of this simulation`);
    return target;
  };
  return [
    {
      type: 'AWS::Lambda::Function',
      modelled: [
        'FunctionName', 'Code', 'Handler', 'Runtime', 'Environment', 'Timeout', 'MemorySize', 'ReservedConcurrentExecutions',
        'Role', 'DeadLetterConfig', 'Tags', 'LoggingConfig', 'TracingConfig',
      ],
      withoutEffect: ['Architectures', 'Description', 'KmsKeyArn', 'EphemeralStorage', 'RuntimeManagementConfig'],
      replaces: ['FunctionName'],
      namedBy: 'FunctionName',
      create(resource) {
        const { properties, physicalName } = resource;
        const name = properties.text('FunctionName') ?? physicalName(64);
        const created = lambda.createFunction(withTrustingRole(functionProperties(name, resource)));
        return { ref: created.name, attributes: { Arn: created.arn } };
      },
      update(resource) {
        lambda.updateFunction(withTrustingRole(functionProperties(resource.ref, resource)));
      },
      delete({ ref, attributes }) {
        lambda.deleteFunction(ref);
        access.removeResourcePolicy(attributes.Arn);
      },
    },
    {
      type: 'AWS::Lambda::EventSourceMapping',
      modelled: [
        'EventSourceArn', 'FunctionName', 'BatchSize', 'MaximumBatchingWindowInSeconds', 'FunctionResponseTypes', 'ScalingConfig',
        'FilterCriteria', 'Enabled', 'MetricsConfig', 'ProvisionedPollerConfig', 'KmsKeyArn',
      ],
      withoutEffect: ['Tags'],
      replaces: ['EventSourceArn'],
      create({ properties }) {
        const uuid = random.uuid();
        map(uuid, properties);
        return { ref: uuid, attributes: { Id: uuid, EventSourceMappingArn: mappingArn(uuid) } };
      },
      update: ({ ref, properties }) => map(ref, properties),
      delete({ ref }) {
        mappings.get(ref)!.disable();
        mappings.delete(ref);
      },
    },
    {
      type: 'AWS::Lambda::EventInvokeConfig',
      modelled: ['FunctionName', 'Qualifier', 'DestinationConfig', 'MaximumEventAgeInSeconds', 'MaximumRetryAttempts'],
      replaces: ['FunctionName', 'Qualifier'],
      create({ logicalId, properties }) {
        configureInvocations(existingFunction(properties), properties);
        return { ref: logicalId };
      },
      update: ({ properties }) => configureInvocations(existingFunction(properties), properties),
      delete: ({ properties }) => lambda.function(properties.requiredText('FunctionName'))?.asynchronous.configure({}),
    },
    {
      type: 'AWS::Lambda::Permission',
      modelled: ['Action', 'FunctionName', 'Principal', 'SourceArn', 'SourceAccount'],
      replaces: ['Action', 'FunctionName', 'Principal', 'SourceArn', 'SourceAccount'],
      create({ logicalId, properties }) {
        const { arn } = existingFunction(properties);
        const sid = `${logicalId}-${++permissions}`;
        access.addResourceStatement(arn, permissionStatement({
          sid, action: properties.requiredText('Action'), principal: properties.requiredText('Principal'), resource: arn,
          sourceArn: properties.text('SourceArn'), sourceAccount: properties.text('SourceAccount'),
        }));
        return { ref: sid, attributes: { Id: sid } };
      },
      delete({ ref, properties }) {
        const target = lambda.function(properties.requiredText('FunctionName'));
        if (target) access.removeResourceStatement(target.arn, ref);
      },
    },
  ];
}

function provisionedPollers(properties: Properties): EventSourceMappingProperties['provisionedPollers'] {
  const given = properties.object<{ MinimumPollers?: number; MaximumPollers?: number }>('ProvisionedPollerConfig');
  return given && { minimum: given.MinimumPollers, maximum: given.MaximumPollers };
}

interface DestinationConfiguration {
  readonly OnSuccess?: { readonly Destination: string };
  readonly OnFailure?: { readonly Destination: string };
}

function configureInvocations(target: LambdaFunction, properties: Properties): void {
  const qualifier = properties.requiredText('Qualifier');
  if (qualifier !== '$LATEST') throw new Error(`'Qualifier' must be '$LATEST' in the simulator, got '${qualifier}'`);
  const { OnSuccess, OnFailure } = properties.object<DestinationConfiguration>('DestinationConfig') ?? {};
  target.asynchronous.configure({
    maximumRetryAttempts: properties.number('MaximumRetryAttempts'),
    maximumEventAge: properties.number('MaximumEventAgeInSeconds'),
    onSuccess: OnSuccess?.Destination,
    onFailure: OnFailure?.Destination,
  });
}

function functionProperties(name: string, resource: ResourceToCreate): FunctionProperties {
  const { properties } = resource;
  return {
    name,
    code: codeOf(resource),
    handler: properties.text('Handler'),
    runtime: properties.text('Runtime'),
    environment: properties.object<{ Variables?: Record<string, string> }>('Environment')?.Variables,
    timeout: properties.number('Timeout'),
    memorySize: properties.number('MemorySize'),
    reservedConcurrency: properties.number('ReservedConcurrentExecutions'),
    roleArn: properties.text('Role'),
    deadLetterTargetArn: properties.object<{ TargetArn?: string }>('DeadLetterConfig')?.TargetArn,
    ...loggingOf(properties),
    activeTracing: properties.object<{ Mode?: string }>('TracingConfig')?.Mode === 'Active',
    tags: properties.tags(),
  };
}

function loggingOf(properties: Properties): Pick<FunctionProperties, 'logGroup' | 'logFormat' | 'applicationLogLevel' | 'systemLogLevel'> {
  const given = properties.object<Partial<Record<'LogGroup' | 'LogFormat' | 'ApplicationLogLevel' | 'SystemLogLevel', string>>>('LoggingConfig');
  return {
    logGroup: given?.LogGroup, logFormat: given?.LogFormat, applicationLogLevel: given?.ApplicationLogLevel, systemLogLevel: given?.SystemLogLevel,
  };
}

function codeOf({ properties, asset }: ResourceToCreate): FunctionProperties['code'] {
  const { S3Key, ZipFile, ImageUri } = properties.object<Code>('Code') ?? {};
  if (ImageUri !== undefined) return undefined; // it runs with a handler that is supplied
  if (ZipFile !== undefined) return { inline: ZipFile };
  if (S3Key === undefined) throw new Error('\'Code\' needs \'S3Key\', \'ZipFile\' or \'ImageUri\'');
  const folder = asset(S3Key);
  if (folder === undefined) throw new Error(`'Code.S3Key' names '${S3Key}', which is no asset of this stack`);
  return { folder };
}
