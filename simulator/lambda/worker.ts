/**
 * An execution environment: runs in a worker thread, loads the bundle of a function once and then runs one invocation at
 * a time. Everything that the handler could tell virtual time by is replaced before the bundle is loaded.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { EnvironmentSettings, FromWorker, InvocationContext, ToWorker } from './protocol';
import { Activity } from './runtime/activity';
import { errorResponse, RuntimeError } from './runtime/errors';
import { Invocation } from './runtime/invocation';
import { installJsonLog } from './runtime/json-log';
import { load } from './runtime/loader';
import { Monitor } from './runtime/monitor';
import { captureOutput } from './runtime/output';
import { installRandom } from './runtime/random';
import { installDate, installVirtualTime } from './runtime/virtual-time';

const settings = workerData as EnvironmentSettings;
const port = parentPort!;
const moment = new Float64Array(settings.time);
const realNow = Date.now;
const now = settings.virtual ? () => moment[0] : () => realNow() + settings.ahead;

const post = (message: FromWorker): void => port.postMessage(message);

captureOutput((line) => post({ type: 'log', line }));
const activity = new Activity(!settings.virtual);
const timers = settings.virtual ? installVirtualTime(now) : undefined;
if (settings.virtual) installRandom(settings.seed);
if (!settings.virtual && settings.ahead !== 0) installDate(now);
let requestId = '';
if (process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON') installJsonLog(() => requestId, (line, printed) => post({ type: 'log', line, printed }));
const monitor = new Monitor(activity, timers);

let invocation: Invocation | undefined;
let initialising = false;

/** The process cannot go on: what it was doing fails, and the host throws the environment away. */
function crash(error: unknown): void {
  monitor.stop();
  post({ type: 'failed', error: errorResponse(error), fatal: true });
}

process.on('uncaughtException', crash);
process.on('unhandledRejection', (reason) => crash(new RuntimeError('UnhandledPromiseRejection', String(reason))));

const loading = load(settings);
loading.catch(() => {}); // reported by the invocation that waits for it

async function invoke(event: string, context: InvocationContext, timeout: number): Promise<void> {
  initialising = true;
  watch();
  let handler;
  try {
    handler = await loading;
  } catch (error) {
    crash(error);
    return;
  } finally {
    initialising = false;
  }
  const deadline = now() + timeout;
  const current = new Invocation({
    returned(payload) {
      monitor.stop();
      post({ type: 'returned', payload });
    },
    failed(error) {
      monitor.stop();
      post({ type: 'failed', error, fatal: false });
    },
  });
  invocation = current;
  timers?.fireDue(); // those of an earlier invocation, which was frozen meanwhile
  current.start(handler, event, context, () => deadline - now());
  if (!current.over) watch();
}

function watch(): void {
  monitor.watch({
    idle: (due) => post({ type: 'idle', due, parked: monitor.parked }),
    empty: () => {
      if (initialising) crash(new RuntimeError('NodeJsExit', 'the module waits for a promise that nothing can settle any more'));
      else invocation?.eventLoopIsEmpty();
    },
    get answered() { return invocation?.answered ?? false; },
  });
}

port.on('message', (message: ToWorker) => {
  if (message.type === 'invoke') {
    requestId = message.context.awsRequestId;
    process.env._X_AMZN_TRACE_ID = message.traceHeader;
    void invoke(message.event, message.context, message.timeout);
    return;
  }
  if (message.type === 'parked') monitor.parked = message.count;
  timers?.fireDue();
  if (initialising || invocation?.over === false) watch();
});
