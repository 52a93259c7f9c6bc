import type { IncomingHttpHeaders } from 'node:http';

const loopback = '(?:127(?:\\.\\d{1,3}){3}|localhost|(?:[a-z0-9_-]+\\.)+localhost|\\[::1\\])(?::\\d{1,5})?';
const loopbackHost = new RegExp(`^${loopback}$`, 'i');
const loopbackOrigin = new RegExp(`^https?://${loopback}$`, 'i');

/**
 * Why a request may not be answered, or undefined where it may. The server listens on the loopback interface only, but a
 * page from the internet that a browser shows on this machine reaches it too: by a name that its DNS server resolves to
 * 127.0.0.1 (which the Host header gives away), or by a form that it sends here (which the browser marks as cross-site).
 */
export function refusal(headers: IncomingHttpHeaders, method: string, path: string): string | undefined {
  const { host, origin } = headers;
  if (host === undefined || !loopbackHost.test(host)) {
    return `The simulator answers requests to this machine only: the Host header must be a loopback address, localhost or a `
      + `name under .localhost, got ${host === undefined ? 'none' : `'${host}'`}`;
  }
  if (origin !== undefined && !loopbackOrigin.test(origin)) {
    return `The simulator answers no page from elsewhere: the Origin header must be a loopback address or absent, got '${origin}'`;
  }
  const navigates = method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && path.startsWith('/_simulator');
  if (headers['sec-fetch-site'] === 'cross-site' && !navigates) {
    return 'The simulator answers no page from elsewhere: the browser says that a page of another site sent this request';
  }
  return undefined;
}
