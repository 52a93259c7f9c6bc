import { STATUS_CODES, type IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { TextReply } from './protocol';
import { parseHead } from './quick-head';

/** A whole POST request of HTTP/1.1, with those of its headers that AWS JSON reads. */
export interface QuickRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Answers a request, at once where it can, or returns undefined for one that is not for it. */
export type QuickAnswer = (request: QuickRequest) => TextReply | Promise<TextReply> | undefined;

/** Bytes of a request, head and body, that are waited for here; a longer one is read as a stream. */
const LONGEST = 64 * 1024;
/** What Node.js allows all headers together. */
const LONGEST_HEAD = 16 * 1024;
const endOfHead = Buffer.from('\r\n\r\n');
const nothing = Buffer.alloc(0);

/**
 * Reads the plain requests of a connection, which are almost all that SDK clients send to a queue, without what an HTTP
 * server for everything does for each. Requests that came together are answered in one write. The first request that is
 * anything else takes the connection to that server, for good.
 */
export class QuickConnection {
  private received: Buffer = nothing;
  /** While an answer takes time, or the client has to read those that it has, no further request is looked at. */
  private waiting = false;
  private ended = false;
  /** Answers that are not written yet. */
  private answers = '';
  private beyondAscii = false;

  /** @param idle milliseconds after which a connection without a request ends */
  constructor(
    private readonly socket: Socket, private readonly answer: QuickAnswer,
    private readonly handOver: (socket: Socket) => void, idle: number,
  ) {
    socket.on('data', this.onData).on('end', this.onEnd).on('error', this.onError).on('timeout', this.onTimeout).setTimeout(idle);
  }

  private readonly onData = (chunk: Buffer): void => {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    if (this.waiting) {
      // what a client sends ahead waits for its turn, and the client for room
      if (this.received.length > LONGEST) this.socket.pause();
    } else {
      this.answerAll();
    }
  };

  private readonly onEnd = (): void => {
    this.ended = true;
    if (!this.waiting) this.socket.end();
  };

  /** The connection is gone, and nobody is there to be answered. */
  private readonly onError = (): void => { this.socket.destroy(); };

  private readonly onTimeout = (): void => { if (!this.waiting) this.socket.destroy(); };

  /** Answers what has been received, up to a request that is not whole or that takes time. */
  private answerAll(): void {
    while (this.received.length > 0) {
      const parsed = parse(this.received);
      if (parsed === 'incomplete') break;
      const answered = parsed === 'other' ? undefined : this.answer(parsed.request);
      if (answered === undefined) {
        this.flush();
        this.leave();
        return;
      }
      this.received = (parsed as Parsed).rest;
      if (answered instanceof Promise) {
        this.flush();
        this.waitFor(answered);
        return;
      }
      this.add(answered);
    }
    if (this.flush()) return;
    this.waiting = true;
    this.socket.once('drain', this.goOn);
  }

  private waitFor(answered: Promise<TextReply>): void {
    this.waiting = true;
    void answered.then((reply) => {
      if (this.socket.destroyed) return;
      this.add(reply);
      this.goOn();
    });
  }

  private readonly goOn = (): void => {
    this.waiting = false;
    this.answerAll();
    if (this.waiting) return;
    if (this.ended) this.socket.end();
    else this.socket.resume();
  };

  private add({ status, headers, body }: TextReply): void {
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
    const length = Buffer.byteLength(body);
    if (length !== body.length) this.beyondAscii = true;
    this.answers += `${head}Content-Length: ${length}\r\nDate: ${httpDate()}\r\nConnection: keep-alive\r\n\r\n${body}`;
  }

  /** Whether the client reads as fast as it is answered. */
  private flush(): boolean {
    if (this.answers === '') return true;
    const keepsUp = this.socket.write(this.answers, this.beyondAscii ? 'utf8' : 'latin1');
    this.answers = '';
    this.beyondAscii = false;
    return keepsUp;
  }

  private leave(): void {
    const { socket } = this;
    // nothing can be handed over any more
    if (this.ended) {
      socket.end();
      return;
    }
    socket.off('data', this.onData).off('end', this.onEnd).off('error', this.onError).off('timeout', this.onTimeout).setTimeout(0);
    socket.pause();
    socket.unshift(this.received);
    this.handOver(socket);
    socket.resume();
  }
}

interface Parsed {
  readonly request: QuickRequest;
  readonly rest: Buffer;
}

function parse(received: Buffer): Parsed | 'incomplete' | 'other' {
  const end = received.indexOf(endOfHead);
  if (end < 0) return received.length > LONGEST_HEAD || !maybePost(received) ? 'other' : 'incomplete';
  if (end > LONGEST_HEAD) return 'other';
  const head = parseHead(received.toString('latin1', 0, end));
  if (head === undefined) return 'other';
  const { url, headers, length } = head;
  const start = end + endOfHead.length;
  const after = start + length;
  if (after > LONGEST) return 'other';
  if (after > received.length) return 'incomplete';
  const rest = after === received.length ? nothing : received.subarray(after);
  return { request: { url, headers, body: received.subarray(start, after) }, rest };
}

function maybePost(received: Buffer): boolean {
  return 'POST /'.startsWith(received.toString('latin1', 0, 'POST /'.length));
}

let dated = { second: 0, text: '' };

/** The present moment as HTTP writes it, which is the same for a second. */
function httpDate(): string {
  const second = Math.floor(Date.now() / 1000);
  if (second !== dated.second) dated = { second, text: new Date(second * 1000).toUTCString() };
  return dated.text;
}
