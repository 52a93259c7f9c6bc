import { request as httpRequest, type Agent, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { VirtualClock } from '../../../simulator/clock';
import type { Caller, Directory, Place, ServiceApi } from '../../../simulator/contracts';
import { Events } from '../../../simulator/events';
import { Random } from '../../../simulator/random';
import { S3Service } from '../../../simulator/s3';
import { SimulatorServer, type ServedServices } from '../../../simulator/server';

export interface Call {
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly caller: Caller;
}

/** A service that keeps what it is asked, and answers what it is told to: a value, or an error that it rejects with. */
export class RecordingApi implements ServiceApi {
  readonly calls: Call[] = [];
  answer: (call: Call) => Record<string, unknown> | Promise<Record<string, unknown>> = () => ({});

  async call(operation: string, input: Record<string, unknown>, caller: Caller): Promise<Record<string, unknown>> {
    const call = { operation, input, caller };
    this.calls.push(call);
    return this.answer(call);
  }

  get last(): Call {
    return this.calls[this.calls.length - 1];
  }
}

export const account = '000000000000';

export function newPlace(): Place {
  return { account, region: 'us-east-1', partition: 'aws', endpoint: '' };
}

export const noDirectory: Directory = {
  queue: () => undefined, function: () => undefined, hasTopic: () => false, publish: () => { throw new Error('no topics here'); },
};

export function newS3(place = newPlace(), clock = new VirtualClock()): S3Service {
  return new S3Service(clock, new Events(), new Random(1), place, noDirectory);
}

export interface Served {
  readonly server: SimulatorServer;
  readonly place: Place;
  readonly port: number;
  readonly endpoint: string;
  readonly sqs: RecordingApi;
  readonly sns: RecordingApi;
  readonly cloudwatch: RecordingApi;
  readonly s3: S3Service;
  readonly errors: unknown[];
  /** Settings of every SDK client. */
  readonly client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string }; maxAttempts: number };
}

/** A server before recording services, each of which a test can replace by a real one. */
export async function serve(replaced: Partial<ServedServices> = {}, place = newPlace()): Promise<Served> {
  const [sqs, sns, cloudwatch] = [new RecordingApi(), new RecordingApi(), new RecordingApi()];
  const s3 = newS3(place);
  const errors: unknown[] = [];
  const callerOf = (accessKeyId: string | undefined): Caller => ({ principal: accessKeyId ?? 'nobody' });
  const server = new SimulatorServer({ sqs, sns, cloudwatch, s3, callerOf, ...replaced }, place, { onError: (error) => errors.push(error) });
  const port = await server.listen();
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'any secret' };
  const client = { endpoint: place.endpoint, region: place.region, credentials, maxAttempts: 1 };
  return { server, place, port, endpoint: place.endpoint, sqs, sns, cloudwatch, s3, errors, client };
}

export interface RawResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** A request as it stands, without what an SDK would mend; without an agent, on a connection of its own. */
export function raw(port: number, { method = 'POST', path = '/', headers = {}, body = '' }: RawRequest, agent: Agent | false = false): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    // Node.js announces no length for the methods that need no body.
    const announced = { 'content-length': String(Buffer.byteLength(body)), ...headers };
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers: announced, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Bytes on a connection that need not be HTTP at all; what comes back until the server ends it, or `quiet` milliseconds pass. */
export function rawBytes(port: number, bytes: string | Buffer, quiet = 100): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => { socket.write(bytes); });
    const end = (): void => { socket.destroy(); resolve(received); };
    socket.setTimeout(quiet, end);
    socket.on('data', (chunk) => { received += chunk.toString('latin1'); });
    socket.on('close', end);
    socket.on('error', end);
  });
}

export const authorization = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=AKIATEST/20260105/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;

export const form = { 'content-type': 'application/x-www-form-urlencoded' };
