import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ServiceError, type Place } from '../contracts';
import { ClientGone, readBody } from './body';
import { refusal } from './browser-guard';
import { credentialOf, type Credential } from './credentials';
import type { ServedServices } from './dispatch';
import { ServedEnvironments } from './environments';
import { asServiceError } from './errors';
import type { Head, Protocol, Reply, TextReply } from './protocol';
import { QuickConnection, type QuickRequest } from './quick-connection';
import { RequestIds } from './request-ids';
import { ownPrefix, type RouteHandler, Routes } from './routes';

export interface SimulatorServerOptions {
  /**
   * Told about every error that is the simulator's own; the client is answered with status 500.
   * @default - the error is printed to the standard error stream
   */
  readonly onError?: (error: unknown) => void;
}

export interface ListenOptions {
  /**
   * Whether the process stays alive as long as the server listens.
   * @default false
   */
  readonly keepAlive?: boolean;
}

/** Milliseconds that a connection without a request stays open: longer than any client keeps it, so that none is met closing. */
const IDLE_CONNECTION = 120_000;

/** Milliseconds that a client has to finish a body which was refused, before its connection ends. */
const REFUSED_BODY = 5_000;

/**
 * Serves the simulation to AWS SDK clients, the AWS CLI and browsers on this machine, by AWS's own protocols: SQS as AWS
 * JSON 1.0 and query, SNS as query, CloudWatch as both, S3 as REST with the bucket in the path, Lambda's Invoke, and STS's
 * GetCallerIdentity. Credentials are read but not verified.
 */
export class SimulatorServer {
  private readonly environments: ServedEnvironments;
  private readonly routes = new Routes();
  private readonly requestIds = new RequestIds();
  private readonly server: Server;
  private readonly onError: (error: unknown) => void;
  private readonly sockets = new Set<Socket>();
  private keepsAlive = false;

