import { CloudFormation, type DeployedResource } from './cloudformation/deployment';
import { CloudWatchService, ServiceMetrics } from './cloudwatch';
import { VirtualClock } from './clock';
import type { Caller, Directory, InvokableFunction, Place } from './contracts';
import { EventSourceMapping } from './event-source-mapping';
import { Events } from './events';
import { AccessControl, authorizeObjects, guardFunction, guardQueues, guardTopics, type Denial } from './iam';
import { Inventory, nameOf } from './inventory';
import { LambdaService, type Handler } from './lambda';
import { Ledger } from './ledger';
import { providersFor } from './cloudformation/providers';
import { Random } from './random';
import { SimulatedAlarm, SimulatedBucket, SimulatedFunction, SimulatedQueue, SimulatedTopic } from './resources';
import { S3Service } from './s3';
import { SimulatorServer } from './server';
import { SnsService } from './sns';
import { stacksOf, type SimulationSource } from './source';
import { SqsService } from './sqs';
import { Tally } from './tally';

export interface SimulationOptions {
  /**
   * Every choice and every identifier of the simulation follows from it: the same seed gives the same run.
   * @default 1
   */
  readonly seed?: number;
  /**
   * The first moment on the clock.
   * @default - 5 January 2026, 09:00 UTC
   */
  readonly startTime?: Date;
  /**
   * The port on 127.0.0.1 at which SDK clients reach the simulation, 0 for any that is free.
   * @default 0
   */
  readonly port?: number;
  /**
   * Handlers by construct path that run in this process in place of the functions' bundles.
   * @default - the bundles run, each in a worker
   */
  readonly handlers?: Readonly<Record<string, Handler>>;
  /**
   * How long an invocation takes on the virtual clock, in milliseconds, beyond what its handler waits for.
   * @default 100
   */
  readonly invocationDuration?: number;
}

/** A length of time: `Duration` of aws-cdk-lib, or milliseconds. */
export type TimeSpan = number | { toMilliseconds(): number };

const account = '000000000000';
const region = 'us-east-1';

/** Runs synthesized stacks on this machine. Resources are named by their construct path in the stack. */
export class Simulation {
  /**
   * Synthesizes the construct (or reads the cloud assembly), creates every resource and starts to serve.
   *
   * @throws an error that lists every resource type and property that the simulator does not model
   */
  static async start(source: SimulationSource, options: SimulationOptions = {}): Promise<Simulation> {
    const stacks = stacksOf(source);
    const simulation = new Simulation(options);
    await simulation.server.listen(options.port ?? 0);
    try {
      for (const stack of stacks) simulation.inventory.add(simulation.cloudFormation.deploy(stack));
      for (const [path, handler] of Object.entries(options.handlers ?? {})) simulation.function(path).handler = handler;
    } catch (error) {
      await simulation.stop();
      throw error;
    }
    return simulation;
  }

  /** Tells what happens, as it happens. */
  readonly events = new Events();
  /** Knows of every message where it is. */
  readonly ledger: Ledger;

  private readonly clock: VirtualClock;
  private readonly random: Random;
  private readonly place: Place = { account, region, partition: 'aws', endpoint: '' };
  private readonly tally: Tally;
  private readonly access: AccessControl;
  private readonly sqs: SqsService;
  private readonly sns: SnsService;
  private readonly s3: S3Service;
  private readonly lambda: LambdaService;
  private readonly cloudWatch: CloudWatchService;
  private readonly server: SimulatorServer;
  private readonly cloudFormation: CloudFormation;
  private readonly inventory = new Inventory();

  private constructor(options: SimulationOptions) {
    const { seed = 1, startTime, invocationDuration } = options;
    this.clock = new VirtualClock(startTime?.getTime());
    this.random = new Random(seed);
    const { clock, events, random, place } = this;
    this.ledger = new Ledger(events);
    this.tally = new Tally(events);

    this.access = new AccessControl(clock, place);
    const { access } = this;
    const invokable = (arn: string): InvokableFunction | undefined => {
      const target = this.lambda.function(arn);
      return target && guardFunction(access, target);
    };
    const directory: Directory = {
      queue: (arn) => this.sqs.queue(arn),
      function: invokable,
      hasTopic: (arn) => this.sns.topic(arn) !== undefined,
      publish: (arn, message, subject, caller) => { this.sns.publish(arn, { message, subject }, caller); },
    };
    this.sqs = new SqsService(clock, events, random, place);
    this.sqs.authorize = guardQueues(access, (arn) => this.sqs.queue(arn));
    this.sns = new SnsService(clock, events, random, place, directory, guardTopics(access, place));
    this.s3 = new S3Service(clock, events, random, place, directory);
    this.lambda = new LambdaService(clock, events, random, place, { invocationDuration, directory: () => directory });
    this.cloudWatch = new CloudWatchService(clock, events, random, place, directory);
    new ServiceMetrics(clock, events, this.cloudWatch, { queues: () => this.sqs.queues() });
    this.cloudWatch.start();

    this.server = new SimulatorServer({
      sqs: this.sqs, sns: this.sns, cloudwatch: this.cloudWatch, s3: this.s3, lambda: { function: invokable },
      authorizeS3: (action, resource, caller) => authorizeObjects(access, action, resource, caller),
      callerOf: (accessKeyId) => this.callerOf(accessKeyId),
      parked: (accessKeyId) => this.lambda.parked(accessKeyId),
    }, place);
    this.cloudFormation = new CloudFormation(place, random, providersFor({
      sqs: this.sqs, sns: this.sns, s3: this.s3, lambda: this.lambda, cloudWatch: this.cloudWatch, clock, random, place, directory, access,
      mapEventSource: (properties) => new EventSourceMapping(clock, events, random, place, properties),
    }));
  }

