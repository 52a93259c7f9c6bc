import { ChatbotService } from '../chatbot';
import type { Clock } from '../clock';
import { CloudFormation } from '../cloudformation/deployment';
import type { ResourceProvider } from '../cloudformation/provider';
import { providersFor } from '../cloudformation/providers';
import { CloudWatchService, ServiceMetrics } from '../cloudwatch';
import type { Caller, Directory, InvokableFunction, Place } from '../contracts';
import { DynamoDbService } from '../dynamodb';
import { EventBridgeService } from '../eventbridge';
import { EventSourceMapping } from '../event-source-mapping';
import { Events } from '../events';
import type { Faults } from '../faults';
import { FirehoseService } from '../firehose';
import { AccessControl, type Identities } from '../iam';
import { LambdaService, type Turns } from '../lambda';
import { LogsService } from '../logs';
import { Random } from '../random';
import { S3Service } from '../s3';
import type { ServedServices } from '../server';
import type { SimulationOptions } from '../simulation-options';
import { SnsService } from '../sns';
import { SqsService } from '../sqs';
import { ParameterStore } from '../ssm';
import { acrossAccounts } from './across-accounts';
import { DeploymentServices } from './deployment-services';
import { authorizeObjects, deliverObjects, guardFunction, guardQueues, guardStatusLogs, guardTables, guardTopics } from './guards';

export interface AccountSurroundings {
  readonly clock: Clock;
  readonly events: Events;
  readonly random: Random;
  readonly seed: number;
  /** What goes wrong on the way into and between the services. */
  readonly faults: Faults;
  readonly identities: Identities;
  /** The handlers of all accounts run one at a time. */
  readonly turns: Turns;
  readonly neighbours: Neighbours;
  readonly account: string;
  readonly region: string;
}

/** The accounts and regions of one simulation, as each of them sees all. */
export interface Neighbours {
  /** Where the account and the region of an ARN are; undefined where the simulation has none such. */
  at(arn: string): Account | undefined;
  withBucket(name: string): Account | undefined;
  /** Whose function signs with an access key. */
  withSigner(accessKeyId: string): Account | undefined;
  /** The account that an access key names by being its ID, or whose function signs with it. */
  accountOf(accessKeyId: string): string | undefined;
  /** Another region of the account. */
  siblingOf(account: string): Account | undefined;
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
  /** IAM has no regions: another region of the account has the same roles. */
  private readonly identityProviders: readonly (readonly [string, ResourceProvider])[];

  constructor(
    private readonly surroundings: AccountSurroundings,
    { standardQueues, invocationDuration, unmodelled }: Pick<SimulationOptions, 'standardQueues' | 'invocationDuration' | 'unmodelled'>,
  ) {
    const { clock, random, seed, faults, neighbours, account, region } = surroundings;
    // metrics and logs are of what happens here, journal and ledger of what happens anywhere
    const events = new Events(surroundings.events);
    const place: Place = this.place = { account, region, partition: 'aws', endpoint: '' };
    const anywhere = this.directory((arn) => neighbours.at(arn) ?? this);
    const directory = this.directory((arn) => this.inRegion(arn));
    const access = this.access = new AccessControl(clock, place, surroundings.identities);
    this.sqs = new SqsService(clock, events, random, place, standardQueues);
    this.sqs.authorize = faults.guardQueues(guardQueues(access, (arn) => this.sqs.queue(arn)));
    this.sns = new SnsService(clock, events, random, place, anywhere, guardTopics(access, place), {
      random: new Random(seed), authorize: guardStatusLogs(access, place),
    });
    this.s3 = new S3Service(clock, events, random, place, directory);
    this.s3.isTaken = (name) => neighbours.withBucket(name) !== undefined;
    const authorize = access.authorize.bind(access);
    this.firehose = new FirehoseService({
      clock, events, random, authorize, write: deliverObjects((bucket) => neighbours.withBucket(bucket) ?? this),
      function: (arn) => directory.function(arn),
    }, place);
    this.dynamoDb = new DynamoDbService(clock, random, place, guardTables(access));
    // identifiers of its own: who has no rules sees the others' as ever
    this.eventBridge = new EventBridgeService({ clock, events, random: new Random(seed), place, directory, authorize });
    this.lambda = new LambdaService(clock, events, random, place, {
      invocationDuration, turns: surroundings.turns, directory: () => directory, fault: (arn, requestId) => faults.ofInvocation(arn, requestId),
    });
    this.cloudWatch = new CloudWatchService(clock, events, random, place, directory);
    new ServiceMetrics(clock, events, this.cloudWatch, { queues: () => this.sqs.queues(), buckets: () => this.s3.buckets() });
    this.logs = new LogsService({ clock, random, place, directory }, events, (...data) => this.cloudWatch.putMetric(...data));
    this.cloudWatch.everyMinute((at) => this.logs.endMinute(at));
    this.cloudWatch.start();
    this.chatbot = new ChatbotService(place);
    this.parameters = new ParameterStore(() => clock.now(), place, authorize);

    const { sqs, sns, s3, firehose, dynamoDb, eventBridge, lambda, cloudWatch, chatbot, logs, parameters } = this;
    const providers = providersFor({
      sqs, sns, s3, firehose, dynamoDb, eventBridge, lambda, cloudWatch, chatbot, logs, parameters, clock, random, place, directory, access,
      mapEventSource: (properties) => new EventSourceMapping(clock, events, random, place, properties),
      snsOf: (arn) => (neighbours.at(arn) ?? this).sns,
      parametersIn: (other) => neighbours.at(`arn:${place.partition}::${other}:${account}:`)?.parameters,
    });
    this.identityProviders = neighbours.siblingOf(account)?.identityProviders ?? [...providers].filter(([type]) => type.startsWith('AWS::IAM::'));
    this.cloudFormation = new CloudFormation(place, random, new Map([...providers, ...this.identityProviders]), () => clock.now(), unmodelled);
    this.deployments = new DeploymentServices(this.cloudFormation.stacks, s3, parameters, place, clock, seed);
  }

