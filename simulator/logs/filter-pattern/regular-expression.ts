import { invalidPattern } from './tokens';

/** What may stand between the percent signs: no parentheses, nothing but ASCII. */
const ALLOWED = /^[A-Za-z0-9:_#=@/;,\-^$?[\]{}|\\*+.\s]+$/;

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html */
export function regularExpression(text: string, pattern: string): RegExp {
  if (!ALLOWED.test(text)) return invalidPattern(`the regular expression %${text}% has characters that are not supported`, pattern);
  try {
    return new RegExp(text);
  } catch (error) {
    return invalidPattern(`the regular expression %${text}% cannot be read: ${(error as Error).message}`, pattern);
  }
}