  /** The address that SDK clients are given as their endpoint. */
  get endpoint(): string {
    return this.place.endpoint;
  }

  /** What AWS would have refused, and so was refused here, oldest first: who, what, and the statement that is missing. */
  get denials(): readonly Denial[] {
    return this.access.denials;
  }

  /** The present moment of the simulation. */
  get now(): Date {
    return new Date(this.clock.now());
  }

  /** Lets time pass: everything that is due happens in order, and every handler ends before time moves on. */
  advance(duration: TimeSpan): Promise<void> {
    return this.clock.advance(typeof duration === 'number' ? duration : duration.toMilliseconds());
  }

  /** From now on time passes by itself, for clients outside; `advance` is refused. */
  followRealTime(): void {
    this.clock.followRealTime();
  }

  topic(path: string): SimulatedTopic {
    return this.topicOf(this.inventory.find(path, 'AWS::SNS::Topic'));
  }

  queue(path: string): SimulatedQueue {
    return this.queueOf(this.inventory.find(path, 'AWS::SQS::Queue'));
  }

  function(path: string): SimulatedFunction {
    return this.functionOf(this.inventory.find(path, 'AWS::Lambda::Function'));
  }

  bucket(path: string): SimulatedBucket {
    return this.bucketOf(this.inventory.find(path, 'AWS::S3::Bucket'));
  }

  alarm(path: string): SimulatedAlarm {
    return this.alarmOf(this.inventory.find(path, 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'));
  }

  get topics(): SimulatedTopic[] {
    return this.inventory.all('AWS::SNS::Topic').map((resource) => this.topicOf(resource));
  }

  get queues(): SimulatedQueue[] {
    return this.inventory.all('AWS::SQS::Queue').map((resource) => this.queueOf(resource));
  }

  get functions(): SimulatedFunction[] {
    return this.inventory.all('AWS::Lambda::Function').map((resource) => this.functionOf(resource));
  }

  get buckets(): SimulatedBucket[] {
    return this.inventory.all('AWS::S3::Bucket').map((resource) => this.bucketOf(resource));
  }

  get alarms(): SimulatedAlarm[] {
    return this.inventory.all('AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm').map((resource) => this.alarmOf(resource));
  }

  /** The outputs of a stack. */
  outputs(stackName: string): Readonly<Record<string, unknown>> {
    return this.inventory.stack(stackName).outputs;
  }

  /** Ends the server and the workers. A Jest test need not call it: neither keeps the process alive. */
  async stop(): Promise<void> {
    this.clock.standStill();
    await Promise.all([this.server.close(), this.lambda.close()]);
  }

  private callerOf(accessKeyId: string | undefined): Caller {
    const role = accessKeyId === undefined ? undefined : this.lambda.signer(accessKeyId)?.properties.roleArn;
    return { principal: role ?? account };
  }

  private topicOf(resource: DeployedResource): SimulatedTopic {
    return new SimulatedTopic(nameOf(resource), this.sns.topic(resource.ref)!, this.sns, this.tally);
  }

  private queueOf(resource: DeployedResource): SimulatedQueue {
    return new SimulatedQueue(nameOf(resource), this.sqs.queue(resource.attributes!.Arn)!, this.tally);
  }

  private functionOf(resource: DeployedResource): SimulatedFunction {
    return new SimulatedFunction(nameOf(resource), this.lambda.function(resource.attributes!.Arn)!, this.tally);
  }

  private bucketOf(resource: DeployedResource): SimulatedBucket {
    return new SimulatedBucket(nameOf(resource), this.s3.bucket(resource.ref)!);
  }

  private alarmOf(resource: DeployedResource): SimulatedAlarm {
    return new SimulatedAlarm(nameOf(resource), this.cloudWatch.alarm(resource.ref)!);
  }
}
