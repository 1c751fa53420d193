/** The server answered with a problem document; the message says what is wrong and what to do. */
export class Problem extends Error {
  /** @param {string} message @param {number} status of HTTP @param {string} code of the document */
  constructor(message, status, code) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

let shard;

/** Reads about workloads from another shard of the cluster, by this server, from now on; undefined = from this one. */
export function readFrom(name) {
  shard = name;
}

/** The JSON answer at `path` of this server. Throws a {@link Problem} where the server refuses. */
export function get(path, signal = AbortSignal.timeout(5000)) {
  const isElsewhere = shard && path.startsWith('/api/v1/workloads');
  const other = isElsewhere ? `${path.includes('?') ? '&' : '?'}shard=${encodeURIComponent(shard)}` : '';
  return ask(path + other, { signal });
}

/** The JSON answer to a body that is sent to `path`, with the token where one is given. Throws a {@link Problem} as `get` does. */
export function post(path, body, { token, signal } = {}) {
  const authorization = token ? { authorization: `Bearer ${token}` } : {};
  return ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify(body),
    signal,
  });
}

/** Nothing answered, or nothing that is of this server. */
export class Unreachable extends Error {}

async function ask(path, request) {
  const [response, answer] = await answered(path, request);
  if (response.ok) return answer;
  throw new Problem(answer.detail ?? `${path} answers ${response.status}`, response.status, answer.code);
}

async function answered(path, request) {
  try {
    const response = await fetch(path, request);
    return [response, await response.json()];
  } catch (cause) {
    throw new Unreachable('Cannot reach Forescale: what is shown below is old.', { cause });
  }
}

/**
 * Calls `refresh` now and then every `everyMs`: one call at a time, and none while nobody looks at the page.
 * Returns a function that asks for a refresh at once; during a refresh, for another one right after it.
 */
export function pollWhileVisible(refresh, everyMs, onError) {
  let timer;
  let busy = false;
  let isAskedAgain = false;

  async function poll() {
    clearTimeout(timer);
    isAskedAgain = busy;
    if (busy || document.hidden) return;
    busy = true;
    try {
      await refresh();
    } catch (error) {
      onError(error);
    }
    busy = false;
    timer = setTimeout(poll, isAskedAgain ? 0 : everyMs);
  }

  document.addEventListener('visibilitychange', () => poll());
  void poll();
  return poll;
}
