import type { Clock } from '../clock';
import { type Caller, type InvocationFault, type InvokableFunction, type ServiceApi, ServiceError } from '../contracts';
import type { Events } from '../events';
import { Random } from '../random';
import { ActiveFault, type Targets } from './active-fault';
import { failure, throttling } from './errors';
import {
  type DeliveryFault, type Fault, type FunctionFault, type InjectedFault, invocationFault, type Service, type ServiceCall, type ServiceFault,
} from './fault';
import { readFaults } from './file';
import { lastPart, resourceNamesIn } from './resource-names';
import { problemsOf } from './validation';

export type { DeliveryFault, Fault, FunctionFault, InjectedFault, Moment, ServiceFault } from './fault';

/** A handler that is running, as faults see it. */
export interface StrickenInvocation {
  readonly requestId: string;
  readonly functionArn: string;
  readonly fault?: InvocationFault;
  calls: number;
  kill(): void;
  park(): () => void | Promise<void>;
}

export interface FaultOptions {
  readonly clock: Clock;
  readonly events: Events;
  readonly seed: number;
  /** The invocation whose handler really runs at this moment. */
  running(): StrickenInvocation | undefined;
  readonly names: {
    /** The construct path of an ARN, or of the name at its end. */
    of(arn: string): string;
    /** The ARN of the resource at a construct path; throws when there is none of these types. */
    arnOf(path: string, ...types: string[]): string;
  };
}

const resourceTypes: Readonly<Record<'function' | 'service' | 'delivery', readonly string[]>> = {
  function: ['AWS::Lambda::Function'],
  service: [
    'AWS::SQS::Queue', 'AWS::SNS::Topic', 'AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable',
    'AWS::KinesisFirehose::DeliveryStream',
  ],
  delivery: ['AWS::SQS::Queue', 'AWS::Lambda::Function'],
};

/** What keeps faults from shifting the identifiers of a simulation: they choose from a sequence of their own. */
const OWN_SEQUENCE = 0x6661756c;

/** What goes wrong in a simulation because a test wants it, the same at every run with the same seed. */
export class Faults {
  private readonly happened: InjectedFault[] = [];
  private readonly onFunctions: ActiveFault<FunctionFault>[] = [];
  private readonly onCalls: ActiveFault<ServiceFault>[] = [];
  private readonly onDeliveries: ActiveFault<DeliveryFault>[] = [];
  private readonly random: Random;
  private readonly start: number;

  constructor(private readonly options: FaultOptions) {
    this.random = new Random(options.seed ^ OWN_SEQUENCE);
    this.start = options.clock.now();
  }

  /** What was injected so far, oldest first. */
  get injected(): readonly InjectedFault[] {
    return this.happened;
  }

  /**
   * Adds faults, each beside those that there are; of two that would hit the same call the first does.
   *
   * @throws one error for everything that is wrong with them; then none is added
   */
  add(...faults: Fault[]): void {
    const problems: string[] = [];
    const added = faults.map((fault, index) => {
      const found = problemsOf(fault);
      const targets = found.length > 0 ? {} : this.targetsOf(fault, found);
      problems.push(...found.map((problem) => `- fault ${index + 1}: ${problem}`));
      return { fault, targets };
    });
    if (problems.length > 0) throw new Error(['these faults cannot be injected:', ...problems].join('\n'));
    for (const { fault, targets } of added) this.activate(fault, targets);
  }

  /** Adds the faults of a list, or of a JSON file that holds one. */
  load(faults: readonly Fault[] | string): void {
    this.add(...(typeof faults === 'string' ? readFaults(faults) as Fault[] : faults));
  }

  /** From now on nothing more goes wrong. */
  clear(): void {
    for (const active of [this.onFunctions, this.onCalls, this.onDeliveries]) active.length = 0;
  }

  /** What is to go wrong with an invocation that begins. */
  ofInvocation(functionArn: string, requestId: string): InvocationFault | undefined {
    const found = this.strike(this.onFunctions, ({ resource }) => resource === undefined || resource === functionArn)?.fault;
    if (!found) return undefined;
    // one that is to die in the midst of its calls may end before
    if (found.afterCalls === undefined) this.record(found.kind, functionArn, { requestId });
    return invocationFault(found);
  }

  /** A service's API in which calls fail, are late or lose their response. */
  guard(service: Service, api: ServiceApi): ServiceApi {
    const call: ServiceApi['call'] = (operation, input, caller) => this.around(
      { service, operation, resourceNames: resourceNamesIn(input) }, () => api.call(operation, input, caller),
    );
    return {
      call,
      callNow: (operation, input, caller) => (
        this.interferes || api.callNow === undefined ? call(operation, input, caller) : api.callNow(operation, input, caller)
      ),
    };
  }

  /** Makes a call, or what goes wrong instead. */
  around<T>(call: ServiceCall, proceed: () => Promise<T>): Promise<T> {
    return this.interferes ? this.interfere(call, proceed) : proceed();
  }

  private get interferes(): boolean {
    return this.onCalls.length > 0 || this.onFunctions.length > 0;
  }

