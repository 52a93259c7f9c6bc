import { gunzipSync } from 'node:zlib';
import type { SimulatedAlarm, SimulatedBucket, SimulatedFunction, SimulatedQueue, SimulatedTopic } from '../resources';
import type { Traces } from '../trace';
import { type MessageMatcher, messagesLike } from './messages';
import { ownSteps } from './path';
import { type MatcherContext, type MatcherResult, report } from './report';

export type { MessageMatcher } from './messages';
export type { MatcherContext, MatcherResult } from './report';

/** A whole simulation, as `toHaveDeadLetters` takes it. */
interface WholeSimulation {
  readonly traces: Traces;
  readonly queues: readonly SimulatedQueue[];
}

/** What the matchers add to `expect`. */
export interface MessagingMatchers<R = unknown> {
  /** The topic delivered a message like this; with `to`, to this queue, function or address. */
  toHaveDelivered(message: MessageMatcher, options?: { readonly to?: SimulatedQueue | SimulatedFunction | string }): R;
  /** The function handled a message like this without an error; a queue: one was received there and deleted. */
  toHaveProcessed(message: MessageMatcher): R;
  /**
   * As many messages (without a count: at least one) that the queue, the topic's subscriptions, or anything in the simulation gave
   * up are in dead-letter queues now.
   */
  toHaveDeadLetters(count?: number): R;
  /** The bucket has an object that a function wrote while it handled a message like this, and that contains its body or its ID. */
  toHaveArchived(message: MessageMatcher): R;
  /** The queue has no messages, visible, in flight or delayed; the bucket has no objects. */
  toBeEmpty(): R;
  /** The alarm's state is ALARM. */
  toBeInAlarm(): R;
}

/** For `expect.extend` of Jest and Vitest. Failures show the path of the messages that they are about. */
export const messagingMatchers = {
  toHaveDelivered(
    this: MatcherContext, received: unknown, message: MessageMatcher, { to }: { to?: SimulatedQueue | SimulatedFunction | string } = {},
  ): MatcherResult {
    const topic = expected(received, 'toHaveDelivered', 'topic');
    const { traces } = topic.simulation;
    const name = traces.name(topic.arn);
    const endpoint = typeof to === 'object' ? traces.name(to.arn) : to;
    const published = messagesLike(traces, message, this.equals)
      .filter((id) => traces.of(id).steps.some((step) => step.action === 'published' && step.resource === name && step.messageId === id));
    const delivered = published.filter((id) => traces.of(id).steps.some((step) => (
      step.action === 'delivered' && step.messageId === id && (endpoint === undefined || step.resource === endpoint)
    )));
    const pass = delivered.length > 0;
    return result(pass, () => report(this, ['toHaveDelivered', topic.path, 'message'], [
      ['Expected', `${this.isNot ? 'no ' : ''}delivery${endpoint === undefined ? '' : ` to ${endpoint}`} of ${this.utils.printExpected(message)}`],
      ['Received', pass ? count(delivered.length, 'message') + ' delivered' : `${count(published.length, 'message')} published, none delivered`],
      ...forgotten(traces, published),
    ], { traces, messageIds: pass ? delivered : published }));
  },

  toHaveProcessed(this: MatcherContext, received: unknown, message: MessageMatcher): MatcherResult {
    const where = expected(received, 'toHaveProcessed', 'function', 'queue');
    const { traces } = where.simulation;
    const name = traces.name(where.arn);
    const action = where.kind === 'queue' ? 'deleted' : 'processed';
    const accepted = messagesLike(traces, message, this.equals);
    const processed = accepted.filter((id) => ownSteps(traces.of(id)).some((step) => step.action === action && step.resource === name));
    const pass = processed.length > 0;
    return result(pass, () => report(this, ['toHaveProcessed', where.path, 'message'], [
      ['Expected', `${this.isNot ? 'not to process' : 'to process'} ${this.utils.printExpected(message)}`],
      ['Received', pass ? `${count(processed.length, 'message')} processed` : `${count(accepted.length, 'message')} like this, none processed here`],
      ...forgotten(traces, accepted),
    ], { traces, messageIds: pass ? processed : accepted }));
  },

  toHaveDeadLetters(this: MatcherContext, received: unknown, wanted?: number): MatcherResult {
    const whole = received as Partial<WholeSimulation> | null | undefined;
    const where = whole?.traces ? undefined : expected(received, 'toHaveDeadLetters', 'queue', 'topic');
    const { traces, queues } = where?.simulation ?? whole as WholeSimulation;
    if (wanted !== undefined && (!Number.isSafeInteger(wanted) || wanted < 0)) {
      throw new Error(`toHaveDeadLetters: 'count' must be a whole number from 0, got ${String(wanted)}`);
    }
    const found = queues.flatMap(({ messages }) => messages).filter(({ messageId, systemAttributes }) => {
      const source = systemAttributes.DeadLetterQueueSourceArn as string | undefined ?? redrivenFrom(traces, messageId);
      return source !== undefined && (where === undefined || traces.name(source) === traces.name(where.arn));
    });
    const pass = wanted === undefined ? found.length > 0 : found.length === wanted;
    return result(pass, () => report(this, ['toHaveDeadLetters', where?.path ?? 'simulation', wanted === undefined ? '' : 'count'], [
      ['Expected', `${this.isNot ? 'not ' : ''}${wanted === undefined ? 'any dead letters' : count(wanted, 'dead letter')}`],
      ['Received', this.utils.printReceived(found.length)],
    ], { traces, messageIds: found.map(({ messageId }) => messageId) }));
  },

  toHaveArchived(this: MatcherContext, received: unknown, message: MessageMatcher): MatcherResult {
    const bucket = expected(received, 'toHaveArchived', 'bucket');
    const { traces } = bucket.simulation;
    const name = traces.name(bucket.name);
    const objects = new Map(bucket.objects.map(({ key, body }) => [key, body]));
    const accepted = messagesLike(traces, message, this.equals);
    const keysOf = (id: string): string[] => {
      const trace = traces.of(id);
      const ids = ownSteps(trace).flatMap(({ messageId, newMessageId }) => [messageId, newMessageId]);
      return trace.steps.flatMap(({ action, resource, key }) => (
        action === 'archived' && resource === name && mentions(objects.get(key!), [...ids, traces.bodies.get(id)]) ? [key!] : []
      ));
    };
    const archived = accepted.filter((id) => keysOf(id).length > 0);
    const pass = archived.length > 0;
    return result(pass, () => report(this, ['toHaveArchived', bucket.path, 'message'], [
      ['Expected', `${this.isNot ? 'no ' : 'an '}object with ${this.utils.printExpected(message)}`],
      ['Received', pass
        ? this.utils.printReceived(archived.flatMap(keysOf))
        : `${count(accepted.length, 'message')} like this, in none of ${count(objects.size, 'object')}`],
      ...forgotten(traces, accepted),
    ], { traces, messageIds: pass ? archived : accepted }));
  },

  toBeEmpty(this: MatcherContext, received: unknown): MatcherResult {
    const where = expected(received, 'toBeEmpty', 'queue', 'bucket');
    const messageIds = where.kind === 'queue' ? where.messages.map(({ messageId }) => messageId) : [];
    const content = where.kind === 'queue' ? where.messages.map(({ body }) => body) : where.objects.map(({ key }) => key);
    return result(content.length === 0, () => report(this, ['toBeEmpty', where.path, ''], [
      ['Expected', this.isNot ? 'not to be empty' : 'to be empty'],
      ['Received', this.utils.printReceived(content)],
    ], { traces: where.simulation.traces, messageIds }));
  },

  toBeInAlarm(this: MatcherContext, received: unknown): MatcherResult {
    const alarm = expected(received, 'toBeInAlarm', 'alarm');
    return result(alarm.state === 'ALARM', () => report(this, ['toBeInAlarm', alarm.path, ''], [
      ['Expected', `${this.isNot ? 'not ' : ''}ALARM`],
      ['Received', `${this.utils.printReceived(alarm.state)}: ${alarm.reason}`],
      ...alarm.history.map(({ at, to }, index) => [index === 0 ? 'History' : '', `${new Date(at).toISOString()} ${to}`] as const),
    ], { traces: alarm.simulation.traces, messageIds: [] }));
  },
};

