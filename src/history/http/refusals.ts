import { ForescaleError } from '../../platform/errors.ts';
import type { HttpAnswer } from './http-connection.ts';
import { parseJson, wireObject } from './wire-text.ts';

/** How many series an error names; enough to see in which label they differ. */
export const namedSeries = 3;

/** The error about a query that gives more series than one. `remedy` says in its language how to make one of them. */
export function severalSeries(
  names: readonly string[],
  count: number,
  remedy: string,
  over: 'now' | 'range' = 'now',
): ForescaleError {
  const named = names.slice(0, namedSeries).join(', ');
  const more = count > Math.min(names.length, namedSeries) ? ', …' : '';
  return new ForescaleError(
    'several-series',
    over === 'now'
      ? `the query gives ${count} series (${named}${more}) and one is needed: ${remedy}`
      : `the query gives ${count} series (${named}${more}) over the range read, though perhaps one at a time, and one is needed: ${remedy}`,
  );
}

/** The error about a query that the source did not accept, in the source's words. */
export function refusedQuery(address: string, answer: HttpAnswer, words: string): ForescaleError {
  const { status } = answer;
  if (status === 401 || status === 403) return refusedCredentials(address, status, words);
  if (isBusy(answer)) {
    return new ForescaleError('source-unreachable', `${address} answers ${status}: ${words}`, waitOf(answer));
  }
  const message = `${address} refused the query: ${words}`;
  return isTooMuch(status, words) ? tooMuchAtOnce(message) : new ForescaleError('source-rejected', message);
}

/** The source refused a query because of how much it reads, so that a shorter range may be allowed. */
export class TooMuchAtOnce extends ForescaleError {}

function tooMuchAtOnce(message: string): TooMuchAtOnce {
  return new TooMuchAtOnce(
    'source-rejected',
    `${message}; that is more than the source allows at once: make the query cheaper, for example by a recording rule, or raise this limit of the source`,
  );
}

/**
 * Whether a source refused a query as too much, by its status or its words: every product has limits of its own (samples, points,
 * chunks, length of the range) and none has a code for them. A wrong guess costs a few more requests.
 */
function isTooMuch(status: number, words: string): boolean {
  if (status === 413) return true;
  if (/parse error/i.test(words)) return false;
  const isLimit = /\blimit|\bmax/i.test(words);
  return /\btoo (?:many|much|large|long|big|wide)\b/i.test(words) || (isLimit && beyond.test(words));
}

const beyond = /excee|more than|\bhit\b|reached|violated|larger|longer|greater|beyond|\bover\b/i;

function isBusy({ status }: HttpAnswer): boolean {
  return status === 429 || status >= 500;
}

/** How long the source wants to be left alone; whoever says 429 without a time wants no more questions now. */
export function waitOf({ status, retryAfterSeconds }: HttpAnswer) {
  return { retryAfterSeconds: retryAfterSeconds ?? (status === 429 ? 0 : undefined) };
}

/** How AWS (SigV4), Google Cloud and Azure ask for credentials of their own. */
const cloudWords =
  /missing authentication token|\bsignature\b|security token|\bAWS|accessdenied|required authentication credential|oauth ?2|azure|\bAAD|\bentra\b|invalidauthenticationtoken/i;

/** How Cortex and Mimir ask for the tenant. */
const tenantWords = /no org id|x-scope-orgid/i;

function refusedCredentials(address: string, status: number, words: string): ForescaleError {
  const remedy = cloudWords.test(words)
    ? 'this is a managed service that wants signed requests or short-lived tokens of its cloud, which a proxy in front of it can add; see "Managed services" in docs/configuration.md'
    : tenantWords.test(words)
      ? 'it keeps tenants apart and no tenant was sent: set `tenant` in its profile, or --tenant on the command line'
      : status === 401
        ? 'check the credentials of its profile'
        : 'check the credentials and the tenant of its profile, and that they may query; where a proxy asks Kubernetes for roles, POST needs the verb create and GET the verb get';
  return new ForescaleError('source-rejected', `${address} answers ${status} (${words}): ${remedy}`);
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
  if (status === 400 && /\btenant id\b/i.test(answer.text)) {
    const message = `${address} does not take the tenant: ${begins}; correct \`tenant\` in its profile, or --tenant on the command line`;
    return new ForescaleError('source-rejected', message);
  }
  if (isBusy(answer)) {
    return new ForescaleError('source-unreachable', `${address} answers ${came}`, waitOf(answer));
  }
  if (status === 413) return tooMuchAtOnce(`${address} answers ${came}`);
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
