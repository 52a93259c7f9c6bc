import { documented } from '../documented';
import { closeAll, functionOf, invokeOn, matching, thrownBy, virtualService } from './functions';

afterAll(closeAll);

type Lines = Record<string, unknown>[];

async function linesOf(source: string, properties: object): Promise<{ lines: string[]; requestId: string }> {
  const { service, clock } = virtualService();
  const fn = functionOf(service, `exports.handler = async () => { ${source} };`, properties);
  const { requestId } = await invokeOn(clock, fn);
  return { lines: fn.logs.map(({ line }) => line), requestId };
}
const json = ({ lines }: { lines: string[] }) => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
const structured = { logFormat: 'JSON' };

documented('the log format JSON', 'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html', () => {
  test('makes of each call of the console an object with the time, the level and the request ID', async () => {
    const result = await linesOf(`
      console.log('one', 2); console.info({ a: 1 }); console.warn('three');
      await new Promise((resolve) => setTimeout(resolve, 1000));
      console.error('%s!', 'four');`, structured);
    const { requestId } = result;
    expect(json(result)).toEqual([
      { timestamp: '2026-01-05T09:00:00.000Z', level: 'INFO', requestId, message: 'one 2' },
      { timestamp: '2026-01-05T09:00:00.000Z', level: 'INFO', requestId, message: { a: 1 } },
      { timestamp: '2026-01-05T09:00:00.000Z', level: 'WARN', requestId, message: 'three' },
      { timestamp: '2026-01-05T09:00:01.000Z', level: 'ERROR', requestId, message: 'four!' },
    ]);
  });

  test('shows errors with their type, message and stack', async () => {
    const error = { errorType: 'RangeError', errorMessage: 'far', stackTrace: { 0: 'RangeError: far' } };
    const result = await linesOf('const error = new RangeError("far"); console.error(error); console.error("failed:", error);', structured);
    expect(json(result)).toMatchObject([{ message: error }, { ...error, message: matching(/^failed: RangeError: far\n/) }]);
  });

  test('shows what JSON cannot carry as text', async () => {
    const result = await linesOf('const circle = {}; circle.circle = circle; console.log(circle);', structured);
    expect(json(result)).toMatchObject([{ level: 'INFO', message: '<ref *1> { circle: [Circular *1] }' }]);
  });

  test('shows the error with which an invocation failed', async () => {
    const { lines: [line], requestId } = await linesOf('throw new TypeError("wrong");', structured);
    expect(JSON.parse(line)).toMatchObject({ level: 'ERROR', requestId, message: { errorType: 'TypeError', errorMessage: 'wrong' } });
    expect((await linesOf('throw new TypeError("wrong");', { ...structured, applicationLogLevel: 'FATAL' })).lines).toEqual([]);
  });

  test('is said to the code by variables, with the level', async () => {
    const variables = 'process.stdout.write([process.env.AWS_LAMBDA_LOG_FORMAT, process.env.AWS_LAMBDA_LOG_LEVEL].join());';
    expect((await linesOf(variables, structured)).lines).toEqual(['JSON,INFO']);
    expect((await linesOf(variables, {})).lines).toEqual([',']);
  });
});

documented('the log level of an application', 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html', () => {
  const all = ['trace', 'debug', 'log', 'info', 'warn', 'error', 'fatal'].map((method) => `console.${method}('x');`).join(' ');
  test.each([
    [undefined, ['INFO', 'INFO', 'WARN', 'ERROR', 'FATAL']],
    ['TRACE', ['TRACE', 'DEBUG', 'INFO', 'INFO', 'WARN', 'ERROR', 'FATAL']],
    ['WARN', ['WARN', 'ERROR', 'FATAL']],
    ['FATAL', ['FATAL']],
  ])('%s keeps what is less severe out of the log', async (applicationLogLevel, levels) => {
    const lines: Lines = json(await linesOf(all, { ...structured, applicationLogLevel }));
    expect(lines.map(({ level }) => level)).toEqual(levels);
  });

  test('looks into what loggers write: without a level or a time it is INFO', async () => {
    const time = '2026-01-05T09:00:00Z';
    const written = [
      { level: 'warn', timestamp: time, message: 'kept' }, { level: 'info', timestamp: time }, { level: 'error', message: 'without a time' },
      { level: 'loud', timestamp: time }, { _aws: {} },
    ].map((line) => JSON.stringify(line));
    const source = [...written, 'text', 'null', '{ "no": JSON'].map((line) => `process.stdout.write(${JSON.stringify(line)});`).join(' ');
    expect(json(await linesOf(source, { ...structured, applicationLogLevel: 'WARN' }))).toEqual([{ level: 'warn', timestamp: time, message: 'kept' }]);
    expect((await linesOf(source, structured)).lines).toHaveLength(8);
    expect((await linesOf(source, {})).lines).toHaveLength(8);
  });

  test('holds for a handler of this process', async () => {
    const { service, clock } = virtualService();
    const fn = service.createFunction({ name: 'tested', logFormat: 'JSON', applicationLogLevel: 'ERROR' });
    fn.handler = () => { for (const level of ['INFO', 'ERROR']) console.log(JSON.stringify({ level, timestamp: new Date().toISOString() })); };
    await invokeOn(clock, fn);
    expect(fn.logs.map(({ line }) => (JSON.parse(line) as { level: string }).level)).toEqual(['ERROR']);
  });
});

documented('a logging configuration', 'https://docs.aws.amazon.com/lambda/latest/api/API_LoggingConfig.html', () => {
  test.each<[object, string]>([
    [{ logFormat: 'XML' }, "'logFormat' must be Text or JSON, got 'XML'"],
    [{ logFormat: 'JSON', applicationLogLevel: 'LOUD' }, "'applicationLogLevel' must be one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL, got 'LOUD'"],
    [{ logFormat: 'JSON', systemLogLevel: 'ERROR' }, "'systemLogLevel' must be one of DEBUG, INFO, WARN, got 'ERROR'"],
    [{ applicationLogLevel: 'INFO' }, "'applicationLogLevel' needs the log format JSON, got 'INFO' with Text"],
    [{ logFormat: 'Text', systemLogLevel: 'WARN' }, "'systemLogLevel' needs the log format JSON, got 'WARN' with Text"],
  ])('fails with %j', (properties, message) => {
    const { service } = virtualService();
    expect(thrownBy(() => service.createFunction({ name: 'tested', ...properties }))).toMatchObject({
      code: 'InvalidParameterValueException', message: `function 'tested': ${message}`,
    });
  });
});
