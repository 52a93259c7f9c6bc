import type { IncomingHttpHeaders } from 'node:http';

/** The head of a POST request, with the headers that AWS JSON and its framing read. */
export interface QuickHead {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Bytes of the body that follows. */
  readonly length: number;
}

/** Headers by which a body is framed otherwise than by its length, or by which the client asks for more than an answer. */
const special = new Set(['transfer-encoding', 'expect', 'upgrade', 'trailer', 'content-range']);
const read = new Set([
  'host', 'origin', 'sec-fetch-site', 'sec-fetch-mode', 'connection', 'content-length', 'content-encoding', 'authorization', 'x-amz-target',
]);

/** Only what cannot be misunderstood: no control character, nothing beyond ASCII. */
const unclear = /[\0-\x09\x0b\x0c\x0e-\x1f\x7f-\uffff]/;
const token = /^[\w!#$%&'*+.^`|~-]+$/;
const requestLine = /^POST (\/[\x21-\x7e]*) HTTP\/1\.1$/;

/** Names as clients write them, and what they are to this server: the few that there are come with every request. */
const names = new Map<string, string>();
const REMEMBERED_NAMES = 200;
const UNREAD = '';

/** Undefined for a head that one would have to interpret. */
export function parseHead(head: string): QuickHead | undefined {
  if (unclear.test(head)) return undefined;
  const line = endOfLine(head, 0);
  const url = line < 0 ? undefined : requestLine.exec(head.slice(0, line))?.[1];
  const headers = url === undefined ? undefined : headersOf(head, line);
  const announced = headers?.['content-length'];
  if (announced === undefined || !/^\d{1,6}$/.test(announced)) return undefined;
  return { url: url!, headers: headers!, length: Number(announced) };
}

function headersOf(head: string, firstLine: number): IncomingHttpHeaders | undefined {
  const headers: IncomingHttpHeaders = {};
  for (let start = firstLine + 2; start < head.length;) {
    const end = endOfLine(head, start);
    const colon = head.indexOf(':', start);
    if (end < 0 || colon < 0 || colon > end) return undefined;
    const name = nameOf(head.slice(start, colon));
    if (name === undefined) return undefined;
    if (name !== UNREAD) {
      // given twice
      if (headers[name] !== undefined) return undefined;
      headers[name] = head.slice(colon + 1, end).trim();
    }
    start = end + 2;
  }
  const { connection } = headers;
  return connection === undefined || connection === 'keep-alive' || connection.toLowerCase() === 'keep-alive' ? headers : undefined;
}

/** Where the line ends, or -1 where a carriage return or a line feed stands alone. */
function endOfLine(head: string, start: number): number {
  const end = head.indexOf('\r', start);
  const feed = head.indexOf('\n', start);
  if (end < 0) return feed < 0 ? head.length : -1;
  return feed === end + 1 ? end : -1;
}

/** The name in lower case, empty for one that is not read; undefined for what is no name, or a special one. */
function nameOf(given: string): string | undefined {
  const known = names.get(given);
  if (known !== undefined) return known;
  const name = given.toLowerCase();
  if (!token.test(given) || special.has(name)) return undefined;
  const kept = read.has(name) ? name : UNREAD;
  if (names.size < REMEMBERED_NAMES) names.set(given, kept);
  return kept;
}
