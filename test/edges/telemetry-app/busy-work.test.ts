import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { createBusyWork } from '../../../src/telemetry-app/capacity/busy-work.ts';
import { createLuck } from '../../../src/telemetry-app/faults/fate.ts';
import { createWork } from '../../../src/telemetry-app/http/work.ts';
import { buildApp, postChain } from './app-in-process.ts';

/** Turns of the event loop until the promise is settled. */
async function turnsUntil(promise: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isSettled = false;
  const settled = promise.then(() => {
    isSettled = true;
  });
  while (!isSettled) {
    await new Promise((resolve) => setImmediate(resolve));
    turns++;
  }
  await settled;
  return turns;
}

describe('CPU time of a request', () => {
  it('is really used', async () => {
    const work = createBusyWork();
    await work.burn(20);
    const before = process.cpuUsage();
    await work.burn(300);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeGreaterThan(200);
  });

  it('leaves the event loop a turn between slices, however many requests want some', async () => {
    const work = createBusyWork();
    // Five milliseconds are the longest slice: 12 requests of 20 ms are at least 48 turns.
    const turns = await turnsUntil(Promise.all(Array.from({ length: 12 }, () => work.burn(20))));
    expect(turns).toBeGreaterThanOrEqual(48);
  });

  it('goes to one request after the other, first come first served', async () => {
    const work = createBusyWork();
    const done: string[] = [];
    await Promise.all([
      work.burn(15).then(() => done.push('first')),
      work.burn(1).then(() => done.push('second')),
      work.burn(1).then(() => done.push('third')),
    ]);
    expect(done).toEqual(['first', 'second', 'third']);
  });

  it('is used for each request, and leaves probes answered meanwhile', async () => {
    const app = buildApp({ cpuMs: 100 });
    const url = await app.server.listen({ host: '127.0.0.1', port: 0 });
    let answered = 0;
    const before = process.cpuUsage();
    const asked = Array.from({ length: 5 }, async () => {
      expect((await postChain(app, [])).statusCode).toBe(200);
      answered++;
    });
    let probes = 0;
    while (answered < 5) {
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      probes++;
    }
    await Promise.all(asked);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeGreaterThan(350);
    // Each probe takes a few turns of the loop, of which there are a hundred; blocked, it would take no turn but one.
    expect(probes).toBeGreaterThan(5);
    await app.close();
  });
});

describe('memory of a request', () => {
  it('is there and written to, in pieces that leave the event loop turns', async () => {
    const work = createBusyWork();
    const grown: number[] = [];
    // Other threads give memory of the same process back meanwhile.
    for (let tries = 0; tries < 5; tries++) {
      const before = process.memoryUsage.rss();
      const holding = work.hold(64);
      expect(await turnsUntil(holding)).toBeGreaterThanOrEqual(16);
      const held = await holding;
      expect(held.reduce((sum, { length }) => sum + length, 0)).toBe(64 * 1024 * 1024);
      expect(held.every((chunk) => chunk[0] === 1 && chunk.at(-1) === 1)).toBe(true);
      grown.push(process.memoryUsage.rss() - before);
    }
    expect(Math.max(...grown)).toBeGreaterThan(32 * 1024 * 1024);
  });

  it('is held until the answer, and then let go', async () => {
    const held = [Buffer.alloc(1)];
    const asked: number[] = [];
    const waiting = Promise.withResolvers<void>();
    const answers = Promise.withResolvers<void>();
    const work = createWork({
      behaviour: () => ({
        latency: { kind: 'fixed', ms: 5 },
        errors: { percent: 0, kinds: [], delayMs: 0 },
        cpuMs: 0,
        memoryMib: 32,
      }),
      luck: createLuck(1),
      mayAskForFaults: false,
      busyWork: {
        burn: () => expect.unreachable(),
        async hold(mebibytes) {
          asked.push(mebibytes);
          return held;
        },
      },
      delay() {
        waiting.resolve();
        return answers.promise;
      },
      secondsToReady: () => 0,
      capacity: undefined,
      onRejected: () => expect.unreachable(),
    });
    const server = fastify().get('/', async (request, reply) => {
      const end = await work(request, reply, []);
      end();
      return { is: 'answered' };
    });
    const answer = server.inject('/');
    await waiting.promise;
    expect(asked).toEqual([32]);
    expect(held).toHaveLength(1);
    answers.resolve();
    expect((await answer).json()).toEqual({ is: 'answered' });
    expect(held).toHaveLength(0);
  });
});
