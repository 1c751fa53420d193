import type { IncomingHttpHeaders } from 'node:http';

/** A server that asks for more is asked again all the same, because its workloads are blind meanwhile. */
const longestSeconds = 300;

/**
 * Seconds that the header Retry-After asks to wait, at most five minutes; undefined where there is none that can be read. A time of
 * day is compared with the server's own clock where it tells it.
 * Source: RFC 9110, section 10.2.3.
 */
export function retryAfterSeconds(headers: IncomingHttpHeaders): number | undefined {
  const text = headers['retry-after']?.trim() ?? '';
  const seconds = /^\d+$/.test(text) ? Number(text) : secondsUntil(text, headers.date);
  return seconds === undefined ? undefined : Math.min(longestSeconds, Math.max(0, seconds));
}

function secondsUntil(text: string, serverTime: string | undefined): number | undefined {
  const then = Date.parse(text);
  const now = Date.parse(serverTime ?? '');
  if (!/[a-z]{3}/i.test(text) || Number.isNaN(then)) return undefined;
  return (then - (Number.isNaN(now) ? Date.now() : now)) / 1000;
}
