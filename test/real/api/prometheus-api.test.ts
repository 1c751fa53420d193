import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remoteWrite } from '../../../src/seed/remote-write.ts';
import { findProgram } from '../../../tools/programs/find-program.ts';
import { startPrometheus } from '../../../tools/programs/prometheus.ts';
import type { RunningProgram } from '../../../tools/programs/server-process.ts';
import { eventually } from '../../support/eventually.ts';
import { skippedNote, whyMissing } from '../real-programs.ts';
import { type ServeProcess, startServeProcess } from '../serve-process.ts';

const missing = (await whyMissing('prometheus')) ?? (await whyMissing('promtool'));
const minute = 60;
const hour = 3_600;
const day = 86_400;
const polling = { interval: 200 };

interface Series {
  readonly metric: Record<string, string>;
  readonly value: [number, string];
  readonly values: [number, string][];
}
interface Forecast {
  readonly status: string;
  readonly origin: number;
  readonly stepSeconds: number;
  readonly points: { readonly t: number; readonly quantiles: Record<string, number> }[];
}

/** Requests per second of a shop that is busiest in the afternoon, with a ripple. */
const demandAt = (seconds: number) =>
  120 + 80 * Math.sin((2 * Math.PI * (seconds - 8 * hour)) / day) + 6 * Math.sin(seconds / 700);

