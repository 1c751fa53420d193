import type { RequestExtras } from '../source.ts';
import type { HttpQuestion } from './dialect.ts';
import type { HttpAnswer } from './http-connection.ts';

export type HttpMethod = 'GET' | 'POST';

/** Answers to a POST after which a GET may do: not allowed for this verb, or not at all. */
const refusals = [403, 405, 501];
/** Answers to the GET that say no more than the refusal of the POST did: not allowed, not there, too long for a URL. */
const noBetter = [...refusals, 401, 404, 414];
/** Answers to the GET that come from the API: a result, or what it says of the query. */
const understood = [200, 400, 422];

/**
 * Remembers by which method one source is asked. A question is posted so that a long query fits; some proxies let only GET through
 * (a role with the verb `get`), so after a refusal GET is tried once, and kept where it does better.
 */
export function createQueryMethod(fixed: HttpMethod | undefined) {
  let method = fixed ?? 'POST';
  return {
    /** The method of the next question. */
    current: () => method,
    async send(request: (method: HttpMethod) => Promise<HttpAnswer>): Promise<HttpAnswer> {
      const answer = await request(method);
      if (fixed !== undefined || method === 'GET' || !refusals.includes(answer.status)) return answer;
      const second = await request('GET');
      if (noBetter.includes(second.status)) return answer;
      if (understood.includes(second.status)) method = 'GET';
      return second;
    },
  };
}

/** The request that asks a question for one caller. */
export function queryRequest(method: HttpMethod, { path, form }: HttpQuestion, extras: RequestExtras) {
  const accept = { accept: 'application/json' };
  // What the question says itself comes from the source's own settings, and nothing of a caller may replace it.
  const parameters = Object.entries(extras.parameters ?? {});
  if (method === 'GET') {
    const others = parameters.filter(([name]) => form[name] === undefined);
    const query = new URLSearchParams([...Object.entries(form), ...others]);
    return { method, path: `${path}?${query}`, headers: { ...accept, ...extras.headers } };
  }
  return {
    method,
    path: parameters.length === 0 ? path : `${path}?${new URLSearchParams(parameters)}`,
    body: new URLSearchParams(form).toString(),
    headers: { ...accept, 'content-type': 'application/x-www-form-urlencoded', ...extras.headers },
  };
}
