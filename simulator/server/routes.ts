import type { IncomingMessage, ServerResponse } from 'node:http';

/** Where the simulator's own pages and controls live; everything else belongs to AWS. No bucket can have this name. */
export const ownPrefix = '/_simulator';

/** Answers a request; `path` is what follows the prefix, without the query string. What it throws or rejects with becomes a 500. */
export type RouteHandler = (request: IncomingMessage, response: ServerResponse, path: string) => void | Promise<void>;

/** Handlers by prefix, the longest that fits first. */
export class Routes {
  private readonly handlers = new Map<string, RouteHandler>();

  /** @param prefix `/_simulator/` and a name, such as `/_simulator/console`: it serves that path and all below it */
  add(prefix: string, handler: RouteHandler): void {
    if (!/^\/_simulator(\/[a-zA-Z0-9._-]+)*$/.test(prefix)) {
      throw new Error(`'prefix' must begin with ${ownPrefix} and not end with a slash, got '${prefix}'`);
    }
    if (this.handlers.has(prefix)) throw new Error(`'prefix' must be new, got '${prefix}' a second time`);
    this.handlers.set(prefix, handler);
  }

  find(path: string): { readonly handler: RouteHandler; readonly rest: string } | undefined {
    for (let prefix = path; prefix.length >= ownPrefix.length; prefix = prefix.slice(0, prefix.lastIndexOf('/'))) {
      const handler = this.handlers.get(prefix);
      if (handler !== undefined) return { handler, rest: path.slice(prefix.length) };
    }
    return undefined;
  }
}
