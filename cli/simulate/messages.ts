import { readFileSync } from 'node:fs';
import type { SendOptions, Simulation } from '../../simulator';
import { UsageError } from '../usage-error';

/** One line of the input. */
export interface InputMessage {
  /** From 1. */
  readonly line: number;
  readonly to: 'queue' | 'topic';
  readonly path: string;
  readonly body: string;
  readonly attributes?: SendOptions['attributes'];
  readonly groupId?: string;
  readonly deduplicationId?: string;
  /** Seconds after the beginning. */
  readonly at: number;
}

/** A message that its queue or topic did not take. */
export interface RefusedMessage {
  readonly line: number;
  readonly reason: string;
}

const members = ['queue', 'topic', 'body', 'attributes', 'groupId', 'deduplicationId', 'at'];

/**
 * Reads an NDJSON file of messages, blank lines left out, in the order of their time.
 *
 * @param end seconds: the last moment at which a message can be sent
 * @throws UsageError that names the first line that is wrong
 */
export function readMessages(file: string, end: number): InputMessage[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`'--input' must be a file that can be read, got '${file}' (${(error as { code?: string }).code})`);
  }
  const messages = text.split(/\r?\n/).flatMap((content, index) => (content.trim() === '' ? [] : [readMessage(content, index + 1, end)]));
  if (messages.length === 0) throw new UsageError(`'--input' must hold at least one message, '${file}' is empty`);
  return messages.sort((one, other) => one.at - other.at);
}

function readMessage(content: string, line: number, end: number): InputMessage {
  const wrong = (problem: string): UsageError => new UsageError(`line ${line} of '--input' ${problem}`);
  let given: Record<string, unknown>;
  try {
    given = JSON.parse(content) as Record<string, unknown>;
  } catch {
    throw wrong('must be JSON');
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw wrong('must be an object');
  const { queue, topic, body, attributes, groupId, deduplicationId, at = 0 } = given;
  const unknown = Object.keys(given).find((name) => !members.includes(name));
  if (unknown !== undefined) throw wrong(`has '${unknown}', which is none of ${members.join(', ')}`);
  const path = queue ?? topic;
  if (typeof path !== 'string' || (queue !== undefined && topic !== undefined)) throw wrong("must name either a 'queue' or a 'topic'");
  if (body === undefined) throw wrong("must have a 'body'");
  if (attributes !== undefined && !isAttributes(attributes)) throw wrong("must have texts, numbers or lists of texts as 'attributes'");
  if (groupId !== undefined && typeof groupId !== 'string') throw wrong("must have a text as 'groupId'");
  if (deduplicationId !== undefined && typeof deduplicationId !== 'string') throw wrong("must have a text as 'deduplicationId'");
  if (typeof at !== 'number' || !(at >= 0 && at <= end)) throw wrong(`must have 'at' from 0 to ${end} seconds, got ${JSON.stringify(at)}`);
  return {
    line, to: queue === undefined ? 'topic' : 'queue', path, attributes, groupId, deduplicationId, at,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

function isAttributes(value: unknown): value is NonNullable<SendOptions['attributes']> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((one) => (
    typeof one === 'string' || typeof one === 'number' || (Array.isArray(one) && one.every((each) => typeof each === 'string'))
  ));
}

/** @throws UsageError where there is no such queue or topic */
export function checkPaths(simulation: Simulation, messages: readonly InputMessage[]): void {
  for (const { line, to, path } of messages) {
    try {
      simulation[to](path);
    } catch (error) {
      throw new UsageError(`line ${line} of '--input': ${(error as Error).message}`);
    }
  }
}

/** @returns undefined, or why it was not taken */
export async function send(simulation: Simulation, message: InputMessage): Promise<RefusedMessage | undefined> {
  const { to, path, body, attributes, groupId: messageGroupId, deduplicationId: messageDeduplicationId, line } = message;
  const options = { attributes, messageGroupId, messageDeduplicationId };
  try {
    await (to === 'queue' ? simulation.queue(path).send(body, options) : simulation.topic(path).publish(body, options));
    return undefined;
  } catch (error) {
    return { line, reason: (error as Error).message };
  }
}
