import { expect, it } from 'vitest';
import { openPrometheus } from '../../../../src/history/prometheus/prometheus.ts';
import type { History, InstantResult, OpenSource } from '../../../../src/history/source.ts';
import { toForescaleError } from '../../../../src/platform/errors.ts';
import { remoteWrite } from '../../../../src/seed/remote-write.ts';
import type { RunningProgram } from '../../../../tools/programs/server-process.ts';
import { startForwarder } from './forwarder.ts';

const minute = 60;
const end = Math.floor(Date.now() / 1000 / minute) * minute - 1800;
const apps = ['cart', 'shop', 'pay.v2', 'a-b', 'search', 'empty'];

/** Writes counters of several pods, of which one ends early, buckets and gauges, some of them not finite. */
async function writeSeries(url: string): Promise<void> {
  const write = (
    metric: string,
    labels: Record<string, string>,
    valueAt: (row: number) => number,
    rows = 40,
  ) => {
    const timestamps = Float64Array.from({ length: rows }, (_, row) => end - (39 - row) * 15);
    const values = timestamps.map((_, row) => valueAt(row));
    return remoteWrite({ url, series: { metric, labels, kind: 'gauge', timestamps, values } });
  };
  for (const [index, app] of apps.slice(0, -1).entries()) {
    for (const pod of ['p1', 'p2', 'p3']) {
      const slope = 1.1 + index / 3 + pod.length / 7 + Number(pod.slice(1)) / 11;
      await write('requests_total', { app, pod, path: '/{id}' }, (row) => row * slope);
    }
    await write(
      'depth',
      { app, note: 'it\'s "quoted" (and) # not a comment' },
      (row) => index + (row % 4) / 4,
    );
    for (const le of ['0.1', '1', '+Inf']) {
      await write('seconds_bucket', { app, le }, (row) => row * (le === '0.1' ? 1.3 : 2.7) + index);
    }
  }
  await write('depth', { app: 'stale' }, () => 5, 10);
  await write('broken', { app: 'cart' }, () => Number.NaN);
  await write('huge', { app: 'cart' }, () => 1.5e308);
}

/** Queries of every kind; the sum of several rates is only asked of engines that add up in an order of their own every time. */
function queriesOf(addsInOrder: boolean): string[] {
  const rates = addsInOrder ? 'requests_total{app="$"}' : 'requests_total{app="$",pod="p1"}';
  const each = [
    `sum(rate(${rates}[2m]))`,
    `sum(increase(${rates}[2m] offset 1m))`,
    `max(rate(requests_total{app="$",pod=~"p[12]"}[90s]))`,
    `count(requests_total{app="$"})`,
    `avg(depth{app="$"})`,
    `avg(avg_over_time(depth{app="$"}[3m])) # the mean`,
    `min(last_over_time(depth{app="$"}[1m]) @ ${end - 60})`,
    `sum(rate(requests_total{app="$",pod="p2"}[2m])) or vector(0)`,
    `max_over_time(sum(rate(requests_total{app="$",pod="p3"}[1m]))[3m:30s])`,
    `histogram_quantile(0.9, sum by (le) (rate(seconds_bucket{app="$"}[2m])))`,
    `depth{app="$",note="it's \\"quoted\\" (and) # not a comment"}`,
    'requests_total{app="$"}',
  ];
  return [
    ...each.flatMap((query) => apps.map((app) => query.replaceAll('$', app))),
    'sum(depth{app="stale"})',
    'sum(broken)',
    'sum(broken{app="cart"}) / 0',
    '-sum(huge)',
    'sum(huge) * 10',
    'vector(0) / 0',
    'sum(nobody_wrote_this{app="cart"})',
    'sum(depth{app="cart"}) +',
    'sum(depth{app="cart"}) or (sum(depth)',
    'sum(depth{app="cart"}), "forescale_member", "0", "", "") or label_replace(vector(7)',
    'sum(depth{app="cart"}))',
    'sum(depth{app=`cart`})',
    'no_such_function(depth)',
    '1 + 1',
    'time()',
    'scalar(sum(depth{app="cart"}))',
    'depth[5m]',
    '"a text"',
    'label_replace(sum(depth), "forescale_member", "0", "", "")',
    'quantile(2, depth{app="cart"})',
    '(sum(depth{app="cart"}) # a comment\n) + # another )\n 1',
    `sum(depth{app='cart'}) > 0`,
    'sum by (app) (depth{app="cart"})',
    'absent(depth{app="gone"})',
    'sum(depth{app="cart"} @ end())',
    'sum({__name__="depth", app="cart"})',
    'sum(depth{app="cart", app!="shop"})',
  ];
}

type Read = (query: string) => Promise<InstantResult | History>;

/** A busy machine is no slow source. */
const patient = { instantRequestTimeoutMs: 60_000, instantTimeoutMs: 120_000 };

/** What a read gives, or how it fails. */
async function ending(read: Read, query: string): Promise<unknown> {
  return read(query).catch((thrown) => {
    const { code, message } = toForescaleError(thrown);
    return { code, message };
  });
}

/** The suite that every engine with the Prometheus API must pass: asked together, queries are answered as they are alone, to the bit. */
export function sameAsAlone(engine: {
  start(): Promise<RunningProgram>;
  settle?(url: string): Promise<unknown>;
  readonly addsInOrder: boolean;
}): void {
  it('answers queries that are asked together as it answers each of them alone, with far fewer requests', async () => {
    const server = await engine.start();
    const forwarder = await startForwarder(server.url);
    const alone = openPrometheus({ url: server.url, jointQueries: 'off' }, { limits: patient });
    const joint = openPrometheus({ url: forwarder.url }, { limits: patient });
    try {
      await writeSeries(server.url);
      await engine.settle?.(server.url);
      const queries = queriesOf(engine.addsInOrder);
      const instant = (source: OpenSource) => (query: string) => source.instant({ query, atSeconds: end });
      const range = (source: OpenSource) => (query: string) =>
        source.range({
          query,
          startSeconds: end - 2 * minute,
          endSeconds: end - minute,
          stepSeconds: minute,
        });
      for (const reader of [instant, range]) {
        const wanted = await Promise.all(queries.map((query) => ending(reader(alone), query)));
        expect(new Set(wanted.map((one) => JSON.stringify(one))).size).toBeGreaterThan(30);
        const requests: number[] = [];
        for (let round = 0; round < 3; round++) {
          const before = forwarder.count();
          const got = await Promise.all(queries.map((query) => ending(reader(joint), query)));
          expect(Object.fromEntries(queries.map((query, at) => [query, withoutAddress(got[at])]))).toEqual(
            Object.fromEntries(queries.map((query, at) => [query, withoutAddress(wanted[at])])),
          );
          requests.push(forwarder.count() - before);
        }
        expect(requests.at(-1)).toBeLessThan(queries.length / 2);
      }
    } finally {
      await Promise.all([alone.close(), joint.close()]);
      await forwarder.close();
      await server.stop();
    }
  });
}

/** Messages name the address, which is that of the forwarder for one of the two, and some of several series in any order. */
function withoutAddress(ending: unknown): unknown {
  if (typeof ending !== 'object' || ending === null || !('message' in ending)) return ending;
  const message = String(ending.message)
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'ADDRESS')
    .replace(/series \(.*, …\)/, 'series');
  return { ...ending, message };
}
