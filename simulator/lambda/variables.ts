import { createHash } from 'node:crypto';
import type { Place } from '../contracts';
import { loggingVariables, type LoggingConfiguration } from './logging';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * What a function cannot set, as
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html lists it.
 */
export const RESERVED_VARIABLES: ReadonlySet<string> = new Set([
  '_HANDLER', '_X_AMZN_TRACE_ID', 'AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME', 'AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_LAMBDA_RUNTIME_API', 'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR',
]);

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Credentials that belong to one function, the same in every run. */
export function derivedCredentials(functionArn: string): Credentials {
  const digest = createHash('sha512').update(functionArn).digest();
  return {
    accessKeyId: `ASIA${[...digest.subarray(0, 16)].map((byte) => BASE32[byte % 32]).join('')}`,
    secretAccessKey: digest.subarray(16, 46).toString('base64'),
    sessionToken: digest.toString('base64url'),
  };
}

export interface VariableSettings {
  readonly name: string;
  readonly handler: string;
  readonly runtime: string;
  readonly memorySize: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly logStream: string;
  readonly taskRoot: string;
  readonly credentials: Credentials;
  readonly logging: LoggingConfiguration;
}

/** The whole environment of a handler: nothing of this machine's reaches it. */
export function environmentVariables(settings: VariableSettings, place: Place): Record<string, string> {
  const { credentials } = settings;
  return {
    LANG: 'en_US.UTF-8',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin',
    TZ: ':UTC',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', // about this machine's Node.js, not the function's
    ...place.endpoint === '' ? {} : { AWS_ENDPOINT_URL: place.endpoint },
    // of these Lambda sets the defaults, and nothing listens at the address: the X-Ray SDK sends and does not wait
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
    ...settings.environment,
    ...loggingVariables(settings.logging),
    _HANDLER: settings.handler,
    AWS_DEFAULT_REGION: place.region,
    AWS_REGION: place.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: settings.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memorySize),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: settings.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: settings.logStream,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    LAMBDA_TASK_ROOT: settings.taskRoot,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
  };
}
