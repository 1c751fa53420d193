import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { TelemetryAppOptions } from '../../../src/telemetry-app/app.ts';
import type { Call } from '../../../src/telemetry-app/chain/call-tree.ts';
import { createLuck } from '../../../src/telemetry-app/faults/fate.ts';
import { buildApp, postChain } from './app-in-process.ts';
import { startHttp } from './fake-upstream.ts';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** A real app that listens, and its address. */
async function start(name: string, options: Partial<TelemetryAppOptions> = {}): Promise<string> {
  const app = buildApp({ name, instance: `${name}-1`, delay: sleep, ...options });
  await app.server.listen({ host: '127.0.0.1', port: 0 });
  opened.push(() => app.close());
  return `http://127.0.0.1:${(app.server.server.address() as AddressInfo).port}/process`;
}

async function startDown(): Promise<string> {
  const upstream = await startHttp(() => {});
  await upstream.stop();
  return upstream.url;
}

async function startSlow(ms: number, answer: string): Promise<string> {
  const upstream = await startHttp((_, response) => void setTimeout(() => response.end(answer), ms));
  opened.push(upstream.stop);
  return upstream.url;
}

/** Starts destinations that all answer `ms` after the last of them was asked. */
async function startTogether(ms: number, answers: readonly string[]): Promise<string[]> {
  let asked = 0;
  const allAsked = Promise.withResolvers<void>();
  return Promise.all(
    answers.map(async (answer) => {
      const upstream = await startHttp(async (_, response) => {
        if (++asked === answers.length) allAsked.resolve();
        await allAsked.promise;
        await sleep(ms);
        response.end(answer);
      });
      opened.push(upstream.stop);
      return upstream.url;
    }),
  );
}

function appBefore(destinations: readonly string[], options: Partial<TelemetryAppOptions> = {}) {
  const app = buildApp({ name: 'a', destinations, ...options });
  opened.push(() => app.close());
  return app;
}

interface Tree {
  readonly chain: unknown[];
  readonly traceId: string;
  readonly call: Call;
}

async function treeOf(app: ReturnType<typeof buildApp>): Promise<{ status: number; type: string } & Tree> {
  const answer = await app.server.inject('/calls');
  return {
    status: answer.statusCode,
    type: String(answer.headers['content-type']),
    ...(answer.json() as Tree),
  };
}

const isTime = expect.closeTo(0, -4);

describe.each(['sequential', 'parallel'] as const)('several destinations, %s', (callMode) => {
  it('are all called, and the chain is the tree read from the top', async () => {
    const d = await start('d');
    const b = await start('b', { destinations: [d], callMode });
    const c = await start('c');
    const app = appBefore([b, c], { callMode });
    expect((await postChain(app, ['x'])).json()).toEqual(['x', 'a', 'b', 'd', 'c']);
    const { status, type, chain, traceId, call } = await treeOf(app);
    expect(status).toBe(200);
    expect(type).toContain('application/vnd.telemetry-app.call+json');
    expect(chain).toEqual(['a', 'b', 'd', 'c']);
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    const node = (name: string, url: string, calls: object[]) => ({
      name,
      instance: `${name}-1`,
      url,
      status: 200,
      durationMs: isTime,
      ownMs: isTime,
      calls,
    });
    expect(call).toEqual({
      name: 'a',
      instance: 'a-1',
      status: 200,
      durationMs: isTime,
      ownMs: isTime,
      calls: [node('b', b, [node('d', d, [])]), node('c', c, [])],
    });
  });

  it('degraded, answer with what there is and tell what is not', async () => {
    const down = await startDown();
    const c = await start('c');
    const app = appBefore([down, c], { callMode, upstreamFailure: 'degrade' });
    const answer = await postChain(app, []);
    expect([answer.statusCode, answer.json()]).toEqual([200, ['a', 'c']]);
    const { status, call } = await treeOf(app);
    expect(status).toBe(200);
    expect(call.error).toBeUndefined();
    expect(call.calls).toMatchObject([
      { url: down, status: null, error: { code: 'upstream-unreachable' } },
      { name: 'c', status: 200 },
    ]);
  });

  it('degraded, answer 200 even when all of them fail, each in its own way', async () => {
    const slow = await startSlow(10_000, '[]');
    const nonsense = await startSlow(0, '<html>');
    const failing = await start('f', { errorPercent: 100 });
    const app = appBefore([await startDown(), slow, nonsense, failing], {
      callMode,
      upstreamFailure: 'degrade',
      timeoutMs: 2_000,
    });
    const answer = await postChain(app, []);
    expect([answer.statusCode, answer.json()]).toEqual([200, ['a']]);
    expect((await treeOf(app)).call.calls).toMatchObject([
      { status: null, error: { code: 'upstream-unreachable' } },
      { status: null, error: { code: 'upstream-timeout' } },
      { status: 200, error: { code: 'upstream-nonsense' } },
      { name: 'f', instance: 'f-1', status: 500, error: { code: 'injected-error' } },
    ]);
  });

  it('answer the status of the first in the list that failed', async () => {
    const slow = await startSlow(10_000, '[]');
    const app = appBefore([await start('b'), slow, await startDown()], { callMode, timeoutMs: 2_000 });
    const answer = await postChain(app, []);
    expect(answer.statusCode).toBe(504);
    expect(answer.json()).toMatchObject({ code: 'upstream-timeout', chain: ['a', 'b'] });
    // In sequential mode no further destination is called once the answer is decided.
    expect(answer.json().call.calls.map(({ status }: Call) => status)).toEqual(
      callMode === 'parallel' ? [200, null, null] : [200, null],
    );
  });
});

