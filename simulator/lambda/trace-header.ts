import { createHash } from 'node:crypto';

/** Of the requests of a second, the first is sampled, and so is this share of the others: X-Ray's default sampling rule. */
const SAMPLED_SHARE = 0.05;

/**
 * Makes the X-Ray trace headers of one function's invocations. Each begins a trace: X-Ray links the traces of the messages that it
 * handles, and does not go on with one of them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-tracelinking.html
 */
export class TraceHeaders {
  private lastSecond = 0;

  /** @param at milliseconds since the epoch */
  of(requestId: string, at: number, active: boolean): string {
    const digest = createHash('sha256').update(requestId).digest('hex');
    const second = Math.floor(at / 1000);
    const sampled = active && (second > this.lastSecond || Number.parseInt(digest.slice(40, 48), 16) / 2 ** 32 < SAMPLED_SHARE);
    if (active) this.lastSecond = second;
    return `Root=1-${second.toString(16).padStart(8, '0')}-${digest.slice(0, 24)};Parent=${digest.slice(24, 40)};Sampled=${sampled ? 1 : 0}`;
  }
}
