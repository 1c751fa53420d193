import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createApiApp } from '../../../src/api/app.ts';
import type { ApiInstance } from '../../../src/api/instance.ts';
import type { ApiOptions } from '../../../src/api/ports.ts';
import type { Decision, WorkloadView } from '../../../src/forecast/workload-view.ts';
import { apiOptions, goodDecision, modelOf, nowSeconds, problemOf, taught, workloadOf } from './fixture.ts';

interface Event {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Reads events with the client that comes with Node: what arrives, as it arrives. */
async function readEvents(url: string) {
  const stop = new AbortController();
  const response = await fetch(url, { signal: stop.signal });
  const events: Event[] = [];
  const comments: string[] = [];
  let isOver = false;
  const reading = (async () => {
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
        if (block.startsWith(':')) comments.push(block);
        else if (field('data') !== '')
          events.push({ id: field('id'), event: field('event'), data: JSON.parse(field('data')) });
      }
    }
  })()
    .catch(() => undefined)
    .finally(() => {
      isOver = true;
    });
  return {
    response,
    events,
    comments,
    isOver: () => isOver,
    async stop() {
      stop.abort();
      await reading;
    },
  };
}

describe('the stream', () => {
  let app: ApiInstance | undefined;
  const stops: (() => unknown)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await app?.close();
    app = undefined;
  });

  /** A server with workloads whose decisions and rows the test changes. */
  async function serve(names: readonly string[], limits: ApiOptions['limits'] = {}) {
    const decisions = new Map<string, Decision>(names.map((name) => [name, goodDecision]));
    const rows = { newestSeconds: nowSeconds };
    const model = modelOf(taught(0), { newestSeconds: () => rows.newestSeconds });
    const known: WorkloadView[] = names.map((name) =>
      workloadOf(model, { name, decision: () => decisions.get(name) }),
    );
    app = await createApiApp(
      apiOptions({
        directory: {
          list: () => known,
          find: (namespace, name) => known.filter((one) => one.namespace === namespace && one.name === name),
        },
        limits: { streamLookMs: 5, ...limits },
      }),
    );
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const open = async (path: string) => {
      const reader = await readEvents(`${url}${path}`);
      stops.push(reader.stop);
      return reader;
    };
    const decide = (name: string, signal: number) =>
      decisions.set(name, { ...goodDecision, signal, atSeconds: nowSeconds + signal });
    return { url, open, decide, rows, known, port: Number(new URL(url).port) };
  }

  it('tells the decision of now, then each one that says something else, and new rows', async () => {
    const { open, decide, rows } = await serve(['web', 'cart']);
    const { events, response } = await open('/api/v1/workloads/shop/web/stream');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    await expect.poll(() => events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      event: 'decision',
      data: {
        namespace: 'shop',
        name: 'web',
        signal: 160,
        replicasAsked: 8,
        at: nowSeconds,
        unit: 'requests/s',
      },
    });
    decide('cart', 500);
    decide('web', 201);
    await expect.poll(() => events).toHaveLength(2);
    expect(events[1]?.data).toMatchObject({
      name: 'web',
      signal: 201,
      replicasAsked: 11,
      at: nowSeconds + 201,
    });
    decide('web', 201);
    rows.newestSeconds += 60;
    await expect.poll(() => events).toHaveLength(3);
    expect(events[2]).toMatchObject({
      event: 'row',
      data: { namespace: 'shop', name: 'web', trigger: 'a1b2c3d4', newestRowAt: nowSeconds + 60 },
    });
    expect(Number(events[2]?.id)).toBeGreaterThan(Number(events[1]?.id));
  });

  it('tells of all workloads, or those of a namespace, and of one that is known no longer', async () => {
    const { open, decide, known } = await serve(['web', 'cart']);
    const [all, none] = [await open('/api/v1/stream'), await open('/api/v1/stream?namespace=other')];
    // The first look is what changes are told against.
    const told = () => {
      decide('web', 300 + all.events.length);
      decide('cart', 300 + all.events.length);
      return new Set(all.events.map(({ data }) => data['name']));
    };
    await expect.poll(told).toEqual(new Set(['web', 'cart']));
    known.pop();
    await expect.poll(() => all.events.at(-1)).toMatchObject({ event: 'gone', data: { name: 'cart' } });
    expect(none.events).toEqual([]);
  });

  it('says from time to time that it is there, and ends when the server stops', async () => {
    const { open } = await serve(['web'], { streamHeartbeatMs: 5 });
    const reader = await open('/api/v1/stream');
    await expect.poll(() => reader.comments.length).toBeGreaterThan(2);
    await app?.close();
    app = undefined;
    await expect.poll(() => reader.isOver()).toBe(true);
  });

  it('is open to so many at once, and to the next when one has gone', async () => {
    const { open, url } = await serve(['web'], { streams: 2 });
    const first = await open('/api/v1/stream');
    await open('/api/v1/stream');
    const refused = await fetch(`${url}/api/v1/stream`);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: 'limit-reached' });
    await first.stop();
    await expect.poll(async () => (await open('/api/v1/stream')).response.status).toBe(200);
  });

  it('is for GET alone, and for workloads that there are', async () => {
    await serve(['web']);
    const head = await app?.inject({ method: 'HEAD', url: '/api/v1/stream' });
    expect([head?.statusCode, head?.headers['allow']]).toEqual([405, 'GET']);
    if (app === undefined) throw new Error('it serves');
    expect(await problemOf(app, '/api/v1/workloads/shop/nobody/stream')).toMatchObject({ status: 404 });
  });

  it('cuts off who does not read, so that little is kept for nobody', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `web-${index}`);
    const { port, url, decide } = await serve(names, { streamBytes: 16 * 1024 });
    const socket = connect({ port, host: '127.0.0.1' });
    stops.push(() => socket.destroy());
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    // It reads nothing from here on, so that it does not notice either when it is cut off.
    socket.pause();
    socket.write('GET /api/v1/stream HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    await expect.poll(connections).toBe(1);
    let signal = 1000;
    const decideAndCount = async () => {
      signal += 1;
      for (const name of names) decide(name, signal);
      const answer = await fetch(`${url}/api/v1/workloads/shop/web-1`, { headers: { connection: 'close' } });
      expect(await answer.json()).toMatchObject({ decision: { signal } });
      return connections();
    };
    await expect.poll(decideAndCount).toBe(0);
  });

  function connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      app?.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
    });
  }
});