function result(pass: boolean, message: () => string): MatcherResult {
  return { pass, message };
}

function count(number: number, noun: string): string {
  return `${number === 0 ? 'no' : number} ${noun}${number === 1 ? '' : 's'}`;
}

type Resource = SimulatedTopic | SimulatedQueue | SimulatedFunction | SimulatedBucket | SimulatedAlarm;

/** @throws when a matcher is used on what it is not for */
function expected<Kind extends Resource['kind']>(received: unknown, matcher: string, ...kinds: Kind[]): Extract<Resource, { kind: Kind }> {
  // not by class: this file is in two bundles
  const kind = (received as Partial<Resource> | null | undefined)?.kind;
  if (kinds.includes(kind as Kind)) return received as Extract<Resource, { kind: Kind }>;
  const wanted = kinds.map((one) => `simulation.${one}(…)`).join(' or ');
  throw new Error(`${matcher} expects ${wanted}, got ${kind === undefined ? String(received) : `simulation.${kind}(…)`}`);
}

/** The topic from which SNS sent a message that it could not deliver to the subscription's dead-letter queue. */
function redrivenFrom(traces: Traces, messageId: string): string | undefined {
  const { steps } = traces.of(messageId);
  return steps.some((step) => step.action === 'redriven' && step.newMessageId === messageId) ? steps[0].resource : undefined;
}

/** Whether an object, compressed or not, contains one of these texts, as they are or as JSON carries them. */
function mentions(object: Buffer | undefined, texts: readonly (string | undefined)[]): boolean {
  if (object === undefined) return false;
  const content = (object[0] === 0x1f && object[1] === 0x8b ? gunzipSync(object) : object).toString();
  return texts.some((text) => text !== undefined && (content.includes(text) || content.includes(JSON.stringify(text).slice(1, -1))));
}

function forgotten({ bodies }: Traces, found: readonly string[]): (readonly [string, string])[] {
  if (found.length > 0 || bodies.forgotten === 0) return [];
  return [['Note', `the bodies of ${count(bodies.forgotten, 'older message')} were forgotten: name the message by its ID`]];
}
