export const byId = (id) => document.getElementById(id);

/** Writes a text only when it changes, because a screen reader announces a status line each time it is written. */
export function setText(id, text) {
  if (byId(id).textContent !== text) byId(id).textContent = text;
}

/** The server answered with a problem document; the message says what is wrong and what to do. */
export class Problem extends Error {}

/** The JSON answer at `path` of this server. Throws a {@link Problem} where the server refuses. */
export async function get(path) {
  const response = await fetch(path, { signal: AbortSignal.timeout(5000) });
  const answer = await response.json();
  if (!response.ok) throw new Problem(answer.detail ?? `${path} answers ${response.status}`);
  return answer;
}

/**
 * Calls `refresh` now and then every `everyMs`: one call at a time, and none while nobody looks at the page.
 * Returns a function that asks for a refresh at once.
 */
export function pollWhileVisible(refresh, everyMs, onError) {
  let timer;
  let busy = false;

  async function poll() {
    clearTimeout(timer);
    if (busy || document.hidden) return;
    busy = true;
    try {
      await refresh();
    } catch (error) {
      onError(error);
    }
    busy = false;
    timer = setTimeout(poll, everyMs);
  }

  document.addEventListener('visibilitychange', () => poll());
  void poll();
  return poll;
}