  /** The services as clients outside reach them. */
  get served(): ServedServices {
    const { access, sqs, sns, s3, firehose, dynamoDb, eventBridge, cloudWatch, parameters } = this;
    const { faults } = this.surroundings;
    const { cloudFormation } = this.deployments;
    return {
      sqs: faults.guard('sqs', acrossAccounts(sqs, (account) => this.sameRegion(account)?.sqs)),
      sns: faults.guard('sns', acrossAccounts(sns, (account) => this.sameRegion(account)?.sns)),
      cloudwatch: faults.guard('cloudwatch', cloudWatch),
      firehose: faults.guard('firehose', firehose), dynamoDb: faults.guard('dynamodb', dynamoDb),
      cloudFormation: faults.guard('cloudformation', cloudFormation),
      s3, eventBridge, parameters, lambda: { function: (arn) => this.inRegion(arn).invokable(arn) },
      intercept: ({ resourceName: name, ...call }, proceed) => faults.around({ ...call, resourceNames: name === undefined ? [] : [name] }, proceed),
      authorizeS3: (action, resource, caller) => authorizeObjects(access, s3, action, resource, caller),
      callerOf: (accessKeyId) => this.callerOf(accessKeyId),
      accountOf: (accessKeyId) => this.surroundings.neighbours.accountOf(accessKeyId),
      parked: (accessKeyId) => (this.surroundings.neighbours.withSigner(accessKeyId) ?? this).lambda.parked(accessKeyId),
    };
  }

  /** Ends the workers, and removes what was unpacked. */
  async close(): Promise<void> {
    await this.lambda.close();
    this.deployments.close();
  }

  private directory(find: (arn: string) => Account): Directory {
    return {
      queue: (arn) => find(arn).sqs.queue(arn),
      function: (arn) => find(arn).invokable(arn),
      hasTopic: (arn) => find(arn).sns.topic(arn) !== undefined,
      deliveryStream: (arn) => find(arn).firehose.deliveryStream(arn),
      publish: (arn, message, subject, caller) => find(arn).sns.publish(arn, { message, subject }, caller),
      putServiceEvent: (source, describe) => this.eventBridge.putServiceEvent(source, describe),
    };
  }

  /** Services but SNS reach other accounts in their own region alone; what is elsewhere does not exist for them. */
  private inRegion(arn: string): Account {
    const found = this.surroundings.neighbours.at(arn);
    return found?.place.region === this.place.region ? found : this;
  }

  private sameRegion(account: string): Account | undefined {
    const { partition, region } = this.place;
    return this.surroundings.neighbours.at(`arn:${partition}::${region}:${account}:`);
  }

  private invokable(arn: string): InvokableFunction | undefined {
    const target = this.lambda.function(arn);
    return target && this.surroundings.faults.guardFunction(guardFunction(this.access, target));
  }

  /** A function calls as its role, and everybody else as the account. */
  private callerOf(accessKeyId: string | undefined): Caller {
    const { neighbours } = this.surroundings;
    const role = accessKeyId === undefined ? undefined : neighbours.withSigner(accessKeyId)?.lambda.signer(accessKeyId)?.properties.roleArn;
    const account = accessKeyId === undefined ? undefined : neighbours.accountOf(accessKeyId);
    return { principal: role ?? account ?? this.place.account };
  }
}
