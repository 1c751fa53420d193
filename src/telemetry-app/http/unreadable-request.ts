import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from './problem.ts';

const statuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Answers input that never becomes a request: no HTTP, headers beyond 16 KiB, or too slow to arrive. It reaches no route and
 * no metric. Its connection is cut, because nobody knows where the next request would begin.
 */
export function refuseUnreadable(
  { code = '' }: NodeJS.ErrnoException,
  socket: Socket,
  app: string,
  instance: string,
): void {
  if (code === 'ECONNRESET' || socket.destroyed) return;
  const status = statuses[code] ?? 400;
  const problem = new Problem('bad-request', { status, detail: STATUS_CODES[status] ?? code });
  const body = JSON.stringify(problem.document(app));
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-app-instance: ${instance}`,
    'connection: close',
  ];
  if (socket.writable) socket.write(`${headers.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