  /** Throws what an endpoint answers to SNS. */
  checkDelivery(endpointArn: string, { principal, sourceArn }: Caller): void {
    if (this.onDeliveries.length === 0 || !/^sns\.([a-z0-9-]+\.)?amazonaws\.com$/.test(principal)) return;
    const found = this.strike(this.onDeliveries, ({ resource, topic }) => (
      (resource === undefined || resource === endpointArn) && (topic === undefined || topic === sourceArn)
    ))?.fault;
    if (!found) return;
    this.record(found.kind, endpointArn, {});
    const { status = 503 } = found;
    throw new ServiceError(status < 500 ? 'InvalidRequest' : 'ServiceUnavailable', 'injected by a fault', status);
  }

  /** Queues that SNS may fail to deliver to. */
  guardQueues(authorize: (action: string, queueArn: string, caller: Caller) => void): typeof authorize {
    return (action, queueArn, caller) => {
      authorize(action, queueArn, caller);
      if (action === 'sqs:SendMessage') this.checkDelivery(queueArn, caller);
    };
  }

  /** A function that SNS may fail to deliver to. */
  guardFunction(target: InvokableFunction): InvokableFunction {
    return {
      ...target,
      invokeAsync: target.invokeAsync && ((event, caller) => {
        this.checkDelivery(target.arn, caller);
        return target.invokeAsync!(event, caller);
      }),
    };
  }

  private async interfere<T>(call: ServiceCall, proceed: () => Promise<T>): Promise<T> {
    const { service, operation, resourceNames } = call;
    const invocation = this.options.running();
    const active = this.strike(this.onCalls, ({ resource }, one) => (
      (one.service ?? service) === service && (one.operation ?? operation) === operation
      && (resource === undefined || resourceNames.includes(lastPart(resource)))
    ));
    const fault = active?.fault;
    try {
      if (fault) this.record(fault.kind, active.targets.resource ?? resourceNames[0], { operation, requestId: invocation?.requestId });
      if (fault?.kind === 'serviceError') throw failure(service);
      if (fault?.kind === 'serviceThrottle') throw throttling(service);
      if (fault?.kind === 'serviceDelay') await this.wait(fault.delay!, invocation);
      const answer = await proceed();
      if (fault?.kind === 'lostResponse') throw failure(service);
      return answer;
    } finally {
      if (invocation) await this.killAfter(invocation);
    }
  }

  /** The handler's wait must not hold the clock that it waits for. */
  private async wait(delay: number, invocation: StrickenInvocation | undefined): Promise<void> {
    const resume = invocation?.park();
    await new Promise<void>((resolve) => { this.options.clock.schedule(delay, resolve); });
    await resume?.();
  }

  private async killAfter(invocation: StrickenInvocation): Promise<void> {
    invocation.calls++;
    const { fault, functionArn, requestId } = invocation;
    if (fault?.kind !== 'kill' || fault.afterCalls !== invocation.calls) return;
    this.record('functionKill', functionArn, { requestId });
    invocation.kill();
    await new Promise(() => {}); // nobody is there any more to be answered
  }

  private strike<Kind extends Fault>(
    active: readonly ActiveFault<Kind>[], isFor: (targets: Targets, fault: Kind) => boolean,
  ): ActiveFault<Kind> | undefined {
    const now = this.options.clock.now();
    return active.find((one) => isFor(one.targets, one.fault) && one.strikes(now));
  }

  private record(kind: Fault['kind'], arn: string | undefined, { operation, requestId }: { operation?: string; requestId?: string }): void {
    const { clock, events, names } = this.options;
    const at = clock.now();
    const resource = arn === undefined ? undefined : names.of(arn);
    this.happened.push({ kind, at: new Date(at), ...resource && { resource }, ...operation && { operation }, ...requestId && { requestId } });
    const fault = operation === undefined ? kind : `${kind} in ${operation}`;
    events.emit({ service: 'fault', action: 'injected', at, resource: arn ?? '', fault, requestId });
  }

  private targetsOf(fault: Fault, problems: string[]): Targets {
    const find = (path: string | undefined, types: readonly string[]): string | undefined => {
      try {
        return path === undefined ? undefined : this.options.names.arnOf(path, ...types);
      } catch (error) {
        problems.push((error as Error).message);
        return undefined;
      }
    };
    if (fault.kind === 'deliveryFailure') {
      return { resource: find(fault.resource, resourceTypes.delivery), topic: find(fault.topic, ['AWS::SNS::Topic']) };
    }
    return { resource: find(fault.resource, isFunctionFault(fault) ? resourceTypes.function : resourceTypes.service) };
  }

  private activate(fault: Fault, targets: Targets): void {
    const { start, random } = this;
    if (fault.kind === 'deliveryFailure') this.onDeliveries.push(new ActiveFault(fault, targets, start, random));
    else if (isFunctionFault(fault)) this.onFunctions.push(new ActiveFault(fault, targets, start, random));
    else this.onCalls.push(new ActiveFault(fault, targets, start, random));
  }
}

function isFunctionFault(fault: Fault): fault is FunctionFault {
  return fault.kind.startsWith('function');
}