  constructor(services: ServedServices, place: Place, options: SimulatorServerOptions = {}) {
    this.environments = new ServedEnvironments(services, place);
    this.onError = options.onError ?? ((error) => { console.error(error); });
    // The default of 16 KiB for all headers together is what S3 metadata of 2 KB and long tokens fit into.
    this.server = createServer({ keepAliveTimeout: IDLE_CONNECTION, noDelay: true }, (request, response) => {
      void this.answer(request, response);
    });
    const [serveByNode] = this.server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
    this.server.removeListener('connection', serveByNode);
    this.server.on('connection', (socket: Socket) => {
      if (!this.keepsAlive) socket.unref();
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      new QuickConnection(socket, (quick) => this.answerQuick(quick), (left) => serveByNode.call(this.server, left), IDLE_CONNECTION);
    });
    this.route(`${ownPrefix}/health`, (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"status":"ok"}');
    });
  }

  /**
   * Listens on 127.0.0.1 and makes that the simulation's endpoint.
   *
   * @param port 0 to 65535; 0 for any that is free
   * @returns the port
   * @throws when the port is taken or may not be used
   */
  listen(port = 0, { keepAlive = false }: ListenOptions = {}): Promise<number> {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      return Promise.reject(new Error(`'port' must be a whole number from 0 to 65535, got ${port}`));
    }
    this.keepsAlive = keepAlive;
    return new Promise((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException): void => { reject(explain(error, port)); };
      this.server.once('error', failed);
      this.server.listen(port, '127.0.0.1', () => {
        this.server.off('error', failed);
        if (!keepAlive) this.server.unref();
        const { port: bound } = this.server.address() as AddressInfo;
        this.environments.listenAt(`http://127.0.0.1:${bound}`);
        resolve(bound);
      });
    });
  }

  /** Ends every connection, also those with a request in flight. Closing twice, or before listening, does nothing. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => { resolve(); });
      for (const socket of this.sockets) socket.destroy();
    });
  }

  /** Serves another account or region, too. */
  add(services: ServedServices, place: Place): void {
    this.environments.add(services, place);
  }

  /**
   * Adds a page or a control of the simulator's own.
   *
   * @param prefix `/_simulator/` and a name; the handler serves it and all paths below it
   */
  route(prefix: string, handler: RouteHandler): void {
    this.routes.add(prefix, handler);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { method = 'GET', url = '/', headers } = request;
      const question = url.indexOf('?');
      const path = question < 0 ? url : url.slice(0, question);
      const refused = refusal(headers, method, path);
      if (refused !== undefined) {
        response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${refused}\n`);
      } else if (path === ownPrefix || path.startsWith(`${ownPrefix}/`)) {
        await this.answerOwn(request, response, path);
      } else {
        await this.answerAws(request, response, method, path, question < 0 ? '' : url.slice(question + 1));
      }
    } catch (error) {
      this.report(error);
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain' });
      response.end();
    }
  }

  private async answerOwn(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const found = this.routes.find(path);
    if (found === undefined) {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`The simulator has nothing at ${path}\n`);
      return;
    }
    await found.handler(request, response, found.rest);
  }

  private async answerAws(
    request: IncomingMessage, response: ServerResponse, method: string, path: string, query: string,
  ): Promise<void> {
    const { head, protocol } = this.understand(method, path, query, request.headers);
    try {
      const body = await readBody(request, protocol.bodyLimit);
      send(request, response, await protocol.handle(head, body));
    } catch (error) {
      if (error instanceof ClientGone) return;
      send(request, response, protocol.refuse(head, this.toServiceError(error)));
      cutOff(request);
    }
  }

  /** AWS JSON, which is all that SDK clients speak to queues. */
  private answerQuick({ url, headers, body }: QuickRequest): TextReply | Promise<TextReply> | undefined {
    const target = headers['x-amz-target'];
    if (typeof target !== 'string' || url.includes('?') || url.startsWith(ownPrefix)) return undefined;
    if (refusal(headers, 'POST', url) !== undefined) return undefined;
    // what is read at once is shorter than the limit of any protocol
    const credential = credentialOf(headers.authorization, '');
    const protocol = this.environments.dispatchFor(credential).jsonFor(target);
    const head = this.headOf('POST', url, '', headers, credential);
    const refused = (error: unknown): TextReply => protocol.refuse(head, this.toServiceError(error));
    try {
      const answered = protocol.handle(head, body);
      return answered instanceof Promise ? answered.catch(refused) : answered;
    } catch (error) {
      return refused(error);
    }
  }

  private understand(method: string, path: string, query: string, headers: IncomingHttpHeaders): { head: Head; protocol: Protocol } {
    const credential = credentialOf(headers.authorization, query);
    const head = this.headOf(method, path, query, headers, credential);
    const objectPath = credential.service === undefined || credential.service === 's3' ? path : undefined;
    return { head, protocol: this.environments.dispatchFor(credential, objectPath).protocolFor(head, credential) };
  }

  private headOf(method: string, path: string, query: string, headers: IncomingHttpHeaders, { accessKeyId }: Credential): Head {
    return { method, path, query, headers, requestId: this.requestIds.next(), accessKeyId };
  }

  private toServiceError(error: unknown): ServiceError {
    if (!(error instanceof ServiceError)) this.report(error);
    return asServiceError(error);
  }

  private report(error: unknown): void {
    try {
      this.onError(error);
    } catch (second) {
      console.error(error, second);
    }
  }
}

/** Node.js discards the rest of a body that was refused; a client that never ends it is cut off. */
function cutOff(request: IncomingMessage): void {
  if (request.complete) return;
  const cut = setTimeout(() => { if (!request.complete) request.socket.destroy(); }, REFUSED_BODY);
  cut.unref();
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Reply): void {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  // A HEAD request's answer says how long the body would be, which only its protocol knows.
  const own = headers['Content-Length'] === undefined && status !== 204 && status !== 304;
  response.writeHead(status, own ? { ...headers, 'Content-Length': String(length) } : headers);
  if (request.method === 'HEAD' || length === 0) response.end();
  else response.end(body);
}

function explain(error: NodeJS.ErrnoException, port: number): Error {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on 127.0.0.1 is taken by another program: choose another one, or 0 for any that is free`,
    EACCES: `Port ${port} may not be used by this user: choose one from 1024 to 65535, or 0 for any that is free`,
  };
  const reason = reasons[error.code ?? ''] ?? `The simulator cannot listen on 127.0.0.1:${port}: ${error.message}`;
  return new Error(reason, { cause: error });
}
