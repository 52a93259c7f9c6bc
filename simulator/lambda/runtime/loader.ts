import { existsSync, readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EnvironmentSettings } from '../protocol';
import { RuntimeError } from './errors';

export type HandlerFunction = (event: unknown, context: object, callback: (error?: unknown, result?: unknown) => void) => unknown;

/** Loads the function that `handler` names. Rejects with what AWS's runtime reports when it cannot. */
export async function load({ code, handler }: EnvironmentSettings): Promise<HandlerFunction> {
  const name = basename(handler);
  const dot = name.indexOf('.');
  if (dot < 0 || handler.includes('..')) {
    throw new RuntimeError('MalformedHandlerName', `'${handler}' must be a file and an export with a dot between them, 'index.handler' for example`);
  }
  refuseStreaming(handler);
  const file = join(dirname(handler), name.slice(0, dot));
  let found: unknown = await loadModule(code, file);
  for (const key of name.slice(dot + 1).split('.')) found = (found as Record<string, unknown> | undefined)?.[key];

  if (typeof found === 'function') return withoutCallback(found as HandlerFunction, handler);
  throw new RuntimeError('HandlerNotFound', found === undefined
    ? `${handler} is undefined or not exported` : `${handler} is not a function`);
}

/** The first Node.js runtime of Lambda in which a handler has no callback: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html */
const FIRST_WITHOUT_CALLBACK = 24;

function withoutCallback(found: HandlerFunction, handler: string): HandlerFunction {
  const [, version] = /nodejs(\d+)\.x$/.exec(process.env.AWS_EXECUTION_ENV ?? '') ?? [];
  if (found.length < 3 || Number(version ?? 0) < FIRST_WITHOUT_CALLBACK) return found;
  throw new RuntimeError('CallbackHandlerDeprecated',
    `${handler} has a callback parameter, which Lambda passes in Node.js 22 and earlier runtimes only, and its runtime is nodejs${version}.x: make it async`);
}

/** Lambda's runtime has this global; without it the bundle would fail with an error that explains nothing. */
function refuseStreaming(handler: string): void {
  const refuse = (): never => {
    throw Object.assign(new Error(`response streaming is not modelled by the simulator, and ${handler} uses it: `
      + 'assign \'handler\' of the function to run one in this process'), { name: 'Simulator.CannotRun' });
  };
  Object.assign(globalThis, { awslambda: { streamifyResponse: refuse, HttpResponseStream: { from: refuse } } });
}

async function loadModule(code: EnvironmentSettings['code'], file: string): Promise<unknown> {
  try {
    if ('inline' in code) return compile(code.inline, '/var/task/index.js', file);
    return await loadFile(code.folder, resolve(code.folder, file));
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('UserCodeSyntaxError', String(error));
    const missing = ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes((error as { code?: string } | undefined)?.code ?? '');
    throw missing ? new RuntimeError('ImportModuleError', String(error)) : error;
  }
}

async function loadFile(folder: string, path: string): Promise<unknown> {
  const isModule = hasModuleType(folder, dirname(path));
  if (existsSync(`${path}.js`)) {
    if (isModule) return import(pathToFileURL(`${path}.js`).href);
    // On AWS nothing lies above the asset; here a project may, and declare that its own .js files are ES modules.
    if (hasModuleType('/', dirname(folder))) return compile(readFileSync(`${path}.js`, 'utf8'), `${path}.js`);
    return createRequire(`${path}.js`)(`${path}.js`);
  }
  if (existsSync(`${path}.mjs`)) return import(pathToFileURL(`${path}.mjs`).href);
  if (existsSync(`${path}.cjs`)) return createRequire(`${path}.cjs`)(`${path}.cjs`);
  throw new RuntimeError('ImportModuleError', `Cannot find module '${basename(path)}': there is no ${path}.js, .mjs or .cjs`);
}

/** Whether the nearest package.json, from `from` up to `folder`, says that .js files are ES modules. */
function hasModuleType(folder: string, from: string): boolean {
  for (let at = from; ; at = dirname(at)) {
    const path = join(at, 'package.json');
    if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { type?: string }).type === 'module';
    if (at === folder || at === dirname(at)) return false;
  }
}

interface CompilableModule extends Module {
  _compile(source: string, filename: string): void;
}

function compile(source: string, filename: string, requested = 'index'): unknown {
  if (requested !== 'index') throw new RuntimeError('ImportModuleError', `Cannot find module '${requested}': inline code is the file 'index'`);
  const module = new Module(filename) as CompilableModule;
  module.filename = filename;
  module.paths = [join(dirname(filename), 'node_modules')];
  module._compile(source, filename);
  return module.exports;
}
