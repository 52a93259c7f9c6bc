import type { Place } from '../contracts';

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601 in whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: object;
}

export interface EventContent {
  readonly source: string;
  readonly detailType: string;
  readonly resources?: readonly string[];
  readonly detail: object;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export function busEvent(id: string, { source, detailType, resources = [], detail, at }: EventContent, { account, region }: Place): BusEvent {
  return { version: '0', id, 'detail-type': detailType, source, account, time: timestamp(at), region, resources, detail };
}

export const timestamp = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