describe('the time of several destinations', () => {
  it('adds up one after the other, and not when they are called at once', async () => {
    const slow = [await startSlow(150, '["a","b"]'), await startSlow(150, '["a","c"]')];
    const inTurn = (await treeOf(appBefore(slow, { callMode: 'sequential' }))).call;
    // Both answer 300 ms after the second request has arrived, so that the calls overlap on a busy machine too.
    const together = await startTogether(300, ['["a","b"]', '["a","c"]']);
    const atOnce = (await treeOf(appBefore(together, { callMode: 'parallel' }))).call;
    const waited = ({ durationMs, ownMs }: Call) => durationMs - ownMs;
    const summed = ({ calls }: Call) => calls.reduce((sum, { durationMs }) => sum + durationMs, 0);
    for (const { calls } of [inTurn, atOnce]) {
      expect(calls).toHaveLength(2);
      for (const call of calls) expect(call.durationMs).toBeGreaterThan(145);
    }
    expect(waited(inTurn)).toBeGreaterThan(summed(inTurn) - 5);
    expect(waited(atOnce)).toBeLessThan(summed(atOnce) - 100);
  });

  it('is told apart from the own: latency is the app’s, waiting is not', async () => {
    const b = await start('b', { maxLatencyMs: 300, seed: 3 });
    const app = appBefore([b], { maxLatencyMs: 200, seed: 3, delay: sleep });
    const { call } = await treeOf(app);
    const [callee] = call.calls;
    const { latency: share } = createLuck(3)();
    expect(share).toBeGreaterThan(0.1);
    expect(callee?.ownMs).toBeGreaterThanOrEqual(share * 300 - 2);
    expect(call.ownMs).toBeGreaterThanOrEqual(share * 200 - 2);
    // If waiting counted as own time, the sum would be more than the whole duration.
    expect(call.durationMs).toBeGreaterThanOrEqual(call.ownMs + (callee?.durationMs ?? Number.NaN) - 1);
    expect(callee?.durationMs).toBeGreaterThanOrEqual(callee?.ownMs ?? Number.NaN);
  });
});

describe('a tree', () => {
  it('is what POST /process answers with when it is asked for, and otherwise the chain', async () => {
    const app = appBefore([await start('b')]);
    const asked = await postChain(app, ['x'], { accept: 'application/vnd.telemetry-app.call+json' });
    expect(asked.json()).toMatchObject({
      chain: ['x', 'a', 'b'],
      call: { name: 'a', calls: [{ name: 'b' }] },
    });
    expect((await postChain(app, ['x'], { accept: '*/*' })).json()).toEqual(['x', 'a', 'b']);
  });

  it('reaches as far as the failure, hop by hop', async () => {
    const down = await startDown();
    const c = await start('c', { destinations: [down] });
    const b = await start('b', { destinations: [c] });
    const problem = (await postChain(appBefore([b]), [])).json();
    expect(problem).toMatchObject({
      status: 502,
      code: 'upstream-failed',
      traceId: expect.stringMatching(/^\w{32}$/),
    });
    expect(problem.call).toMatchObject({
      name: 'a',
      status: 502,
      error: { code: 'upstream-failed' },
      calls: [
        {
          name: 'b',
          instance: 'b-1',
          url: b,
          status: 502,
          error: { code: 'upstream-failed' },
          calls: [
            {
              name: 'c',
              url: c,
              status: 502,
              error: { code: 'upstream-unreachable' },
              calls: [{ url: down, status: null, error: { code: 'upstream-unreachable' }, calls: [] }],
            },
          ],
        },
      ],
    });
    expect(problem.upstream.call).toBeUndefined();
  });
});
