import type { IncomingHttpHeaders } from 'node:http';

/**
 * Number of calls a request may lead to. Each app shares it among its destinations, so that destinations which form a loop
 * end after this many calls, however they fan out: with a limit of hops alone, two destinations each would double the calls
 * at every hop.
 */
const callsOfOneRequest = 200;
const header = 'x-calls-left';

/** Calls that a request with these headers may still lead to; a missing or unreadable header means the whole budget. */
export function callsLeft(headers: IncomingHttpHeaders): number {
  const text = headers[header];
  if (typeof text !== 'string' || !/^\d{1,4}$/.test(text)) return callsOfOneRequest;
  return Math.min(Number(text), callsOfOneRequest);
}

/** The header that gives each of `destinations` its share; there must be no more destinations than calls left. */
export function shareOfCalls(left: number, destinations: number): Readonly<Record<string, string>> {
  return { [header]: String(Math.floor((left - destinations) / destinations)) };
}
