import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ForecastJson } from '../../../src/api/answers/forecast-json.ts';
import { parseCsvHistory } from '../../../src/history/csv.ts';
import { createWorkingWeek } from '../../../src/load-shapes/index.ts';
import { raiseOverTolerance } from '../../../src/scaler/decision/policy.ts';
import { remoteWrite } from '../../../src/seed/remote-write.ts';
import type { RunningServer } from '../../../src/server/start.ts';
import { startPrometheus } from '../../../tools/programs/prometheus.ts';
import type { RunningProgram } from '../../../tools/programs/server-process.ts';
import { eventually } from '../../support/eventually.ts';
import { tracePath, tracesNote } from '../../support/traces.ts';
import { skippedNote, whyMissing } from '../real-programs.ts';
import { startTestServer } from './running.ts';
import { createKedaCaller, type KedaCaller } from './scaler-client.ts';

const day = 86_400;
const nasa = 'web-nasa-jul95-1m';
const noNasa = tracesNote([nasa]);
const missing = await whyMissing('prometheus');

interface Scene {
  /** Rows up to the moment that becomes "now", and those of the two hours after it, which are withheld. */
  readonly known: readonly (readonly [number, number])[];
  readonly withheld: readonly number[];
}

/** A real trace up to Wednesday 1995-07-19, 10:00Z: six in the morning where the server stood, before the rise. */
function nasaScene(): Scene {
  const { timestamps, values } = parseCsvHistory(readFileSync(tracePath(nasa) ?? '', 'utf8'));
  const origin = Date.UTC(1995, 6, 19, 10) / 1000;
  const rows = Array.from(timestamps, (t, index) => [t, values[index] ?? Number.NaN] as const);
  return {
    known: rows.filter(([t]) => t <= origin),
    withheld: rows.filter(([t]) => t > origin && t <= origin + 7200).map(([, value]) => value),
  };
}

/** Three generated weeks up to Tuesday 2022-01-11, half past six. */
function generatedScene(): Scene {
  const week = createWorkingWeek({ peakRequestsPerSecond: 200, seed: 3 });
  const origin = Date.UTC(2022, 0, 11, 6, 30) / 1000;
  const at = (from: number, to: number) =>
    Array.from({ length: (to - from) / 60 }, (_, row) => from + (row + 1) * 60);
  return {
    known: at(origin - 21 * day, origin).map((t) => [t, week(t)] as const),
    withheld: at(origin, origin + 7200).map(week),
  };
}

describe.skipIf(missing !== undefined)(`the scaler on a real Prometheus${skippedNote(missing)}`, () => {
  let prometheus: RunningProgram;
  let server: RunningServer;
  let keda: KedaCaller;

  beforeAll(async () => {
    prometheus = await startPrometheus({ env: process.env });
    server = await startTestServer(prometheus.url);
    keda = createKedaCaller(server.grpcPort);
  });
  afterAll(async () => {
    keda?.close();
    await server?.close();
    await prometheus?.stop();
  });

  /**
   * Writes the scene so that its last known row is half a minute old at least, because the server asks as of some seconds ago, and gives
   * the metadata of a trigger that asks for it.
   */
  async function play(metric: string, { known }: Scene): Promise<Record<string, string>> {
    const last = known.at(-1)?.[0] ?? 0;
    const shift = Math.floor((Date.now() - 30_000) / 60_000) * 60 - last;
    await remoteWrite({
      url: prometheus.url,
      series: {
        metric,
        labels: {},
        kind: 'gauge',
        timestamps: Float64Array.from(known, ([t]) => t + shift),
        values: Float64Array.from(known, ([, value]) => value),
      },
    });
    return { query: metric, threshold: '10', predictHorizon: '2h', peakWindow: '2h' };
  }

  async function forecastOf(httpUrl: string, name: string): Promise<ForecastJson> {
    const response = await fetch(`${httpUrl}/api/v1/workloads/shop/${name}/forecast?horizon=2h`);
    return (await response.json()) as ForecastJson;
  }

  it.skipIf(noNasa !== '')(`is ready for the morning rise of a real trace${noNasa}`, () =>
    expectReadyFor('nasa', nasaScene()),
  );

  it('is ready for the morning ramp of a clean generated week', () =>
    expectReadyFor('week', generatedScene()));

  async function expectReadyFor(name: string, { known, withheld }: Scene): Promise<void> {
    const observed = known.at(-1)?.[1] ?? Number.NaN;
    const truth = Math.max(...withheld);
    const metadata = await play(`${name}_requests`, { known, withheld });

    // As KEDA asks: the specification, the value, the activity. At first sight it is the observed demand, at once.
    expect((await keda.spec(name, metadata)).targetSizeFloat).toBe(10);
    expect(await keda.value(name, metadata)).toBeGreaterThanOrEqual(observed);
    expect(await keda.isActive(name, metadata)).toBe(true);

    const forecast = await eventually(
      () => forecastOf(server.httpUrl, name),
      (seen) => seen.status === 'ok',
    );
    const medianPeak = Math.max(...forecast.points.map((point) => point.median));
    const served = await keda.value(name, metadata);
    expect(forecast.seasons).toContain(day);
    expect(medianPeak).toBeGreaterThanOrEqual(1.2 * observed);
    expect(served).toBeGreaterThanOrEqual(0.8 * truth);
    // Raised as any demand is, so that an HPA follows: a demand of 110.1 asks for the twelfth replica with 121.
    expect(served).toBeLessThanOrEqual(raiseOverTolerance(1.5 * truth, 10, 0.1));
  }

  it('agrees with a replica that was started later, to one per cent', async () => {
    const metadata = await play('agreed_requests', generatedScene());
    const ask = async (one: RunningServer) => {
      const caller = createKedaCaller(one.grpcPort);
      try {
        await caller.value('agreed', metadata);
        await eventually(
          () => forecastOf(one.httpUrl, 'agreed'),
          (seen) => seen.status === 'ok',
        );
        return await caller.value('agreed', metadata);
      } finally {
        caller.close();
      }
    };
    await ask(server);
    const other = await startTestServer(prometheus.url);
    try {
      const later = await ask(other);
      const first = await ask(server);
      expect(Math.abs(later / first - 1)).toBeLessThan(0.01);
    } finally {
      await other.close();
    }
  });

  it('shows in its metrics what it serves', async () => {
    const textOf = async (query: string) => (await fetch(`${server.httpUrl}/metrics${query}`)).text();
    const body = await textOf('');
    const details = await textOf('?workload=shop/week');
    for (const name of ['forescale_signal', 'forescale_observed', 'forescale_forecast']) {
      expect(body).toMatch(new RegExp(`^${name}\\{[^}]*name="week"[^}]*\\} [0-9.]+`, 'm'));
    }
    expect(details).toMatch(/^forescale_model_weight\{[^}]*name="week"[^}]*\} [0-9.]+/m);
    expect(body).toMatch(/forescale_rpc_requests_total\{method="GetMetrics",status="OK"\} \d+/);
    expect(body).toMatch(/forescale_state\{[^}]*name="week"[^}]*state="forecast"\} 1/);
  });
});
