import { validationError } from './errors';

/** A decimal number of DynamoDB: `coefficient` times ten to the power of `exponent`. */
interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
const limits = { digits: 38, largestMagnitude: 125, smallestMagnitude: -130 };

function parse(text: string): Decimal {
  const [, sign, whole = '', fraction = '', power = '0'] = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text) ?? [];
  if (whole + fraction === '') {
    throw validationError(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  return normalized(BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`), Number(power) - fraction.length);
}

function normalized(coefficient: bigint, exponent: number): Decimal {
  if (coefficient === 0n) return { coefficient, exponent: 0 };
  const digits = String(coefficient);
  const zeros = digits.length - digits.replace(/0+$/, '').length;
  return { coefficient: BigInt(digits.slice(0, digits.length - zeros)), exponent: exponent + zeros };
}

function format({ coefficient, exponent }: Decimal): string {
  const digits = String(coefficient < 0n ? -coefficient : coefficient);
  const magnitude = digits.length - 1 + exponent;
  if (digits.length > limits.digits) throw validationError('Attempting to store more than 38 significant digits in a Number');
  if (coefficient !== 0n && magnitude > limits.largestMagnitude) {
    throw validationError('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (coefficient !== 0n && magnitude < limits.smallestMagnitude) {
    throw validationError('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  const padded = exponent >= 0 ? digits + '0'.repeat(exponent) : digits.padStart(1 - exponent, '0');
  const point = exponent >= 0 ? padded.length : padded.length + exponent;
  const fraction = padded.slice(point);
  return `${coefficient < 0n ? '-' : ''}${padded.slice(0, point)}${fraction === '' ? '' : `.${fraction}`}`;
}

function aligned(one: Decimal, other: Decimal): [bigint, bigint, number] {
  const exponent = Math.min(one.exponent, other.exponent);
  const scaled = (number: Decimal): bigint => number.coefficient * 10n ** BigInt(number.exponent - exponent);
  return [scaled(one), scaled(other), exponent];
}

/**
 * The one form of a number: no zeros that say nothing, no exponent.
 *
 * @throws ServiceError `ValidationException` for what is no number, or has more than 38 digits
 */
export function normalizeNumber(text: string): string {
  return format(parse(text));
}

/** Below, at or above zero, as comparison functions answer. */
export function compareNumbers(one: string, other: string): number {
  const [first, second] = aligned(parse(one), parse(other));
  return first < second ? -1 : first > second ? 1 : 0;
}

export function addNumbers(one: string, other: string, sign: 1 | -1 = 1): string {
  const [first, second, exponent] = aligned(parse(one), parse(other));
  return format(normalized(first + BigInt(sign) * second, exponent));
}
