import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { createLoadGenerator, type LoadGeneratorOptions } from '../../../../demo/load/generator.ts';
import type { LoadStats, SenderOptions } from '../../../../demo/load/sender.ts';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function startServer(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Options = Omit<LoadGeneratorOptions, 'destinations'> & SenderOptions;

/** A generator at 100 even arrivals a second whose time passes only when the test says so; `stats` of its one fleet. */
function start({ targets, ...options }: Partial<Options> & Pick<Options, 'targets'>) {
  let now = 0;
  const destination = {
    targets,
    request: { method: 'POST', path: '/process', body: '[]' },
    timeoutMs: 5_000,
    maxInFlight: 100,
    ...options,
  } as const;
  const generator = createLoadGenerator({
    destinations: [destination],
    rateAt: () => 100,
    clock: () => now,
    seed: 1,
    arrivals: 'even',
    ...options,
  });
  opened.push(() => generator.stop());
  generator.start();
  const pass = (seconds: number) => {
    now += seconds;
  };
  const stats = (): LoadStats => {
    const [only] = generator.stats();
    if (only === undefined) throw new Error('no destination');
    return only;
  };
  return { ...generator, stats, pass };
}

const settled = (generator: { stats(): LoadStats }, arrived: number) =>
  expect
    .poll(() => {
      const { sent, dropped, inFlight } = generator.stats();
      return { isThere: sent + dropped >= arrived, inFlight };
    })
    .toEqual({ isThere: true, inFlight: 0 });

describe('the load generator', () => {
  it('sends what the rate asks for in the time that passed, in turns to every target', async () => {
    const seen: string[] = [];
    const serve =
      (name: string): RequestListener =>
      async (request, response) => {
        const body = await text(request);
        seen.push(`${name} ${request.method} ${request.url} ${body}`);
        response.end('[]');
      };
    const targets = [await startServer(serve('one')), await startServer(serve('two'))];
    const generator = start({ targets: () => targets });
    generator.pass(0.5);
    await settled(generator, 50);
    generator.pass(0.5);
    await settled(generator, 100);
    expect(generator.stats()).toMatchObject({ sent: 100, ok: 100, failed: 0, shed: 0, dropped: 0 });
    expect(seen.filter((line) => line === 'one POST /process []')).toHaveLength(50);
    expect(seen.filter((line) => line === 'two POST /process []')).toHaveLength(50);
    const { latency } = generator.stats();
    expect(latency.p50Ms).toBeGreaterThan(0);
    expect(latency.p99Ms).toBeGreaterThanOrEqual(latency.p50Ms ?? Infinity);
  });

  it('goes on sending while nothing is answered, drops beyond the bound, and counts timeouts as failed', async () => {
    const target = await startServer(() => {});
    const generator = start({ targets: () => [target], maxInFlight: 30, timeoutMs: 3_000 });
    generator.pass(0.2);
    await expect.poll(() => generator.stats().sent).toBe(20);
    generator.pass(0.2);
    await expect.poll(() => generator.stats().dropped).toBeGreaterThan(0);
    expect(generator.stats()).toMatchObject({ sent: 30, dropped: 10 });
    await settled(generator, 40);
    expect(generator.stats()).toMatchObject({ sent: 30, ok: 0, failed: 30, dropped: 10 });
    expect(generator.stats().latency.p50Ms).toBeGreaterThan(2_800);
  });

  it('tells apart what was served, what failed and what was turned away', async () => {
    let count = 0;
    const target = await startServer((_, response) => {
      response.statusCode = [200, 503, 500, 404][count++ % 4] ?? 200;
      response.end();
    });
    const generator = start({ targets: () => [target] });
    generator.pass(1);
    await settled(generator, 100);
    expect(generator.stats()).toMatchObject({ ok: 25, failed: 50, shed: 25 });
  });

  it('counts a refused connection, and having no target at all, as turned away', async () => {
    const target = await startServer((_, response) => response.end());
    await opened.pop()?.();
    let ready = [target];
    const generator = start({ targets: () => ready });
    generator.pass(0.1);
    await settled(generator, 10);
    ready = [];
    generator.pass(0.1);
    await settled(generator, 20);
    expect(generator.stats()).toMatchObject({ sent: 20, shed: 20, failed: 0 });
    expect(generator.stats().latency.p50Ms).toBeUndefined();
  });

  it('stops when what is under way is answered, and sends nothing after', async () => {
    const waiting: (() => void)[] = [];
    const target = await startServer((_, response) => waiting.push(() => response.end()));
    const generator = start({ targets: () => [target] });
    generator.pass(0.01);
    await expect.poll(() => waiting.length).toBe(1);
    const stopped = generator.stop();
    generator.pass(1);
    for (const answer of waiting) answer();
    await stopped;
    expect(generator.stats()).toMatchObject({ sent: 1, ok: 1, inFlight: 0 });
  });

  it('sends every destination the same, and counts each by itself', async () => {
    const [good, bad] = [
      await startServer((_, response) => response.end()),
      await startServer((_, response) => {
        response.statusCode = 503;
        response.end();
      }),
    ];
    let now = 0;
    const destination = (target: string) => ({
      targets: () => [target],
      request: { method: 'POST', path: '/process', body: '[]' } as const,
      timeoutMs: 5_000,
      maxInFlight: 100,
    });
    const generator = createLoadGenerator({
      destinations: [destination(good), destination(bad)],
      rateAt: () => 100,
      clock: () => now,
      seed: 7,
    });
    opened.push(() => generator.stop());
    generator.start();
    now = 0.5;
    const isAnswered = () => generator.stats().every(({ sent, inFlight }) => sent > 20 && inFlight === 0);
    await expect.poll(isAnswered).toBe(true);
    const [first, second] = generator.stats();
    expect(first?.sent).toBe(second?.sent);
    expect(first).toMatchObject({ ok: first?.sent, shed: 0 });
    expect(second).toMatchObject({ ok: 0, shed: second?.sent });
    generator.countAnew();
    expect(generator.stats()).toMatchObject([
      { sent: 0, ok: 0 },
      { sent: 0, shed: 0 },
    ]);
  });

  it('draws the same arrivals for the same seed', async () => {
    const target = await startServer((_, response) => response.end());
    const run = async (seed: number) => {
      const sent: number[] = [];
      const generator = start({
        targets: () => [target],
        arrivals: 'poisson',
        maxInFlight: 1_000,
        seed,
        rateAt: () => {
          sent.push(generator.stats().sent);
          generator.pass(0.05);
          return 40;
        },
      });
      await expect.poll(() => sent.length).toBeGreaterThanOrEqual(20);
      return sent.slice(0, 20);
    };
    const [first, again, other] = [await run(3), await run(3), await run(4)];
    expect(first?.at(-1)).toBeGreaterThan(0);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});
