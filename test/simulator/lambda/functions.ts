import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, VirtualClock } from '../../../simulator/clock';
import type { InvocationResult, Place } from '../../../simulator/contracts';
import { Events, type LambdaEvent } from '../../../simulator/events';
import { type FunctionProperties, type LambdaFunction, type LambdaOptions, LambdaService } from '../../../simulator/lambda';
import { Random } from '../../../simulator/random';

export const caller = { principal: '111122223333' };

const opened: LambdaService[] = [];
const folders: string[] = [];

/** A Lambda service with what a test looks at; closed after the file's tests. */
export function serviceOn<C extends Clock>(clock: C, options: LambdaOptions = {}) {
  const place: Place = { account: '111122223333', region: 'eu-central-1', partition: 'aws', endpoint: 'http://127.0.0.1:4566' };
  const events = new Events();
  const seen: LambdaEvent[] = [];
  events.on('lambda', (event) => seen.push(event));
  const service = new LambdaService(clock, events, new Random(7), place, options);
  opened.push(service);
  return { clock, service, events: seen, place };
}

export function virtualService(options: LambdaOptions = {}) {
  return serviceOn(new VirtualClock(Date.UTC(2026, 0, 5, 9)), options);
}

/** A folder with the files of a bundle. */
export function bundleOf(files: Record<string, string>): { folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'handler-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return { folder };
}

/** A function whose bundle is one CommonJS file. */
export function functionOf(service: LambdaService, source: string, properties: Partial<FunctionProperties> = {}): LambdaFunction {
  return service.createFunction({ name: 'tested', code: bundleOf({ 'index.js': source }), handler: 'index.handler', ...properties });
}

/** Invokes, and lets virtual time pass until the invocation has ended. */
export async function invokeOn(
  clock: VirtualClock, fn: LambdaFunction, event: unknown = {}, time = 1_000_000,
): Promise<InvocationResult> {
  const [result] = await Promise.all([fn.invoke(event, caller), clock.advance(time)]);
  return result;
}

export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((service) => service.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Jest's matchers are of any type; in an expectation they stand for a value. */
export const containing = (text: string): unknown => expect.stringContaining(text);
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

/** What a call throws. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
