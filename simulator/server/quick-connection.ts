import { STATUS_CODES, type IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Reply } from './protocol';

/** A whole POST request of HTTP/1.1. */
export interface QuickRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Answers a request, or returns undefined for one that is not for it. */
export type QuickAnswer = (request: QuickRequest) => Promise<Reply> | undefined;

/** Bytes of a request, head and body, that are waited for here; a longer one is read as a stream. */
const LONGEST = 64 * 1024;
/** What Node.js allows all headers together. */
const LONGEST_HEAD = 16 * 1024;
const endOfHead = Buffer.from('\r\n\r\n');

/** Only what cannot be misunderstood: no control character, no folded line, nothing beyond ASCII. */
const requestHead = /^POST (\/[\x21-\x7e]*) HTTP\/1\.1((?:\r\n[\w!#$%&'*+.^`|~-]+:[\x20-\x7e]*)+)$/;
/** Headers by which a body is framed otherwise than by its length, or by which the client asks for more than an answer. */
const special = ['transfer-encoding', 'expect', 'upgrade', 'trailer', 'content-range'];

interface Parsed {
  readonly request: QuickRequest;
  readonly rest: Buffer;
}

/**
 * Reads the plain requests of a connection, which are almost all that SDK clients send to a queue, without what an HTTP
 * server for everything does for each. The first request that is anything else takes the connection to that server, for good.
 */
export class QuickConnection {
  private received: Buffer = Buffer.alloc(0);
  private answering = false;
  private ended = false;

  /** @param idle milliseconds after which a connection without a request ends */
  constructor(
    private readonly socket: Socket, private readonly answer: QuickAnswer,
    private readonly handOver: (socket: Socket) => void, idle: number,
  ) {
    socket.on('data', this.onData).on('end', this.onEnd).on('error', this.onError).on('timeout', this.onTimeout).setTimeout(idle);
  }

  private readonly onData = (chunk: Buffer): void => {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    if (this.answering) {
      // what a client sends ahead waits for its turn, and the client for room
      if (this.received.length > LONGEST) this.socket.pause();
    } else {
      this.next();
    }
  };

  private readonly onEnd = (): void => {
    this.ended = true;
    if (!this.answering) this.socket.end();
  };

  /** The connection is gone, and nobody is there to be answered. */
  private readonly onError = (): void => { this.socket.destroy(); };

  private readonly onTimeout = (): void => { if (!this.answering) this.socket.destroy(); };

  private next(): void {
    const parsed = parse(this.received);
    if (parsed === 'incomplete') return;
    const answered = parsed === 'other' ? undefined : this.answer(parsed.request);
    if (answered === undefined) {
      this.leave();
      return;
    }
    this.answering = true;
    this.received = (parsed as Parsed).rest;
    void answered.then((reply) => {
      this.answering = false;
      if (this.socket.destroyed) return;
      this.write(reply);
      if (this.ended) {
        this.socket.end();
        return;
      }
      this.socket.resume();
      if (this.received.length > 0) this.next();
    });
  }

  private write({ status, headers, body }: Reply): void {
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
    head += `Content-Length: ${Buffer.byteLength(body)}\r\nDate: ${new Date().toUTCString()}\r\nConnection: keep-alive\r\n\r\n`;
    if (typeof body === 'string') this.socket.write(head + body);
    else this.socket.write(Buffer.concat([Buffer.from(head), body]));
  }

  private leave(): void {
    const { socket } = this;
    socket.off('data', this.onData).off('end', this.onEnd).off('error', this.onError).off('timeout', this.onTimeout).setTimeout(0);
    socket.pause();
    socket.unshift(this.received);
    this.handOver(socket);
    socket.resume();
  }
}

function parse(received: Buffer): Parsed | 'incomplete' | 'other' {
  const end = received.indexOf(endOfHead);
  if (end < 0) return received.length > LONGEST_HEAD || !maybePost(received) ? 'other' : 'incomplete';
  if (end > LONGEST_HEAD) return 'other';
  const match = requestHead.exec(received.toString('latin1', 0, end));
  if (match === null) return 'other';
  const headers = headersOf(match[2]);
  const announced = headers?.['content-length'];
  if (headers === undefined || announced === undefined || !/^\d{1,6}$/.test(announced)) return 'other';
  const start = end + endOfHead.length;
  const after = start + Number(announced);
  if (after > LONGEST) return 'other';
  if (after > received.length) return 'incomplete';
  return { request: { url: match[1], headers, body: received.subarray(start, after) }, rest: received.subarray(after) };
}

function maybePost(received: Buffer): boolean {
  return 'POST /'.startsWith(received.toString('latin1', 0, 'POST /'.length));
}

/** Undefined for headers that one would have to interpret. */
function headersOf(lines: string): IncomingHttpHeaders | undefined {
  const headers: IncomingHttpHeaders = {};
  for (let start = 2; start < lines.length;) {
    const found = lines.indexOf('\r\n', start);
    const end = found < 0 ? lines.length : found;
    const colon = lines.indexOf(':', start);
    const name = lines.slice(start, colon).toLowerCase();
    // given twice, or a name that every object has
    if (name in headers) return undefined;
    headers[name] = lines.slice(colon + 1, end).trim();
    start = end + 2;
  }
  if (special.some((name) => name in headers)) return undefined;
  return headers.connection === undefined || headers.connection.toLowerCase() === 'keep-alive' ? headers : undefined;
}
