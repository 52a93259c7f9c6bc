import { ServiceError, type MessageAttribute, type MessageToSend } from '../contracts';
import { invalidParameter, missingParameter, outOfRange } from './errors';

const maximumAttributes = 10;
/** Faster without the `u` flag and by what is not in it; only text with surrogates, in pairs or alone, needs the second look. */
const suspicious = /[\0-\x08\x0B\x0C\x0E-\x1F\uD800-\uDFFF\uFFFE\uFFFF]/;
const invalidCharacter = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const attributeName = /^(?!.*\.\.)(?!\.)(?!.*\.$)[\w.-]{1,256}$/;
const reservedName = /^(aws|amazon)\./i;
const attributeType = /^(String|Number|Binary)(\.[^]+)?$/;
const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;
/** 1 to 128 alphanumeric or punctuation characters. */
const fifoIdentifier = /^[!-~]{1,128}$/;
/** Seconds. */
const delayRange = [0, 900] as const;

/** The bytes that count against the size limits: body, and name, type and value of each attribute. Throws what AWS would refuse. */
export function messageBytes(message: MessageToSend): number {
  const { body, attributes } = message;
  if (body === undefined || body === '') throw missingParameter('MessageBody');
  checkCharacters(body);
  let bytes = Buffer.byteLength(body);
  if (attributes !== undefined) {
    const names = Object.keys(attributes);
    if (names.length > maximumAttributes) {
      throw invalidParameter(`A message must have at most ${maximumAttributes} message attributes, got ${names.length}`);
    }
    for (const name of names) bytes += attributeBytes(name, attributes[name]);
  }
  return bytes;
}

export function checkSize(bytes: number, maximum: number): void {
  if (bytes > maximum) {
    throw invalidParameter(`One or more parameters are invalid. Reason: Message must be at most ${maximum} bytes, got ${bytes}.`);
  }
}

export function checkDelay(delaySeconds: number | undefined, fifo: boolean): void {
  if (delaySeconds === undefined) return;
  if (!Number.isInteger(delaySeconds) || delaySeconds < delayRange[0] || delaySeconds > delayRange[1]) {
    throw invalidParameter(outOfRange('DelaySeconds', delayRange, 'seconds', delaySeconds));
  }
  // A delay of its own would let a message overtake the others of its group. AWS accepts 0.
  if (fifo && delaySeconds > 0) {
    throw invalidParameter(`Value ${delaySeconds} for parameter DelaySeconds is invalid. `
      + 'Reason: The request include parameter that is not valid for this queue type.');
  }
}

export function checkFifoIdentifier(name: 'MessageGroupId' | 'MessageDeduplicationId' | 'ReceiveRequestAttemptId', value: string): void {
  if (!fifoIdentifier.test(value)) {
    throw invalidParameter(`'${name}' must be 1 to 128 alphanumeric or punctuation characters, got '${value}'`);
  }
}

function checkCharacters(text: string): void {
  if (suspicious.test(text) && invalidCharacter.test(text)) {
    throw new ServiceError('InvalidMessageContents', 'The message contains characters outside the allowed set: '
      + '#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.');
  }
}

function attributeBytes(name: string, attribute: MessageAttribute): number {
  if (!attributeName.test(name) || reservedName.test(name)) {
    throw invalidParameter(`The message attribute name '${name}' must be 1 to 256 letters, digits, '_', '-' and '.', `
      + "without a '.' at either end or twice in a row, and must not start with 'AWS.' or 'Amazon.'");
  }
  const { dataType, stringValue, binaryValue } = attribute;
  const kind = attributeType.exec(dataType ?? '')?.[1];
  if (kind === undefined || dataType.length > 256) {
    throw invalidParameter(`The type of message attribute '${name}' must start with String, Number or Binary, got '${dataType}'`);
  }
  const hasValue = kind === 'Binary' ? binaryValue !== undefined && binaryValue.length > 0 : stringValue !== undefined && stringValue !== '';
  const hasOther = kind === 'Binary' ? stringValue !== undefined : binaryValue !== undefined;
  if (!hasValue || hasOther) {
    throw invalidParameter(`The message attribute '${name}' of type '${dataType}' must have a non-empty `
      + `${kind === 'Binary' ? 'binary' : 'string'} value and no other`);
  }
  if (stringValue !== undefined) checkCharacters(stringValue);
  if (kind === 'Number' && !number.test(stringValue!)) {
    throw invalidParameter(`The message attribute '${name}' must be a number, got '${stringValue}'`);
  }
  return Buffer.byteLength(name) + Buffer.byteLength(dataType)
    + (kind === 'Binary' ? binaryValue!.length : Buffer.byteLength(stringValue!));
}
