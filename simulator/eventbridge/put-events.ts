import { ServiceError } from '../contracts';
import { defaultBusName } from './event-bus';
import type { EventContent } from './event';

/** An event as `PutEvents` takes it. */
export interface PutEventsEntry {
  /** Who sends it; must not begin with `aws.`. */
  readonly Source?: string;
  readonly DetailType?: string;
  /** A JSON object. */
  readonly Detail?: string;
  readonly Resources?: readonly string[];
  /** @default - now */
  readonly Time?: Date;
  /** The name or the ARN of the bus. @default - the default event bus */
  readonly EventBusName?: string;
}

/** What became of an entry. */
export interface PutEventsResult {
  readonly EventId?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

/**
 * Bytes are those of all entries together.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
 */
const limits = { entries: 10, bytes: 1024 * 1024 };

/** @throws ServiceError `ValidationException` for a request of which no entry is looked at */
export function refuseRequest(entries: readonly PutEventsEntry[]): void {
  const rule = entries.length < 1 ? 'greater than or equal to 1' : entries.length > limits.entries ? `less than or equal to ${limits.entries}` : undefined;
  if (rule !== undefined) {
    throw new ServiceError('ValidationException',
      `1 validation error detected: Value '[PutEventsRequestEntry]' at 'entries' failed to satisfy constraint: Member must have length ${rule}`);
  }
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (bytes > limits.bytes) {
    throw new ServiceError('ValidationException', `Total size of the entries in the request is over the limit: ${limits.bytes} bytes, got ${bytes}`);
  }
}

function sizeOf({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: PutEventsEntry): number {
  return (Time === undefined ? 0 : 14) + [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** What the entry says, or the error that EventBridge answers for it. */
export function contentOf({ Source, DetailType, Detail, Resources, Time }: PutEventsEntry, now: number): EventContent | PutEventsResult {
  for (const [name, value] of Object.entries({ Source, DetailType, Detail })) {
    if (!value) return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.` };
  }
  if (Source!.startsWith('aws.')) return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  const detail = jsonObject(Detail!);
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return { source: Source!, detailType: DetailType!, detail, resources: Resources, at: Time?.getTime() ?? now };
}

/** The name in a name or an ARN. */
export function busName(nameOrArn: string = defaultBusName): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('/') + 1) : nameOrArn;
}

function jsonObject(text: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
