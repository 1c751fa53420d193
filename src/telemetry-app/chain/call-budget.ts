import type { IncomingHttpHeaders } from 'node:http';

/**
 * How many calls a request may still lead to. It is shared among the destinations of each app it passes, so that
 * destinations which form a loop end after this many calls, however they fan out: a limit of hops alone would let
 * two destinations each double the calls at every hop.
 */
const callsOfOneRequest = 200;
const header = 'x-calls-left';

/** What is left for the request with these headers; one that says nothing, or nonsense, begins anew. */
export function callsLeft(headers: IncomingHttpHeaders): number {
  const text = headers[header];
  if (typeof text !== 'string') return callsOfOneRequest;
  return /^\d{1,4}$/.test(text) ? Math.min(Number(text), callsOfOneRequest) : callsOfOneRequest;
}

/** The header for each of `destinations`, of which there are no more than are left. */
export function shareOfCalls(left: number, destinations: number): Readonly<Record<string, string>> {
  return { [header]: String(Math.floor((left - destinations) / destinations)) };
}
