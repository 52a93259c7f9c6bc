import { invalid } from './prefix';

/** A function that transforms records: the processor `Lambda`. */
export interface Transformation {
  /** ARN of the function. */
  readonly function: string;
  /** The role that invokes it. @default - the destination's role */
  readonly roleArn?: string;
  /** How often a throttled invocation is tried again, 0 to 300. @default 3 */
  readonly retries?: number;
  /** MiB of records in an invocation, 0.2 to 3. @default 1 */
  readonly bufferingSize?: number;
  /** Seconds that records wait for others, 0 to 900. @default 60 */
  readonly bufferingInterval?: number;
}

/** What happens to records before they are delivered. */
export interface Processors {
  /** Whether records are gunzipped: the processor `Decompression`. @default false */
  readonly decompress?: boolean;
  /** @default - records stay as they are */
  readonly transformation?: Transformation;
  /** Whether each record ends with a line break: the processor `AppendDelimiterToRecord`. @default false */
  readonly appendDelimiter?: boolean;
}

/** As the API and templates have them. */
export interface ProcessingConfiguration {
  readonly Enabled?: boolean | string;
  readonly Processors?: readonly {
    readonly Type: string;
    readonly Parameters?: readonly { readonly ParameterName: string; readonly ParameterValue: string }[];
  }[];
}

type Parameters = ReadonlyMap<string, string>;

/**
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessorParameter.html
 * @throws ServiceError `InvalidArgumentException` for what Firehose would refuse, or the simulator does not model
 */
export function processorsOf({ Enabled, Processors: list = [] }: ProcessingConfiguration = {}): Processors {
  if (String(Enabled) !== 'true') return {};
  const byType = new Map<string, Parameters>();
  for (const { Type, Parameters: parameters = [] } of list) {
    if (byType.has(Type)) throw invalid(`'Processors' must have a processor of the type ${Type} once`);
    byType.set(Type, new Map(parameters.map(({ ParameterName, ParameterValue }) => [ParameterName, ParameterValue])));
  }
  const unknown = [...byType.keys()].filter((type) => !['AppendDelimiterToRecord', 'Decompression', 'Lambda'].includes(type));
  if (unknown.length > 0) {
    throw invalid(`'Processors' must be of the types AppendDelimiterToRecord, Decompression and Lambda, the ones that are modelled, got '${unknown.join('\', \'')}'`);
  }
  const format = byType.get('Decompression')?.get('CompressionFormat') ?? 'GZIP';
  if (format !== 'GZIP') throw invalid(`'CompressionFormat' of the processor Decompression must be GZIP, got '${format}'`);
  const lambda = byType.get('Lambda');
  return {
    decompress: byType.has('Decompression'), appendDelimiter: byType.has('AppendDelimiterToRecord'), transformation: lambda && transformationOf(lambda),
  };
}

function transformationOf(parameters: Parameters): Transformation {
  const functionArn = parameters.get('LambdaArn');
  if (functionArn === undefined || !/^arn:[^:]+:lambda:[^:]+:\d{12}:function:.+/.test(functionArn)) {
    throw invalid(`'LambdaArn' of the processor Lambda must be the ARN of a function, got '${functionArn}'`);
  }
  return {
    function: functionArn,
    roleArn: parameters.get('RoleArn'),
    retries: number(parameters, 'NumberOfRetries', 0, 300),
    bufferingSize: number(parameters, 'BufferSizeInMBs', 0.2, 3),
    bufferingInterval: number(parameters, 'BufferIntervalInSeconds', 0, 900),
  };
}

function number(parameters: Parameters, name: string, from: number, to: number): number | undefined {
  const text = parameters.get(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text === '' || !(value >= from && value <= to)) throw invalid(`'${name}' of the processor Lambda must be from ${from} to ${to}, got '${text}'`);
  return value;
}
