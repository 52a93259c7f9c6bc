import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** The headers of an SDK client, which both servers have to read. */
const headers = [
  'Content-Type: application/x-amz-json-1.0', 'X-Amzn-Query-Mode: true', 'User-Agent: aws-sdk-js/3.1000.0 ua/2.1 os/linux lang/js md/nodejs#20.20.0',
  'Amz-Sdk-Invocation-Id: 3f2f8f2e-9f0c-4b0c-8a53-2b8c5a3c9d11', 'Amz-Sdk-Request: attempt=1; max=3', 'X-Amz-Date: 20260105T090000Z',
  `X-Amz-Content-Sha256: ${'0'.repeat(64)}`,
  'Authorization: AWS4-HMAC-SHA256 Credential=AKIATEST/20260105/us-east-1/sqs/aws4_request, SignedHeaders=content-length;content-type;host;'
    + `x-amz-content-sha256;x-amz-date;x-amz-target, Signature=${'0'.repeat(64)}`,
  'Connection: keep-alive',
].join('\r\n');
const endOfHead = Buffer.from('\r\n\r\n');

/** A request as SDK clients send it, ready to be written. */
export function request(port: number, operation: string, input: object): string {
  const body = JSON.stringify(input);
  return `POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Amz-Target: AmazonSQS.${operation}\r\n${headers}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

interface Waiting {
  resolve(body: string): void;
  reject(error: Error): void;
}

/**
 * A connection that computes next to nothing: it writes what stands ready, all requests of one moment together, and looks
 * for the ends of the answers, which HTTP/1.1 has come in the order of the requests.
 */
export class LeanConnection {
  private received: Buffer = Buffer.alloc(0);
  private ready = '';
  private readonly waiting: Waiting[] = [];

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true).on('data', (chunk) => this.onData(chunk)).on('error', (error) => this.waiting.shift()?.reject(error));
  }

  static async to(port: number): Promise<LeanConnection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new LeanConnection(socket);
  }

  /** @returns the body of the answer. @throws when the server refuses it */
  ask(request: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      if (this.ready === '') process.nextTick(this.flush);
      this.ready += request;
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private readonly flush = (): void => {
    this.socket.write(this.ready, 'latin1');
    this.ready = '';
  };

  private onData(chunk: Buffer): void {
    const received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    let start = 0;
    for (;;) {
      const end = received.indexOf(endOfHead, start);
      if (end < 0) break;
      const head = received.toString('latin1', start, end);
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
      const after = end + endOfHead.length + length;
      if (received.length < after) break;
      const body = received.toString('latin1', end + endOfHead.length, after);
      const asked = this.waiting.shift()!;
      if (head.startsWith('HTTP/1.1 200 ')) asked.resolve(body);
      else asked.reject(new Error(`the server must answer with status 200, got ${head} ${body}`));
      start = after;
    }
    this.received = received.subarray(start);
  }
}
