import type { Account } from './account';
import { type Environment, Environments } from './account/environments';
import type { DeployedResource } from './cloudformation/deployment';
import type { LeftOut } from './cloudformation/left-out';
import type { ResourceChange } from './cloudformation/stack-engine';
import { VirtualClock } from './clock';
import { Events } from './events';
import { Faults } from './faults';
import type { Denial } from './iam';
import { Inventory, nameOf } from './inventory';
import { Journal } from './journal';
import { Ledger } from './ledger';
import { Names } from './names';
import { Random } from './random';
import {
  SimulatedAlarm, SimulatedBucket, SimulatedEventBus, SimulatedFunction, SimulatedQueue, SimulatedRule, SimulatedSlackChannel, SimulatedTable,
  SimulatedTopic,
} from './resources';
import { SimulatorServer } from './server';
import type { SimulationOptions } from './simulation-options';
import { environmentOf, stacksOf, type SimulationSource } from './source';
import { Tally } from './tally';
import { type Trace, Traces } from './trace';

export type { SimulationOptions } from './simulation-options';

/** A length of time: `Duration` of aws-cdk-lib, or milliseconds. */
export type TimeSpan = number | { toMilliseconds(): number };

/** By the name of a stack, what an update changed. */
export type StackChanges = Readonly<Record<string, readonly ResourceChange[]>>;

