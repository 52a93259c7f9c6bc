import { type InvocationResult, ServiceError } from '../contracts';
import type { StreamContext } from './context';
import type { CompleteDestination } from './destination';
import type { Transformation } from './processors';
import type { ProcessingError, StreamRecord } from './record';

/** Milliseconds before a throttled invocation is tried again: doubled each time. AWS does not say. */
const firstDelay = 1_000;

/** What a function made of records. */
export interface Transformed {
  readonly records: readonly StreamRecord[];
  readonly failed: readonly { readonly record: StreamRecord; readonly error: ProcessingError }[];
  /** Milliseconds that the invocation took. */
  readonly duration: number;
}

interface Answer {
  readonly result: string;
  readonly data?: string;
}

/**
 * Lets a function transform a batch of records.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 */
export async function transform(
  context: StreamContext, streamArn: string, { roleArn }: CompleteDestination, transformation: Transformation, records: readonly StreamRecord[],
): Promise<Transformed> {
  const { clock, random } = context;
  const event = {
    invocationId: random.uuid(), deliveryStreamArn: streamArn, region: streamArn.split(':')[3],
    records: records.map(({ id, arrivedAt, data }) => ({ recordId: id, approximateArrivalTimestamp: arrivedAt, data: data.toString('base64') })),
  };
  const began = clock.now();
  const { attempts, answers, error } = await invoke(context, { ...transformation, roleArn: transformation.roleArn ?? roleArn }, streamArn, event);
  const failure = (code: string, message: string): ProcessingError => ({
    type: 'processing-failed', code, message, attempts, lambdaArn: transformation.function,
  });
  const made: StreamRecord[] = [];
  const failed: { record: StreamRecord; error: ProcessingError }[] = [];
  for (const record of records) {
    const answer = answers.get(record.id);
    if (error) failed.push({ record, error: failure(error.code, error.message) });
    else if (answer === undefined) failed.push({ record, error: failure('Lambda.MissingRecordId', 'One or more record IDs were not returned.') });
    else if (answer.result === 'Ok') made.push({ ...record, data: Buffer.from(answer.data ?? '', 'base64') });
    else if (answer.result !== 'Dropped') failed.push({ record, error: failure('Lambda.ProcessingFailedStatus', 'ProcessingFailed status set for record.') });
  }
  return { records: made, failed, duration: clock.now() - began };
}

interface Invocation {
  readonly attempts: number;
  readonly answers: ReadonlyMap<string, Answer>;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Tries again while the function is throttled; what its code does wrong is final. */
async function invoke(
  { clock, function: find }: StreamContext, { function: arn, roleArn, retries = 3 }: Transformation, sourceArn: string, event: object,
): Promise<Invocation> {
  const refused = (attempts: number, code: string, message: string): Invocation => ({ attempts, answers: new Map(), error: { code, message } });
  const target = find(arn);
  if (!target) return refused(1, 'Lambda.ResourceNotFound', `The function ${arn} does not exist`);
  try {
    for (let [attempts, delay] = [1, firstDelay]; ; attempts++, delay *= 2) {
      const result = await target.invoke(event, { principal: roleArn!, sourceArn });
      if (result.status !== 'throttled') return { attempts, ...answersOf(result) };
      if (attempts > retries) return refused(attempts, 'Lambda.InvokeLimitExceeded', result.error?.message ?? 'Rate Exceeded.');
      await new Promise<void>((resolve) => { clock.schedule(delay, resolve); });
    }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return refused(1, error.status === 403 ? 'Lambda.InvokeAccessDenied' : error.code, error.message);
  }
}

function answersOf({ status, error, payload }: InvocationResult): Omit<Invocation, 'attempts'> {
  const none = new Map<string, Answer>();
  if (status !== 'succeeded') return { answers: none, error: { code: 'Lambda.FunctionError', message: error?.message ?? status } };
  const { records } = (payload ?? {}) as { records?: unknown };
  if (!Array.isArray(records)) return { answers: none, error: { code: 'Lambda.JsonProcessingException', message: 'The function did not answer with records' } };
  const answers = (records as readonly (Partial<Answer & { recordId: string }> | null)[]).filter((each) => typeof each?.recordId === 'string');
  const ids = answers.map((each) => each!.recordId!);
  if (new Set(ids).size < ids.length) {
    return { answers: none, error: { code: 'Lambda.DuplicatedRecordId', message: 'Multiple records were returned with the same record ID.' } };
  }
  return { answers: new Map(answers.map((each, index) => [ids[index], { result: String(each!.result), data: each!.data }])) };
}
