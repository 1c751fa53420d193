import { afterEach, expect, it, vi } from 'vitest';
import { buildApp, postChain } from './app-in-process.ts';
import { startHttp } from './fake-upstream.ts';

afterEach(() => vi.useRealTimers());

/** In a file of its own: the client keeps one timer for all its connections, which has to be a fake one from the start. */
it('a destination has the time it is given, more than the five minutes of the HTTP client too', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const asked = Promise.withResolvers<() => void>();
  const upstream = await startHttp((_, response) => asked.resolve(() => response.end('["a","late"]')));
  const app = buildApp({ destinations: [upstream.url], timeoutMs: 600_000 });
  const answer = postChain(app, []);
  const answerIt = await asked.promise;
  await vi.advanceTimersByTimeAsync(400_000);
  answerIt();
  expect((await answer).json()).toEqual(['a', 'late']);
  await app.close();
  await upstream.stop();
});
