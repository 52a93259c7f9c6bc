import { existsSync, readFileSync, statSync } from 'node:fs';
import { UsageError } from '../usage-error';

/** One line of the input, as it is published. */
export interface OrderLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** What the line's `eventType` says, where it says one: the message attribute that filter policies look at. */
  readonly eventType?: string;
  /** What is wrong with the line, which is published all the same, because that happens in the real world too. */
  readonly defect?: string;
}

/** Reads an NDJSON file: one order a line, blank lines left out. */
export function readOrders(file: string): OrderLine[] {
  if (!existsSync(file) || !statSync(file).isFile()) throw new UsageError(`'--input' must be a file that exists, got '${file}'`);
  const orders = splitLines(readFileSync(file)).map((bytes, index) => readLine(bytes, index + 1)).filter(({ text }) => text.trim() !== '');
  if (orders.length === 0) throw new UsageError(`'--input' must hold at least one order, '${file}' is empty`);
  return orders;
}

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    lines.push(bytes.subarray(start, bytes[end - 1] === 0x0d && end > start ? end - 1 : end));
    start = end + 1;
  }
  return lines;
}

function readLine(bytes: Buffer, number: number): OrderLine {
  const text = new TextDecoder().decode(bytes);
  if (text.includes('\ufffd') && !bytes.includes('\ufffd')) {
    return { number, text, defect: 'is not UTF-8, what cannot be read became U+FFFD' };
  }
  try {
    const order: unknown = JSON.parse(text);
    const eventType = typeof order === 'object' && order !== null ? (order as { eventType?: unknown }).eventType : undefined;
    return typeof eventType === 'string' && eventType !== '' ? { number, text, eventType } : { number, text };
  } catch {
    return { number, text, defect: 'is not JSON' };
  }
}
