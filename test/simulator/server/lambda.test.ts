import { type InvocationResult, ServiceError } from '../../../simulator/contracts';
import { authorization, raw, serve, type Served } from './fixture';

let served: Served;
const invoke = jest.fn<Promise<InvocationResult>, [unknown, unknown]>();
const invokeAsync = jest.fn<string, [unknown, unknown]>();
const parked = jest.fn(() => () => {});
const arn = 'arn:aws:lambda:us-east-1:000000000000:function:worker';

beforeAll(async () => {
  const fn = { arn, timeout: 3, invoke, invokeAsync };
  served = await serve({ lambda: { function: (nameOrArn) => ([arn, 'worker'].includes(nameOrArn) ? fn : undefined) }, parked });
});

afterAll(() => served.server.close());
beforeEach(() => { jest.clearAllMocks(); });

const call = (name: string, body = '{"a":1}', headers: Record<string, string> = {}, query = '') => raw(served.port, {
  path: `/2015-03-31/functions/${name}/invocations${query}`, headers: { authorization: authorization('lambda'), ...headers }, body,
});

describe('Invoke', () => {
  test.each(['worker', encodeURIComponent(arn)])('of %s gives the payload back', async (name) => {
    invoke.mockResolvedValueOnce({ status: 'succeeded', payload: { ok: [1, null] }, duration: 1, requestId: 'r' });
    const { status, body, headers } = await call(name);
    expect([status, body, headers['x-amz-executed-version'], headers['x-amzn-requestid']]).toEqual([200, '{"ok":[1,null]}', '$LATEST', 'r']);
    expect(headers['x-amz-function-error']).toBeUndefined();
    expect(invoke).toHaveBeenCalledWith({ a: 1 }, { principal: 'AKIATEST' });
  });

  test('gives null for nothing, and takes no payload for an empty object', async () => {
    invoke.mockResolvedValueOnce({ status: 'succeeded', duration: 1, requestId: 'r' });
    expect((await call('worker', '')).body).toBe('null');
    expect(invoke.mock.calls[0][0]).toEqual({});
  });

  test('gives the error of a function that fails, with status 200', async () => {
    invoke.mockResolvedValueOnce({ status: 'failed', error: { type: 'TypeError', message: 'broken', stack: ['a'] }, duration: 1, requestId: 'r' });
    const { status, body, headers } = await call('worker');
    expect([status, headers['x-amz-function-error'], JSON.parse(body)]).toEqual([200, 'Unhandled', { errorType: 'TypeError', errorMessage: 'broken', trace: ['a'] }]);
  });

  test('is refused where the function is throttled', async () => {
    invoke.mockResolvedValueOnce({ status: 'throttled', duration: 0, requestId: 'r' });
    expect(await call('worker')).toMatchObject({ status: 429, headers: { 'x-amzn-errortype': 'TooManyRequestsException' } });
  });

  test('waits for simulated time', async () => {
    invoke.mockImplementationOnce(() => new Promise((resolve) => { setTimeout(() => resolve({ status: 'succeeded', duration: 1, requestId: 'r' }), 20); }));
    await call('worker');
    expect(parked).toHaveBeenCalledWith('AKIATEST');
  });

  test('of the type Event is accepted for later, of the type DryRun does nothing', async () => {
    invokeAsync.mockReturnValueOnce('later');
    expect(await call('worker', '{"a":1}', { 'x-amz-invocation-type': 'Event' })).toMatchObject({ status: 202, body: '', headers: { 'x-amzn-requestid': 'later' } });
    expect(invokeAsync).toHaveBeenCalledWith({ a: 1 }, { principal: 'AKIATEST' });
    expect((await call('worker', '{}', { 'x-amz-invocation-type': 'DryRun' })).status).toBe(204);
    expect(invoke).not.toHaveBeenCalled();
  });

  test('keeps the service\'s errors', async () => {
    invokeAsync.mockImplementationOnce(() => { throw new ServiceError('RequestTooLargeException', 'too large', 413); });
    expect(await call('worker', '{}', { 'x-amz-invocation-type': 'Event' })).toMatchObject({ status: 413, body: '{"Type":"User","Message":"too large"}' });
  });

  test.each([
    ['of a function that is not there', 'none', '{}', {}, '', 404, 'ResourceNotFoundException'],
    ['with a payload that is not JSON', 'worker', '{', {}, '', 400, 'InvalidRequestContentException'],
    ['with the tail of the log', 'worker', '{}', { 'x-amz-log-type': 'Tail' }, '', 400, 'InvalidParameterValueException'],
    ['of another type', 'worker', '{}', { 'x-amz-invocation-type': 'Later' }, '', 400, 'InvalidParameterValueException'],
    ['of a version', 'worker', '{}', {}, '?Qualifier=1', 400, 'InvalidParameterValueException'],
    ['with a name that cannot be decoded', '%E0%A4', '{}', {}, '', 400, 'InvalidParameterValueException'],
  ])('%s is refused', async (_kind, name, body, headers, query, status, code) => {
    const response = await call(name, body, headers, query);
    expect([response.status, response.headers['x-amzn-errortype']]).toEqual([status, code]);
    expect(response.headers['x-amzn-requestid']).toBeTruthy();
    expect(invoke).not.toHaveBeenCalled();
  });

  test('is all that is served of Lambda\'s API', async () => {
    expect(await raw(served.port, { method: 'GET', path: '/2015-03-31/functions/' })).toMatchObject({ status: 404, body: expect.stringContaining('only POST') as unknown });
  });

  test('finds no function where there is no Lambda', async () => {
    const without = await serve();
    expect((await raw(without.port, { path: '/2015-03-31/functions/worker/invocations' })).status).toBe(404);
    await without.server.close();
  });
});
