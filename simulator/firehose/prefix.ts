import { ServiceError } from '../contracts';

/** What a prefix without a timestamp ends with: the hour in UTC. */
const defaultTimestamp = '!{timestamp:yyyy/MM/dd/HH/}';

/** `!{namespace:value}`; between them everything stands for itself. */
const expression = /!\{([^:}]*):([^}]*)\}/g;

/** The letters of Java's DateTimeFormatter that have a meaning without a locale; text in single quotes stands for itself. */
const timestampToken = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']/g;

const fields: Readonly<Record<string, (at: Date) => number>> = {
  y: (at) => at.getUTCFullYear(),
  u: (at) => at.getUTCFullYear(),
  M: (at) => at.getUTCMonth() + 1,
  d: (at) => at.getUTCDate(),
  H: (at) => at.getUTCHours(),
  m: (at) => at.getUTCMinutes(),
  s: (at) => at.getUTCSeconds(),
};

/**
 * The prefix of an object's key, with its expressions evaluated.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 * @param at when the oldest record of the object arrived, milliseconds since the epoch
 * @param randomString gives eleven characters, new at each use
 * @param errorType of an object with what could not be processed
 */
export function evaluatePrefix(prefix: string, at: number, randomString: () => string, errorType = ''): string {
  const complete = prefix.includes('!{timestamp:') ? prefix : `${prefix}${defaultTimestamp}`;
  return complete.replace(expression, (_all, namespace: string, value: string) => {
    if (namespace === 'timestamp') return formatTimestamp(value, new Date(at));
    return value === 'error-output-type' ? errorType : randomString();
  });
}

/** What a key of the errors begins with; without an expression for it, their type is a folder. */
export function errorPrefix(errorOutputPrefix = ''): string {
  return errorOutputPrefix.includes('!{') ? errorOutputPrefix : `${errorOutputPrefix}!{firehose:error-output-type}/`;
}

/**
 * @throws ServiceError `InvalidArgumentException` for what Firehose would refuse, or the simulator does not model
 */
export function validatePrefixes(prefix: string, errorOutputPrefix: string | undefined): void {
  const used = expressionsOf(prefix, 'Prefix');
  for (const { namespace, value } of used) {
    if (namespace === 'firehose' && value === 'error-output-type') {
      throw invalid('\'Prefix\' must not have !{firehose:error-output-type}, which is for \'ErrorOutputPrefix\'');
    }
  }
  if (errorOutputPrefix === undefined) {
    if (used.length > 0) throw invalid('\'ErrorOutputPrefix\' is required where \'Prefix\' has expressions');
    return;
  }
  const ofErrors = expressionsOf(errorOutputPrefix, 'ErrorOutputPrefix');
  const tellsType = ofErrors.some(({ namespace, value }) => namespace === 'firehose' && value === 'error-output-type');
  if (used.length + ofErrors.length > 0 && !tellsType) {
    throw invalid(`'ErrorOutputPrefix' must have !{firehose:error-output-type}, got '${errorOutputPrefix}'`);
  }
}

function expressionsOf(prefix: string, property: string): { readonly namespace: string; readonly value: string }[] {
  const found = [...prefix.matchAll(expression)].map(([, namespace, value]) => ({ namespace, value }));
  if (prefix.replace(expression, '').includes('!{')) {
    throw invalid(`'${property}' must have '!{' only at the beginning of an expression !{namespace:value}, got '${prefix}'`);
  }
  for (const { namespace, value } of found) {
    if (namespace === 'timestamp') formatTimestamp(value, new Date(0));
    else if (namespace.startsWith('partitionKeyFrom')) throw invalid(`'${property}': dynamic partitioning is not modelled, got !{${namespace}:${value}}`);
    else if (namespace !== 'firehose' || !['error-output-type', 'random-string'].includes(value)) {
      throw invalid(`'${property}' must use the namespaces timestamp and firehose, got !{${namespace}:${value}}`);
    }
  }
  return found;
}

function formatTimestamp(pattern: string, at: Date): string {
  return pattern.replace(timestampToken, (token: string, quoted: string | undefined, letter: string | undefined) => {
    if (quoted !== undefined) return quoted === '' ? '\'' : quoted.replaceAll('\'\'', '\'');
    if (letter === undefined) return token;
    if (!Object.hasOwn(fields, letter)) throw invalid(`the letter '${letter}' of !{timestamp:${pattern}} is not modelled, only y, u, M, d, H, m and s`);
    const value = String(fields[letter](at)).padStart(token.length, '0');
    return 'yu'.includes(letter) && token.length === 2 ? value.slice(-2) : value;
  });
}

export function invalid(message: string): ServiceError {
  return new ServiceError('InvalidArgumentException', message);
}
