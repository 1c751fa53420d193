import { ForescaleError } from '../../platform/errors.ts';
import type { HttpAnswer } from './http-connection.ts';
import { parseJson, wireObject } from './wire-text.ts';

/** How many series an error names; enough to see in which label they differ. */
export const namedSeries = 3;

/** The error about a query that gives more series than one. `remedy` says in its language how to make one of them. */
export function severalSeries(names: readonly string[], count: number, remedy: string): ForescaleError {
  const named = names.slice(0, namedSeries).join(', ');
  const more = count > Math.min(names.length, namedSeries) ? ', …' : '';
  return new ForescaleError(
    'several-series',
    `the query gives ${count} series (${named}${more}) and one is needed: ${remedy}`,
  );
}

/** The error about a query that the source did not accept, in the source's words. */
export function refusedQuery(address: string, answer: HttpAnswer, words: string): ForescaleError {
  const { status } = answer;
  if (status === 401 || status === 403) return refusedCredentials(address, status, words);
  if (isBusy(answer)) {
    return new ForescaleError('source-unreachable', `${address} answers ${status}: ${words}`, waitOf(answer));
  }
  return new ForescaleError('source-rejected', `${address} refused the query: ${words}`);
}

function isBusy({ status }: HttpAnswer): boolean {
  return status === 429 || status >= 500;
}

/** How long the source wants to be left alone; whoever says 429 without a time wants no more questions now. */
export function waitOf({ status, retryAfterSeconds }: HttpAnswer) {
  return { retryAfterSeconds: retryAfterSeconds ?? (status === 429 ? 0 : undefined) };
}

function refusedCredentials(address: string, status: number, words: string): ForescaleError {
  return new ForescaleError(
    'source-rejected',
    `${address} answers ${status} (${words}): check the credentials and the tenant of its profile`,
  );
}

/** The object that an answer is in JSON; an empty one for any other text. */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
  return /^\s*\{/.test(text) ? wireObject(parseJson(text)) : {};
}

/**
 * The error about an answer that is not the API's: a page of a proxy, a login, another service. `api` names the API that was
 * expected and `remedy` says which address to give.
 */
export function unexpectedAnswer(
  address: string,
  answer: HttpAnswer,
  { api, remedy }: { readonly api: string; readonly remedy: string },
): ForescaleError {
  const { status, contentType, location } = answer;
  const begins = answer.text.trim().slice(0, 80).replaceAll(/\s+/g, ' ');
  const came = `${status} ${contentType}, ${begins === '' ? 'empty' : `beginning "${begins}"`}`;
  if (status === 401 || status === 403) return refusedCredentials(address, status, came);
  if (isBusy(answer)) {
    return new ForescaleError('source-unreachable', `${address} answers ${came}`, waitOf(answer));
  }
  if (status >= 300 && status < 400) {
    return new ForescaleError(
      'source-nonsense',
      `${address} redirects (${status}) to ${location ?? 'nowhere'}; redirects are not followed, so give the final address, or credentials if that is a login page`,
    );
  }
  return new ForescaleError(
    'source-nonsense',
    `what answers at ${address} is no ${api} (${came}); ${remedy}`,
  );
}
