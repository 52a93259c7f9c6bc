import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { Random } from '../../random';

/**
 * Makes `Math.random` and `randomUUID` repeatable: retries of the AWS SDK wait for random times, which would make the
 * moments of virtual time differ from run to run. Keys and other secrets stay random.
 */
export function installRandom(seed: number): void {
  const random = new Random(seed);
  const uuid = (): ReturnType<typeof crypto.randomUUID> => random.uuid() as ReturnType<typeof crypto.randomUUID>;
  Math.random = () => random.integer(2 ** 32) / 2 ** 32;
  crypto.randomUUID = uuid;
  crypto.webcrypto.randomUUID = uuid;
  syncBuiltinESMExports();
}
