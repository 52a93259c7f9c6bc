import { crc32 } from 'node:zlib';
import { decodeChunks } from '../../../simulator/server/chunked';
import { crc32c, crc64nvme } from '../../../simulator/server/s3-rest/cyclic-redundancy';
import { raw, serve, type RawRequest, type Served } from './fixture';

let served: Served;

beforeAll(async () => {
  served = await serve();
  served.s3.createBucket({ name: 'archive' });
});

afterAll(() => served.server.close());

const ask = (request: RawRequest) => raw(served.port, { method: 'PUT', path: '/archive/k', ...request });
const stored = () => served.s3.bucket('archive')!.get('k')?.body.toString();

describe('a body in chunks', () => {
  const checksum = (text: string) => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(crc32(text)); return bytes.toString('base64'); };
  const streaming = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'content-encoding': 'aws-chunked,gzip', 'x-amz-trailer': 'x-amz-checksum-crc32' };

  test('is put together, its trailing checksum verified, and its encoding taken off', async () => {
    const body = `5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:${checksum('hello world')}\r\n\r\n`;
    const { status, headers } = await ask({ headers: { ...streaming, 'x-amz-decoded-content-length': '11' }, body });
    expect([status, headers['x-amz-checksum-crc32']]).toEqual([200, checksum('hello world')]);
    expect(stored()).toBe('hello world');
    expect(served.s3.bucket('archive')!.get('k')!.contentEncoding).toBe('gzip');
  });

  test('is put together where every chunk is signed', async () => {
    const body = `5;chunk-signature=${'0'.repeat(64)}\r\nhello\r\n0;chunk-signature=${'0'.repeat(64)}\r\n\r\n`;
    expect((await ask({ headers: { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' }, body })).status).toBe(200);
    expect(stored()).toBe('hello');
  });

  test('is empty', async () => {
    expect((await ask({ headers: streaming, body: '0\r\n\r\n' })).status).toBe(200);
    expect(stored()).toBe('');
  });

  test.each([
    ['another checksum than the body\'s', '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n', 'BadDigest', {}],
    ['a checksum of another length', '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n', 'InvalidDigest', {}],
    ['a checksum that is not known', '5\r\nhello\r\n0\r\nx-amz-checksum-md2:AAAA\r\n\r\n', 'NotImplemented', {}],
    ['another length than announced', '5\r\nhello\r\n0\r\n\r\n', 'IncompleteBody', { 'x-amz-decoded-content-length': '6' }],
    ['a length that is none', '5\r\nhello\r\n0\r\n\r\n', 'InvalidArgument', { 'x-amz-decoded-content-length': 'six' }],
    ['a chunk that is too short', '6\r\nhello\r\n0\r\n\r\n', 'IncompleteBody', {}],
    ['no last chunk', '5\r\nhello\r\n', 'IncompleteBody', {}],
    ['a size that is none', 'x\r\nhello\r\n0\r\n\r\n', 'InvalidRequest', {}],
    ['a negative size', '-5\r\nhello\r\n0\r\n\r\n', 'InvalidRequest', {}],
    ['a trailing header that is none', '5\r\nhello\r\n0\r\nnonsense\r\n\r\n', 'MalformedTrailerError', {}],
    ['no chunks at all', '', 'IncompleteBody', {}],
  ])('is refused with %s, and nothing is stored', async (_kind, body, code, headers) => {
    served.s3.bucket('archive')!.delete('k');
    const response = await ask({ headers: { ...streaming, ...headers }, body });
    expect(response.status).toBe(code === 'NotImplemented' ? 501 : 400);
    expect(response.body).toContain(`<Code>${code}</Code>`);
    expect(stored()).toBeUndefined();
  });

  test('is not copied where it is one chunk', () => {
    const encoded = Buffer.from('5\r\nhello\r\n0\r\n\r\n');
    expect(decodeChunks(encoded, 5).body.buffer).toBe(encoded.buffer);
  });
});

describe('checksums', () => {
  // The check values of the catalogue of parametrised CRC algorithms, for the text 123456789.
  test('are those of the standards', async () => {
    expect(crc32c(Buffer.from('123456789')).toString(16)).toBe('e3069283');
    expect(crc64nvme(Buffer.from('123456789')).toString('hex')).toBe('ae8b14860a799888');
    const headers = { 'x-amz-checksum-crc64nvme': Buffer.from('ae8b14860a799888', 'hex').toString('base64') };
    expect((await ask({ headers, body: '123456789' })).status).toBe(200);
    expect((await ask({ headers, body: '123456780' })).body).toContain('<Code>BadDigest</Code>');
  });

  test('of Content-MD5 are verified', async () => {
    expect((await ask({ headers: { 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' }, body: 'hello' })).status).toBe(200);
    expect((await ask({ headers: { 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' }, body: 'hullo' })).body).toContain('<Code>BadDigest</Code>');
  });
});

describe('a malformed request', () => {
  test.each([
    ['XML that is not well-formed', '<Delete><Object></Delete>'],
    ['another document', '<Nonsense/>'],
    ['no document', ''],
    ['text', 'nonsense'],
    ['a document type', '<!DOCTYPE Delete [<!ENTITY k "k">]><Delete><Object><Key>&k;</Key></Object></Delete>'],
    ['nothing to delete', '<Delete></Delete>'],
    ['an object without a key', '<Delete><Object></Object></Delete>'],
    ['a key with elements', '<Delete><Object><Key><a>1</a></Key></Object></Delete>'],
    ['an object that is text', '<Delete><Object>k</Object></Delete>'],
    ['a name that every object has', '<Delete><constructor>k</constructor></Delete>'],
    ['1001 keys', `<Delete>${'<Object><Key>k</Key></Object>'.repeat(1001)}</Delete>`],
  ])('with %s is refused as MalformedXML', async (_kind, body) => {
    const response = await ask({ method: 'POST', path: '/archive?delete', body });
    expect([response.status, /<Code>(.*)<\/Code>/.exec(response.body)?.[1]]).toEqual([400, 'MalformedXML']);
    expect(response.headers['x-amz-request-id']).toBe(response.headers['x-amzn-requestid']);
  });

  test.each([
    ['PUT', '/archive/%E0%A4', 400, 'InvalidURI'],
    ['PATCH', '/archive/k', 405, 'MethodNotAllowed'],
    ['POST', '/archive/k', 405, 'MethodNotAllowed'],
    ['POST', '/', 405, 'MethodNotAllowed'],
    ['GET', '/archive/k?acl', 501, 'NotImplemented'],
    ['GET', '/archive?uploads', 501, 'NotImplemented'],
    ['PUT', '/archive?versioning', 501, 'NotImplemented'],
    ['PUT', `/archive/${'k'.repeat(1025)}`, 400, 'KeyTooLongError'],
    ['PUT', '/UPPER', 400, 'InvalidBucketName'],
    ['GET', '/archive?max-keys=many', 400, 'InvalidArgument'],
    ['GET', '/archive?encoding-type=xml', 400, 'InvalidArgument'],
    ['GET', '/none<>&/k', 404, 'NoSuchBucket'],
  ])('%s %s is %s %s', async (method, path, status, code) => {
    const response = await ask({ method, path });
    expect([response.status, /<Code>(.*)<\/Code>/.exec(response.body)?.[1]]).toEqual([status, code]);
    expect(response.body).not.toContain('<>');
  });

  test('whose overriding header could break the answer is refused', async () => {
    await ask({ body: 'x' });
    const get = (path: string) => ask({ method: 'GET', path });
    expect((await get('/archive/k?response-content-type=a%0D%0Ab')).status).toBe(400);
    expect((await get('/archive/k?response-content-type=text%2Fcsv')).headers['content-type']).toBe('text/csv');
    expect(served.errors).toEqual([]);
  });

  test('by HEAD has no body', async () => {
    expect(await ask({ method: 'HEAD', path: '/archive/none' })).toMatchObject({ status: 404, body: '' });
  });
});

test('a bucket may be in the host name', async () => {
  await ask({ path: '/in%20host', headers: { host: `archive.localhost:${served.port}` }, body: 'x' });
  await ask({ path: '/in-s3-host', headers: { host: 'archive.s3.localhost' }, body: 'x' });
  expect(served.s3.bucket('archive')!.objects().map(({ key }) => key)).toEqual(expect.arrayContaining(['in host', 'in-s3-host']));
});

test('metadata that a header cannot carry is an encoded word', async () => {
  served.s3.bucket('archive')!.put('meta', Buffer.from('x'), { metadata: { team: 'Zürich' } });
  expect((await ask({ method: 'GET', path: '/archive/meta' })).headers['x-amz-meta-team']).toBe('=?UTF-8?B?WsO8cmljaA==?=');
});
