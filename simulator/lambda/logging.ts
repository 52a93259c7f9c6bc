import type { InvocationResult } from '../contracts';

/** From the most detail to the least. @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html */
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const SYSTEM_LEVELS = ['DEBUG', 'INFO', 'WARN'];

/** Of a function: its log format and, with the format `JSON`, the least level of what goes to the log. */
export interface LoggingConfiguration {
  /** `Text` or `JSON`. @default 'Text' */
  readonly logFormat?: string;
  /** Of what the function's code writes. @default 'INFO' */
  readonly applicationLogLevel?: string;
  /** Of what Lambda writes, which the simulator leaves out. @default 'INFO' */
  readonly systemLogLevel?: string;
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_LoggingConfig.html */
export function loggingProblems({ logFormat = 'Text', applicationLogLevel, systemLogLevel }: LoggingConfiguration): string[] {
  const problems: string[] = [];
  if (logFormat !== 'Text' && logFormat !== 'JSON') problems.push(`'logFormat' must be Text or JSON, got '${logFormat}'`);
  const levels = [['applicationLogLevel', applicationLogLevel, LEVELS], ['systemLogLevel', systemLogLevel, SYSTEM_LEVELS]] as const;
  for (const [property, level, known] of levels) {
    if (level === undefined) continue;
    if (!known.includes(level)) problems.push(`'${property}' must be one of ${known.join(', ')}, got '${level}'`);
    else if (logFormat !== 'JSON') problems.push(`'${property}' needs the log format JSON, got '${level}' with ${logFormat}`);
  }
  return problems;
}

/** By these the runtime and loggers know of the configuration. */
export function loggingVariables({ logFormat, applicationLogLevel = 'INFO' }: LoggingConfiguration): Record<string, string> {
  return logFormat === 'JSON' ? { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: applicationLogLevel } : {};
}

/** Whether a line goes to the log, which one of a level below the least does not. */
export function isLogged(line: string, { logFormat, applicationLogLevel = 'INFO' }: LoggingConfiguration): boolean {
  return logFormat !== 'JSON' || LEVELS.indexOf(levelOf(line)) >= LEVELS.indexOf(applicationLogLevel);
}

/** What is no JSON object with a level and a time is of the level INFO, embedded metrics among them. */
function levelOf(line: string): string {
  const { level, timestamp } = jsonOf(line);
  const known = LEVELS.find((each) => each === String(level).toUpperCase());
  return known !== undefined && !Number.isNaN(Date.parse(String(timestamp))) ? known : 'INFO';
}

function jsonOf(line: string): { readonly level?: unknown; readonly timestamp?: unknown } {
  if (!line.startsWith('{')) return {};
  try {
    return JSON.parse(line) as object;
  } catch {
    return {}; // it only looked like JSON
  }
}

/** What the log says about an invocation that failed. */
export function errorLine(
  { type, message, stack }: NonNullable<InvocationResult['error']>, requestId: string, at: number, { logFormat }: LoggingConfiguration,
): string {
  if (logFormat !== 'JSON') return `Invoke Error ${JSON.stringify({ errorType: type, errorMessage: message, stack })}`;
  const error = { errorType: type, errorMessage: message, stackTrace: stack };
  return JSON.stringify({ timestamp: new Date(at).toISOString(), level: 'ERROR', requestId, message: error });
}
