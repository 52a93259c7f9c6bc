import { ServiceError } from '../contracts';
import { timestamp, type BusEvent } from './event';
import { fillIn } from './input-template';
import { readJsonPath } from './json-path';
import type { Target } from './target';

export interface MatchedEvent {
  readonly event: BusEvent;
  readonly rule: { readonly arn: string; readonly name: string };
  /** Milliseconds since the epoch. */
  readonly ingestedAt: number;
}

/**
 * What a target gets of an event, as text: JSON but for templates of several lines.
 *
 * @throws ServiceError `InvalidJson` where a template that looks like JSON is none when it is filled in
 */
export function inputFor({ Input, InputPath, InputTransformer }: Target, matched: MatchedEvent): string {
  const { event } = matched;
  if (Input !== undefined) return Input;
  if (InputPath !== undefined) return JSON.stringify(readJsonPath(InputPath)!(event) ?? null);
  if (!InputTransformer) return JSON.stringify(event);
  const { InputTemplate, InputPathsMap = {} } = InputTransformer;
  const filled = fillIn(InputTemplate, (name) => (
    name in InputPathsMap ? readJsonPath(InputPathsMap[name])!(event) : reserved(name, matched)
  ));
  return /^\s*[{[]/.test(filled) ? JSON.stringify(parseInput(filled)) : filled;
}

/** @throws ServiceError `InvalidJson` */
export function parseInput(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch (error) {
    throw new ServiceError('InvalidJson', `the target's input is no JSON: ${(error as Error).message}`);
  }
}

function reserved(name: string, { event, rule, ingestedAt }: MatchedEvent): unknown {
  const { detail, ...envelope } = event;
  switch (name) {
    case 'aws.events.rule-arn': return rule.arn;
    case 'aws.events.rule-name': return rule.name;
    case 'aws.events.event': return envelope;
    case 'aws.events.event.json': return { ...envelope, detail };
    default: return timestamp(ingestedAt);
  }
}
