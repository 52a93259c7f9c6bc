import { documented } from '../documented';
import { closeAll, functionOf, invokeOn, virtualService } from './functions';

afterAll(closeAll);

const source = 'exports.handler = async () => process.env._X_AMZN_TRACE_ID;';

async function headers(properties: object, gaps: readonly number[]): Promise<string[]> {
  const { service, clock } = virtualService({ invocationDuration: 0 });
  const fn = functionOf(service, source, properties);
  const seen: string[] = [];
  for (const gap of gaps) seen.push((await invokeOn(clock, fn, {}, gap)).payload as string);
  return seen;
}
const sampled = (seen: readonly string[]) => seen.map((header) => header.endsWith(';Sampled=1'));

documented('the trace header of an invocation', 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html', () => {
  test('is another one for each, of the time at which it begins, and the same in every run', async () => {
    const seen = await headers({}, [1000, 1000]);
    const second = Date.UTC(2026, 0, 5, 9) / 1000;
    for (const [index, header] of seen.entries()) {
      expect(header).toMatch(new RegExp(`^Root=1-${(second + index).toString(16)}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$`));
    }
    expect(seen[0].slice(18)).not.toBe(seen[1].slice(18));
    expect(await headers({}, [1000, 1000])).toEqual(seen);
  });

  test('is sampled with active tracing: the first of a second, and about one in twenty of the others', async () => {
    expect(sampled(await headers({ activeTracing: true }, [1000, 1000, 1000]))).toEqual([true, true, true]);
    const within = sampled(await headers({ activeTracing: true }, Array.from({ length: 400 }, () => 1)));
    expect(within[0]).toBe(true);
    const others = within.slice(1).filter(Boolean).length;
    expect(others).toBeGreaterThan(8);
    expect(others).toBeLessThan(35);
  });

  test('never is sampled without it', async () => {
    expect(sampled(await headers({}, Array.from({ length: 100 }, () => 1)))).not.toContain(true);
  });
});

documented('the variables of the X-Ray SDK', 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html', () => {
  test('have it log what it misses, and may be set by the function', async () => {
    const { service, clock } = virtualService();
    const variables = 'exports.handler = async () => [process.env.AWS_XRAY_CONTEXT_MISSING, process.env.AWS_XRAY_DAEMON_ADDRESS];';
    expect((await invokeOn(clock, functionOf(service, variables))).payload).toEqual(['LOG_ERROR', '127.0.0.1:2000']);
    const own = functionOf(service, variables, { name: 'own', environment: { AWS_XRAY_CONTEXT_MISSING: 'IGNORE_ERROR' } });
    expect((await invokeOn(clock, own)).payload).toEqual(['IGNORE_ERROR', '127.0.0.1:2000']);
  });
});