describe.skipIf(missing)(`the Prometheus-compatible API and real clients${skippedNote(missing)}`, () => {
  let folder: string;
  let promtoolPath: string;
  let prometheus: RunningProgram;
  let server: ServeProcess;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
    promtoolPath = (await findProgram('promtool', process.env)).path;
    prometheus = await startPrometheus({ env: process.env });
    // Samples a little ahead of now keep the observed demand fresh while the test runs.
    const last = Math.floor(Date.now() / 1000 / minute) * minute + 9 * minute;
    const count = (9 * day) / minute;
    const timestamps = Float64Array.from(
      { length: count },
      (_, index) => last - (count - 1 - index) * minute,
    );
    const series = {
      metric: 'demand',
      labels: {},
      kind: 'gauge' as const,
      timestamps,
      values: timestamps.map(demandAt),
    };
    await remoteWrite({ url: prometheus.url, series });
    const workload = (name: string, query: string, mode = 'active') => ({
      namespace: 'shop',
      name,
      metadata: { query, threshold: '10', mode },
    });
    const config = {
      timing: { refreshInterval: '1s' },
      workloads: [
        workload('checkout', 'demand'),
        // What KEDA is told of it is another number each second.
        workload('moving', '100 + 10 * (time() % 50)', 'reactive'),
        workload('web', '2 * demand'),
      ],
    };
    writeFileSync(join(folder, 'config.yaml'), JSON.stringify(config));
    server = await startServeProcess(prometheus.url, { flags: ['--config', join(folder, 'config.yaml')] });
    await eventually(
      async () => (await forecastOf('web')).status,
      (status) => status === 'ok',
    );
  });
  afterAll(async () => {
    await server?.stop();
    await prometheus?.stop();
    rmSync(folder, { recursive: true });
  });

  const json = async <T>(path: string) => (await (await fetch(`${server.httpUrl}${path}`)).json()) as T;
  const forecastOf = (name: string) => json<Forecast>(`/api/v1/workloads/shop/${name}/forecast?horizon=6h`);

  /** What promtool prints; of queries it prints JSON. */
  async function promtool(...args: readonly string[]): Promise<string> {
    const [kind = '', ...rest] = args;
    const format = kind === 'instant' || kind === 'range' ? ['-o', 'json'] : [];
    const flags = rest.filter((arg) => arg.startsWith('--'));
    const others = rest.filter((arg) => !arg.startsWith('--'));
    const run = promisify(execFile);
    const all = ['query', ...format, kind, ...flags, `${server.httpUrl}/prometheus`, ...others];
    return (await run(promtoolPath, all)).stdout;
  }

  /** Both as of the same step of the model: asks again where a step was learned in between. */
  async function withForecast<T>(ask: (forecast: Forecast) => Promise<T>): Promise<readonly [Forecast, T]> {
    for (;;) {
      const before = await forecastOf('checkout');
      const answer = await ask(before);
      if ((await forecastOf('checkout')).origin === before.origin) return [before, answer];
    }
  }

  it('promtool query range reads from six hours ago to six hours ahead what the JSON API tells', async () => {
    const [{ points, origin, stepSeconds }, range] = await withForecast(async ({ origin, stepSeconds }) => {
      const span = [`--start=${origin - 6 * hour}`, `--end=${origin + 6 * hour}`, `--step=${stepSeconds}s`];
      const query = '{workload="checkout", __name__=~"forescale_(observed|forecast)"}';
      return JSON.parse(await promtool('range', ...span, query)) as Series[];
    });
    expect(points).toHaveLength((6 * hour) / stepSeconds);
    const valuesOf = (wanted: Record<string, string>) =>
      range
        .filter(({ metric }) => Object.entries(wanted).every(([label, value]) => metric[label] === value))
        .flatMap(({ values }) => values.map(([t, value]) => [t, Number(value)]));
    for (const quantile of ['0.5', '0.9', '0.95', '0.99']) {
      expect(valuesOf({ __name__: 'forescale_forecast', quantile })).toEqual(
        points.map(({ t, quantiles }) => [t, quantiles[quantile]]),
      );
    }
    const history = await json<{ timestamps: number[]; values: number[] }>(
      `/api/v1/workloads/shop/checkout/history?from=${origin - 6 * hour}&to=${origin}`,
    );
    expect(history.timestamps.length).toBeGreaterThan(70);
    const past = valuesOf({ __name__: 'forescale_observed' }).filter(([t = 0]) => t <= origin);
    expect(past).toEqual(history.timestamps.map((t, index) => [t, history.values[index]]));
  });

  it('promtool query instant reads what KEDA is told now, and a forecast of a moment ahead', async () => {
    const [, [ahead]] = await withForecast(async ({ points }) => {
      const point = points.at(-1);
      const query = 'max by (workload) (forescale_forecast{workload="checkout", quantile="0.99"})';
      const answer = JSON.parse(await promtool('instant', `--time=${point?.t}`, query)) as Series[];
      expect(answer.map(({ metric, value }) => [metric, Number(value[1])])).toEqual([
        [{ workload: 'checkout' }, point?.quantiles['0.99']],
      ]);
      return answer;
    });
    expect(ahead).toBeDefined();
    const same = async () => {
      const before = await json<{ decision: { signal: number }; replicasAsked: number }>(
        '/api/v1/workloads/shop/web',
      );
      const [signal] = JSON.parse(await promtool('instant', 'forescale_signal{workload="web"}')) as Series[];
      const [replicas] = JSON.parse(
        await promtool('instant', 'forescale_replicas_asked{workload="web"}'),
      ) as Series[];
      return [
        before.decision.signal === Number(signal?.value[1]),
        before.replicasAsked === Number(replicas?.value[1]),
      ];
    };
    // A decision may be made in between.
    await expect.poll(same, polling).toEqual([true, true]);
  });

  it('promtool query range reads of the past what the record of decisions has', async () => {
    const recorded = async () => {
      // A decision is on record a moment after it is made: the last seconds may still gain one between two questions.
      const settled = Math.floor(Date.now() / 1000) - 5;
      const path = `/api/v1/workloads/shop/moving/decisions?from=${settled - 300}&to=${settled}&step=1s`;
      return (await json<{ decisions: { at: number; signal: number | null }[] }>(path)).decisions;
    };
    await expect
      .poll(async () => new Set((await recorded()).map(({ signal }) => signal)).size, polling)
      .toBeGreaterThan(4);
    const decisions = await recorded();
    const at = decisions.map((decision) => decision.at);
    const span = [`--start=${at[0]}`, `--end=${at.at(-1)}`, '--step=1s'];
    const [series] = JSON.parse(
      await promtool('range', ...span, 'forescale_signal{workload="moving"}'),
    ) as Series[];
    const told = new Map(series?.values);
    const different = decisions.filter(
      ({ at, signal }) => Math.abs(Number(told.get(at)) - Number(signal)) > 0.001 * Number(signal),
    );
    expect(decisions.length).toBeGreaterThan(4);
    expect(different).toEqual([]);
  });

  it('promtool query labels and series list what the JSON API lists', async () => {
    const { workloads } = await json<{ workloads: { name: string }[] }>('/api/v1/workloads');
    const names = workloads.map(({ name }) => name).sort();
    expect(names).toEqual(['checkout', 'moving', 'web']);
    expect((await promtool('labels', 'workload')).trim().split('\n')).toEqual(names);
    expect((await promtool('labels', '--match=forescale_forecast', 'quantile')).trim().split('\n')).toEqual([
      '0.5',
      '0.9',
      '0.95',
      '0.99',
    ]);
    const series = (await promtool('series', '--match=forescale_peak', '--match=forescale_signal'))
      .trim()
      .split('\n');
    expect(series.sort()).toEqual(
      ['peak', 'signal'].flatMap((metric) =>
        names.map((name) => `{__name__="forescale_${metric}", namespace="shop", workload="${name}"}`),
      ),
    );
  });

  it('promtool is told why a query is refused', async () => {
    const refused: unknown = await promtool('instant', 'rate(forescale_signal[5m])').catch(
      (error: unknown) => error,
    );
    expect(String(refused)).toMatch(/is more PromQL than this API answers/);
  });

  it('answers the request of KEDA’s prometheus trigger with the one value that it wants', async () => {
    const time = new Date().toISOString().replace(/\.\d+/, '');
    const query = encodeURIComponent('forescale_peak{namespace="shop",workload="checkout"}');
    const { data } = await json<{ data: { result: Series[] } }>(
      `/prometheus/api/v1/query?query=${query}&time=${time}`,
    );
    expect(data.result).toHaveLength(1);
    const [, value] = data.result[0]?.value ?? [0, ''];
    expect(Number(value)).toBeGreaterThan(0);
  });

  it.each([
    ['query', 'query=1%2B1&time=4'],
    ['query', 'query=1&time=noon'],
    ['query', 'query=1&time=2026-01-06T09:00:00Z'],
    ['query', 'query=%22text%22&time=1.5'],
    ['query', 'query=nothing_of_the_kind%7Ba%3D%22b%22%7D&time=4'],
    ['query_range', 'query=1&start=0&end=2.5&step=1'],
    ['query_range', 'query=1&start=0&end=60&step=15s'],
    ['query_range', 'query=1&start=10&end=0&step=1'],
    ['query_range', 'query=1&start=0&end=10&step=0'],
    ['query_range', 'query=1&start=0&end=10&step=x'],
    ['query_range', 'query=1&start=x&end=10&step=1'],
    ['query_range', 'query=1&start=0&end=11000&step=1'],
    ['query_range', 'query=1&start=0&end=11001&step=1'],
    ['labels', 'start=x'],
    ['series', ''],
    ['label/a-b/values', ''],
  ])('answers %s?%s as a real Prometheus does, by GET and by POST', async (path, parameters) => {
    const ask = async (base: string, method: 'GET' | 'POST') => {
      const url = `${base}/api/v1/${path}`;
      const form = {
        method,
        body: parameters,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      };
      const response = await fetch(
        method === 'GET' ? `${url}?${parameters}` : url,
        method === 'GET' ? {} : form,
      );
      const answer = (await response.json()) as { warnings?: unknown };
      // Which names there are is said here only.
      delete answer.warnings;
      return [response.status, answer];
    };
    const methods = path.startsWith('label/') ? (['GET'] as const) : (['GET', 'POST'] as const);
    for (const method of methods) {
      expect(await ask(`${server.httpUrl}/prometheus`, method)).toEqual(await ask(prometheus.url, method));
    }
  });
});