/** Runs synthesized stacks on this machine. Resources are named by their construct path in the stack. */
export class Simulation {
  /**
   * Synthesizes the construct (or reads the cloud assembly), creates every resource and starts to serve. Without a source it is
   * an empty account, for `cdk deploy` to fill.
   *
   * @throws an error that lists every resource type and property that the simulator does not model
   */
  static async start(source?: SimulationSource, options: SimulationOptions = {}): Promise<Simulation> {
    const stacks = source === undefined ? [] : stacksOf(source, options.stacks);
    const simulation = new Simulation(options, environmentOf(stacks));
    await simulation.server.listen(options.port ?? 0);
    try {
      simulation.environments.deploy(stacks, options.parameters);
      simulation.supplyHandlers(options.handlers);
      simulation.faults.load(options.faults ?? []);
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
  /** What matchers look into; a test asks `trace`. */
  readonly traces: Traces;
  /** Lets things go wrong, and lists what did. */
  readonly faults: Faults;

  private readonly clock: VirtualClock;
  private readonly tally: Tally;
  private readonly environments: Environments;
  private readonly server: SimulatorServer;
  private readonly inventory = new Inventory(() => this.environments.stacks());
  private handlers: SimulationOptions['handlers'];

  private constructor(options: SimulationOptions, environment: Environment) {
    const { seed = 1, startTime } = options;
    const clock = this.clock = new VirtualClock(startTime?.getTime());
    const { events } = this;
    const running = () => this.environments.turns.current;
    const journal = new Journal(events, running);
    this.ledger = new Ledger(events, journal);
    this.tally = new Tally(events);
    const names = new Names(this.inventory);
    this.traces = new Traces(journal, names);
    this.faults = new Faults({ clock, events, seed, running, names });
    const shared = { clock, events, random: new Random(seed), seed, faults: this.faults };
    this.environments = new Environments(shared, options, environment, ({ served, place }) => this.server.add(served, place));
    this.server = new SimulatorServer(this.environments.first.served, this.environments.first.place);
  }

  /** The address that SDK clients are given as their endpoint. */
  get endpoint(): string {
    return this.environments.first.place.endpoint;
  }

  /** What AWS would have refused, and so was refused here, oldest first: who, what, and the statement that is missing. */
  get denials(): readonly Denial[] {
    return this.environments.identities.denials;
  }

  /** With `unmodelled: 'leaveOut'`: the resources and properties that the simulation goes without. */
  get leftOut(): readonly LeftOut[] {
    return this.environments.leftOut();
  }

  /** The path of a message through the system, by any ID that it had. @throws when no topic or queue ever accepted it */
  trace(messageId: string): Trace {
    return this.traces.of(messageId);
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

  slackChannel(path: string): SimulatedSlackChannel {
    const resource = this.inventory.find(path, 'AWS::Chatbot::SlackChannelConfiguration');
    return new SimulatedSlackChannel(nameOf(resource), this.accountOf(resource).chatbot.channel(resource.ref)!, this);
  }

  /** By its path, or `default` for the default event bus, which every account has: that of the first one. */
  eventBus(path: string): SimulatedEventBus {
    const resource = path === 'default' ? undefined : this.inventory.find(path, 'AWS::Events::EventBus');
    const { eventBridge } = resource ? this.accountOf(resource) : this.environments.first;
    const [name, ref] = resource ? [nameOf(resource), resource.ref] : [path, path];
    return new SimulatedEventBus(name, eventBridge.existingBus(ref), eventBridge, this);
  }

  rule(path: string): SimulatedRule {
    const resource = this.inventory.find(path, 'AWS::Events::Rule');
    const { eventBridge } = this.accountOf(resource);
    return new SimulatedRule(nameOf(resource), eventBridge.existingRule(...resource.ref.split('|').reverse() as [string, string?]), this.tally, this);
  }

  table(path: string): SimulatedTable {
    const resource = this.inventory.find(path, 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable');
    return new SimulatedTable(nameOf(resource), this.accountOf(resource).dynamoDb.table(resource.ref)!, this);
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

  /**
   * Deploys to the running simulation, as `cdk deploy` would: what is unchanged keeps its state, messages and alarms included.
   * Parameters keep their values unless they are given.
   *
   * @returns the changes by the name of the stack, none where there was nothing to update
   * @throws the error of the resource that failed; its stack is rolled back to what it was
   */
  async update(source: SimulationSource, options: Pick<SimulationOptions, 'handlers' | 'parameters'> = {}): Promise<StackChanges> {
    const changes = this.environments.update(stacksOf(source), options.parameters);
    this.supplyHandlers({ ...this.handlers, ...options.handlers });
    return Promise.resolve(changes);
  }

  /**
   * Deletes a stack, or all of them, as `cdk destroy` would: what has the removal policy to retain stays.
   *
   * @throws an error that names what AWS would not delete: a bucket with objects, an export that is in use
   */
  async destroy(stackName?: string): Promise<void> {
    this.environments.destroy(stackName);
    return Promise.resolve();
  }

  /** Ends the server and the workers. A Jest test need not call it: neither keeps the process alive. */
  async stop(): Promise<void> {
    this.clock.standStill();
    await Promise.all([this.server.close(), this.environments.close()]);
  }

  private supplyHandlers(handlers: SimulationOptions['handlers'] = {}): void {
    this.handlers = handlers;
    for (const [path, handler] of Object.entries(handlers)) this.function(path).handler = handler;
  }

  private accountOf(resource: DeployedResource): Account {
    return this.environments.at(this.inventory.stackOf(resource).id)!;
  }

  private topicOf(resource: DeployedResource): SimulatedTopic {
    const { sns } = this.accountOf(resource);
    return new SimulatedTopic(nameOf(resource), sns.topic(resource.ref)!, sns, this.tally, this);
  }

  private queueOf(resource: DeployedResource): SimulatedQueue {
    return new SimulatedQueue(nameOf(resource), this.accountOf(resource).sqs.queue(resource.attributes!.Arn)!, this.tally, this);
  }

  private functionOf(resource: DeployedResource): SimulatedFunction {
    return new SimulatedFunction(nameOf(resource), this.accountOf(resource).lambda.function(resource.attributes!.Arn)!, this.tally, this);
  }

  private bucketOf(resource: DeployedResource): SimulatedBucket {
    return new SimulatedBucket(nameOf(resource), this.accountOf(resource).s3.bucket(resource.ref)!, this);
  }

  private alarmOf(resource: DeployedResource): SimulatedAlarm {
    return new SimulatedAlarm(nameOf(resource), this.accountOf(resource).cloudWatch.alarm(resource.ref)!, this);
  }
}
