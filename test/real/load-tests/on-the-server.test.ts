import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrometheus } from '../../../src/history/prometheus/prometheus.ts';
import { createWorkingWeek } from '../../../src/load-shapes/index.ts';
import { remoteWrite } from '../../../src/seed/remote-write.ts';
import { startPrometheus } from '../../../tools/programs/prometheus.ts';
import type { RunningProgram } from '../../../tools/programs/server-process.ts';
import { eventually } from '../../support/eventually.ts';
import { createKedaCaller } from '../integration/scaler-client.ts';
import { skippedNote, whyMissing } from '../real-programs.ts';
import { type ServeProcess, startServeProcess } from '../serve-process.ts';
import { startApp } from '../telemetry-app/app-process.ts';
import { expectPassed, runLoad } from './load-run.ts';

const missing = (await whyMissing('k6')) ?? (await whyMissing('prometheus'));
const note = skippedNote(missing);

describe.skipIf(missing)(`the load tests on a real server${note}`, () => {
  const metadata = { query: 'shop_requests', threshold: '10' };
  let prometheus: RunningProgram;
  let server: ServeProcess;

  beforeAll(async () => {
    prometheus = await startPrometheus({ env: process.env });
    const week = createWorkingWeek({ peakRequestsPerSecond: 200, seed: 3 });
    const end = Math.floor(Date.now() / 60_000) * 60;
    const timestamps = Float64Array.from({ length: 14 * 1440 }, (_, row) => end - (14 * 1440 - 1 - row) * 60);
    await remoteWrite({
      url: prometheus.url,
      series: {
        metric: 'shop_requests',
        labels: {},
        kind: 'gauge',
        timestamps,
        values: timestamps.map(week),
      },
    });
    server = await startServeProcess(prometheus.url);
    const keda = createKedaCaller(server.grpcPort);
    await keda.value('load', metadata);
    keda.close();
    await eventually(
      async () => {
        const answer = await fetch(`${server.httpUrl}/api/v1/workloads/shop/load/forecast?horizon=2h`);
        return (await answer.json()) as { status: string };
      },
      ({ status }) => status === 'ok',
    );
  });
  afterAll(async () => {
    await server?.stop();
    await prometheus?.stop();
  });

  it('api asks every route, and gets numbers', async () => {
    const run = await runLoad('api', { LOAD_API_URL: server.httpUrl });
    expectPassed(run);
    const asked = run.report.latencies.map(({ name }) => /\{name:(\w+)\}/.exec(name)?.[1]);
    expect(asked).toEqual(
      expect.arrayContaining([
        'status',
        'workloads',
        'workload',
        'forecast',
        'history',
        'accuracy',
        'outcome',
        'explain',
      ]),
    );
    expect(run.report.checks.map(({ name }) => name)).toContain(
      'forecast has points with numbers, or that it is learning',
    );
  });

  it('api says that a workload nobody knows is none', async () => {
    const run = await runLoad('api', {
      LOAD_API_URL: server.httpUrl,
      LOAD_WORKLOAD: 'shop/nobody',
      LOAD_SECONDS: '1',
    });
    expect(run.exitCode, run.output).toBe(99);
    expect(run.report.checks.find(({ name }) => name === 'explain answers 200')).toMatchObject({ passes: 0 });
  });

  it('scaler polls several workloads as KEDA does', async () => {
    const run = await runLoad('scaler', {
      LOAD_GRPC_ADDRESS: `127.0.0.1:${server.grpcPort}`,
      LOAD_WORKLOAD: 'shop/polled',
      LOAD_WORKLOADS: '3',
      LOAD_QUERY: metadata.query,
      LOAD_THRESHOLD: '7.5',
    });
    expectPassed(run);
    const asked = run.report.latencies.map(({ name }) => /\{method:(\w+)\}/.exec(name)?.[1]);
    expect(asked).toEqual(expect.arrayContaining(['GetMetricSpec', 'GetMetrics', 'IsActive']));
    const listed = await fetch(`${server.httpUrl}/api/v1/workloads`);
    const { workloads } = (await listed.json()) as { workloads: { name: string }[] };
    expect(workloads.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['polled-1', 'polled-2', 'polled-3']),
    );
  });

  it('scaler passes on what is wrong with a trigger', async () => {
    const run = await runLoad('scaler', {
      LOAD_GRPC_ADDRESS: `127.0.0.1:${server.grpcPort}`,
      LOAD_QUERY: 'sum(',
      LOAD_WORKLOAD: 'shop/wrong',
      LOAD_SECONDS: '1',
    });
    expect(run.exitCode, run.output).not.toBe(0);
    expect(run.report.passed).toBe(false);
  });

  it('writes its metrics into Prometheus when it is told where that is', async () => {
    const app = await startApp({ APP_LOG_LEVEL: 'info' });
    const source = openPrometheus({ url: prometheus.url });
    try {
      const run = await runLoad('smoke', {
        LOAD_URL: app.url,
        LOAD_PROMETHEUS: prometheus.url,
        LOAD_SECONDS: '2',
      });
      expectPassed(run);
      const query = 'sum(k6_http_reqs_total{script="smoke",name="POST /process"})';
      const written = await source.instant({ query, atSeconds: Date.now() / 1000 });
      expect(written).toMatchObject({ kind: 'value', value: run.report.iterations });
    } finally {
      await source.close();
      app.signal('SIGTERM');
      await app.exited;
    }
  });
});
