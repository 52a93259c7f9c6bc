import { ChatbotService } from '../chatbot';
import type { Clock } from '../clock';
import { CloudFormation } from '../cloudformation/deployment';
import { providersFor } from '../cloudformation/providers';
import { CloudWatchService, ServiceMetrics } from '../cloudwatch';
import type { Caller, Directory, InvokableFunction, Place } from '../contracts';
import { DynamoDbService } from '../dynamodb';
import { EventBridgeService } from '../eventbridge';
import { EventSourceMapping } from '../event-source-mapping';
import type { Events } from '../events';
import type { Faults } from '../faults';
import { FirehoseService } from '../firehose';
import { AccessControl } from '../iam';
import { LambdaService } from '../lambda';
import { LogsService } from '../logs';
import { Random } from '../random';
import { S3Service } from '../s3';
import type { ServedServices } from '../server';
import type { SimulationOptions } from '../simulation-options';
import { SnsService } from '../sns';
import { SqsService } from '../sqs';
import { ParameterStore } from '../ssm';
import { DeploymentServices } from './deployment-services';
import { authorizeObjects, deliverObjects, guardFunction, guardQueues, guardTables, guardTopics } from './guards';

export interface AccountSurroundings {
  readonly clock: Clock;
  readonly events: Events;
  readonly random: Random;
  readonly seed: number;
  /** What goes wrong on the way into and between the services. */
  readonly faults: Faults;
  /** @default '000000000000' */
  readonly account?: string;
  /** @default 'us-east-1' */
  readonly region?: string;
}

/** What one AWS account has in one region: its services, which know each other here alone. */
export class Account {
  readonly place: Place;
  readonly access: AccessControl;
  readonly sqs: SqsService;
  readonly sns: SnsService;
  readonly s3: S3Service;
  readonly firehose: FirehoseService;
  readonly dynamoDb: DynamoDbService;
  readonly eventBridge: EventBridgeService;
  readonly lambda: LambdaService;
  readonly cloudWatch: CloudWatchService;
  readonly chatbot: ChatbotService;
  readonly logs: LogsService;
  readonly parameters: ParameterStore;
  readonly cloudFormation: CloudFormation;
  private readonly deployments: DeploymentServices;
  private readonly directory: Directory = {
    queue: (arn) => this.sqs.queue(arn),
    function: (arn) => this.invokable(arn),
    hasTopic: (arn) => this.sns.topic(arn) !== undefined,
    deliveryStream: (arn) => this.firehose.deliveryStream(arn),
    publish: (arn, message, subject, caller) => this.sns.publish(arn, { message, subject }, caller),
    putServiceEvent: (source, describe) => this.eventBridge.putServiceEvent(source, describe),
  };

  constructor(
    private readonly surroundings: AccountSurroundings,
    { standardQueues, invocationDuration, unmodelled }: Pick<SimulationOptions, 'standardQueues' | 'invocationDuration' | 'unmodelled'>,
  ) {
    const { clock, events, random, seed, faults, account = '000000000000', region = 'us-east-1' } = surroundings;
    const place: Place = this.place = { account, region, partition: 'aws', endpoint: '' };
    const { directory } = this;
    const access = this.access = new AccessControl(clock, place);
    this.sqs = new SqsService(clock, events, random, place, standardQueues);
    this.sqs.authorize = faults.guardQueues(guardQueues(access, (arn) => this.sqs.queue(arn)));
    this.sns = new SnsService(clock, events, random, place, directory, guardTopics(access, place));
    this.s3 = new S3Service(clock, events, random, place, directory);
    const authorize = access.authorize.bind(access);
    this.firehose = new FirehoseService({
      clock, events, random, authorize, write: deliverObjects(access, this.s3), function: (arn) => this.invokable(arn),
    }, place);
    this.dynamoDb = new DynamoDbService(clock, random, place, guardTables(access));
    // identifiers of its own: who has no rules sees the others' as ever
    this.eventBridge = new EventBridgeService({ clock, events, random: new Random(seed), place, directory, authorize });
    this.lambda = new LambdaService(clock, events, random, place, {
      invocationDuration, directory: () => directory, fault: (arn, requestId) => faults.ofInvocation(arn, requestId),
    });
    this.cloudWatch = new CloudWatchService(clock, events, random, place, directory);
    new ServiceMetrics(clock, events, this.cloudWatch, { queues: () => this.sqs.queues(), buckets: () => this.s3.buckets() });
    this.logs = new LogsService({ clock, random, place, directory }, events, (...data) => this.cloudWatch.putMetric(...data));
    this.cloudWatch.everyMinute((at) => this.logs.endMinute(at));
    this.cloudWatch.start();
    this.chatbot = new ChatbotService(place);
    this.parameters = new ParameterStore(() => clock.now(), place, authorize);

    const { sqs, sns, s3, firehose, dynamoDb, eventBridge, lambda, cloudWatch, chatbot, logs, parameters } = this;
    this.cloudFormation = new CloudFormation(place, random, providersFor({
      sqs, sns, s3, firehose, dynamoDb, eventBridge, lambda, cloudWatch, chatbot, logs, parameters, clock, random, place, directory, access,
      mapEventSource: (properties) => new EventSourceMapping(clock, events, random, place, properties),
    }), () => clock.now(), unmodelled);
    this.deployments = new DeploymentServices(this.cloudFormation.stacks, s3, parameters, place, clock, seed);
  }

  /** The services as clients outside reach them. */
  get served(): ServedServices {
    const { access, sqs, sns, s3, firehose, dynamoDb, eventBridge, lambda, cloudWatch, parameters } = this;
    const { faults } = this.surroundings;
    const { cloudFormation } = this.deployments;
    return {
      sqs: faults.guard('sqs', sqs), sns: faults.guard('sns', sns), cloudwatch: faults.guard('cloudwatch', cloudWatch),
      firehose: faults.guard('firehose', firehose), dynamoDb: faults.guard('dynamodb', dynamoDb),
      cloudFormation: faults.guard('cloudformation', cloudFormation),
      s3, eventBridge, parameters, lambda: { function: (arn) => this.invokable(arn) },
      intercept: ({ resourceName: name, ...call }, proceed) => faults.around({ ...call, resourceNames: name === undefined ? [] : [name] }, proceed),
      authorizeS3: (action, resource, caller) => authorizeObjects(access, s3, action, resource, caller),
      callerOf: (accessKeyId) => this.callerOf(accessKeyId),
      parked: (accessKeyId) => lambda.parked(accessKeyId),
    };
  }

  /** Ends the workers, and removes what was unpacked. */
  async close(): Promise<void> {
    await this.lambda.close();
    this.deployments.close();
  }

  private invokable(arn: string): InvokableFunction | undefined {
    const target = this.lambda.function(arn);
    return target && this.surroundings.faults.guardFunction(guardFunction(this.access, target));
  }

  /** A function calls as its role, and everybody else as the account. */
  private callerOf(accessKeyId: string | undefined): Caller {
    const role = accessKeyId === undefined ? undefined : this.lambda.signer(accessKeyId)?.properties.roleArn;
    return { principal: role ?? this.place.account };
  }
}
