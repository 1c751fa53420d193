import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettings } from '../../loadtests/lib/read-settings.ts';
import type { ScriptName } from '../../loadtests/lib/scripts.ts';
import { arrivalsOf } from '../../loadtests/lib/stages.ts';
import { growingStages, spikeStages, steadyStages, weekOf } from '../../loadtests/lib/wanted-load.ts';
import { openPrometheus } from '../../src/history/prometheus/prometheus.ts';
import { createWorkingWeek } from '../../src/load-shapes/index.ts';
import { remoteWrite } from '../../src/seed/remote-write.ts';
import { findProgram } from '../../tools/programs/find-program.ts';
import { startPrometheus } from '../../tools/programs/prometheus.ts';
import type { RunningProgram } from '../../tools/programs/server-process.ts';
import { projectRoot } from '../repository/project-files.ts';
import { eventually } from '../support/eventually.ts';
import { createKedaCaller } from './integration/scaler-client.ts';
import { type LoadRun, runLoad, startLoad } from './load-run.ts';
import { whyMissing } from './real-programs.ts';
import { type ServeProcess, startServeProcess } from './serve-process.ts';
import { type AppProcess, startApp } from './telemetry-app/app-process.ts';

const missing = await whyMissing('k6');
const missingPrometheus = await whyMissing('prometheus');
const note = (why: string | undefined) => (why === undefined ? '' : ` (skipped: ${why})`);
/** A test may wait for a processor that other suites have. */
const timeout = 90_000;
const short = { LOAD_SHORT: '1' };
const refused = 'http://127.0.0.1:9';

function expectPassed({ exitCode, output, report, junit, html }: LoadRun): void {
  expect(exitCode, output).toBe(0);
  expect(report.passed, output).toBe(true);
  expect(report.rules.length).toBeGreaterThan(2);
  expect(report.checks.length).toBeGreaterThan(0);
  expect(report.checks.filter(({ passes, fails }) => passes === 0 || fails > 0)).toEqual([]);
  expect(junit).toMatch(/<testsuites tests="\d+" failures="0"/);
  expect(html).toMatch(/<title>\w+: passed<\/title>/);
  expect(output).toMatch(/\w+: passed after/);
}

describe.skipIf(missing)(`the load tests on a real telemetry app${note(missing)}`, { timeout }, () => {
  let app: AppProcess;
  beforeAll(async () => {
    app = await startApp({ APP_NAME: 'app-a', APP_LOG_LEVEL: 'info' });
  });
  afterAll(async () => {
    app?.signal('SIGTERM');
    await app?.exited;
  });

  /** Requests the app itself has counted on `POST /process`. */
  async function counted(): Promise<number> {
    const text = await (await fetch(`${app.url}/metrics`)).text();
    const rows = [...text.matchAll(/^app_requests_total\{([^}]*)\} (\d+)/gm)];
    return rows
      .filter(([, labels = '']) => labels.includes('route="/process"'))
      .reduce((sum, [, , count]) => sum + Number(count), 0);
  }

  it.each([
    ['smoke', steadyStages(readSettings('smoke', short))],
    ['basic', growingStages(readSettings('basic', short))],
    ['spike', spikeStages(readSettings('spike', short))],
  ] as const)('%s sends what it wants to send, and the app counts the same', async (script, stages) => {
    const before = await counted();
    const run = await runLoad(script, { LOAD_URL: app.url });
    expectPassed(run);
    const wanted = arrivalsOf(stages);
    expect(Math.abs(run.report.iterations - wanted)).toBeLessThanOrEqual(1 + wanted * 0.05);
    expect((await counted()) - before).toBe(run.report.iterations);
  });

  it('soak tells the thirds of the run apart', async () => {
    const run = await runLoad('soak', { LOAD_URL: app.url });
    expectPassed(run);
    const thirds = run.report.latencies.filter(({ name }) => name.includes('{third:'));
    expect(thirds).toHaveLength(3);
    // To half of it: what is sent late, on a machine that is busy, belongs to the third it is sent in.
    for (const { count } of thirds)
      expect(Math.abs(count - run.report.iterations / 3)).toBeLessThanOrEqual(run.report.iterations / 6);
    expect(thirds.reduce((sum, { count }) => sum + count, 0)).toBe(run.report.iterations);
  });

  it('realistic sends a busy week and a quieter weekend, told apart in the summary', async () => {
    const run = await runLoad('realistic', { LOAD_URL: app.url });
    expectPassed(run);
    const wanted = arrivalsOf(weekOf(readSettings('realistic', short)).stages);
    expect(Math.abs(run.report.iterations - wanted)).toBeLessThanOrEqual(1 + wanted * 0.05);
    const count = (part: string) =>
      run.report.latencies.find(({ name }) => name === `http_req_duration{part:${part}}`)?.count ?? 0;
    expect(count('weekday') + count('weekend')).toBe(run.report.iterations);
    expect(count('weekend')).toBeGreaterThan(0);
    expect(count('weekend') / 2).toBeLessThan((0.8 * count('weekday')) / 5);
  });

  it.each([
    // Only the launcher is told, as `kill` and a container's stop do.
    ['SIGTERM', (pid: number) => pid],
    // The whole group is told, as a terminal's Ctrl-C does.
    ['SIGINT', (pid: number) => -pid],
  ] as const)(
    'ends in order on %s, with a summary of what was, and leaves nothing running',
    async (signal, of) => {
      const running = startLoad('soak', { LOAD_URL: app.url, LOAD_SECONDS: '50' });
      const before = await counted();
      await eventually(counted, (count) => count > before + 10);
      process.kill(of(running.pid), signal);
      const { exitCode, report, output } = await running.ended;
      expect(exitCode, output).toBe(105);
      expect(report.seconds).toBeLessThan(45);
      expect(report.passed).toBe(false);
      expect(output).toContain('it was stopped');
      expect(report.iterations).toBeGreaterThan(5);
      expect(() => process.kill(-running.pid, 0)).toThrow('ESRCH');
    },
  );
});

describe.skipIf(missing)(`the load tests at full length${note(missing)}`, () => {
  /** How k6 itself reads a script, without sending anything: seconds, most virtual users. */
  async function inspect(script: ScriptName, variables: Readonly<Record<string, string>> = {}) {
    const { path } = await findProgram('k6', process.env);
    const args = [
      'inspect',
      '--execution-requirements',
      '--include-system-env-vars',
      `loadtests/${script}.ts`,
    ];
    const env = { PATH: process.env['PATH'], ...variables };
    const printed = execFileSync(path, args, { cwd: projectRoot, encoding: 'utf8', env });
    return JSON.parse(printed) as { totalDuration: string; maxVUs: number };
  }

  it.each([
    // Five seconds more than it sends, for the last answers.
    ['smoke', '15s', 15],
    ['basic', '5m5s', 255],
    ['realistic', '28m5s', 260],
    ['spike', '4m5s', 255],
    ['soak', '1h0m5s', 105],
    ['api', '1m5s', 55],
    ['scaler', '1m5s', 255],
  ] as const)(
    '%s is what k6 takes it for: %s, at most %i requests at once',
    async (script, totalDuration, maxVUs) => {
      expect(await inspect(script)).toMatchObject({ totalDuration, maxVUs });
    },
  );

  it('ten weeks in real time are no longer than ten weeks', async () => {
    const tenWeeks = { LOAD_WEEK_SECONDS: '604800', LOAD_DAYS: '70', LOAD_GROWTH: '0.05' };
    expect(await inspect('realistic', tenWeeks)).toMatchObject({ totalDuration: '1680h0m5s' });
  });
});

describe.skipIf(missing)(`a load test that must fail${note(missing)}`, { timeout }, () => {
  it('does so where half of the answers are errors, and says which rules are broken', async () => {
    const app = await startApp({ APP_ERRORS: '50', APP_SEED: '1', APP_LOG_LEVEL: 'info' });
    try {
      const { exitCode, output, report, junit, html } = await runLoad('basic', {
        LOAD_URL: app.url,
        LOAD_SECONDS: '3',
      });
      expect(exitCode, output).toBe(99);
      const broken = report.rules.filter(({ passed }) => !passed);
      expect(broken.map(({ metric }) => metric)).toEqual(['checks', 'http_req_failed']);
      for (const { value = Number.NaN } of broken) expect(Math.abs(value - 0.5)).toBeLessThan(0.2);
      expect(report.passed).toBe(false);
      expect(output).toMatch(/basic: FAILED.*http_req_failed rate<0\.01 .*BROKEN/s);
      expect(junit).toMatch(/failures="2".*name="http_req_failed rate&lt;0.01"><failure/s);
      expect(html).toContain('<title>basic: failed</title>');
    } finally {
      app.signal('SIGTERM');
      await app.exited;
    }
  });

  it('does so where answers are slower than allowed', async () => {
    const app = await startApp({ APP_LATENCY: '300', APP_SEED: '1', APP_LOG_LEVEL: 'info' });
    try {
      const run = await runLoad('basic', { LOAD_URL: app.url, LOAD_MAX_P95_MS: '100', LOAD_SECONDS: '2' });
      expect(run.exitCode, run.output).toBe(99);
      expect(run.report.rules.filter(({ passed }) => !passed).map(({ metric }) => metric)).toContain(
        'http_req_duration{expected_response:true}',
      );
    } finally {
      app.signal('SIGTERM');
      await app.exited;
    }
  });

  it('does so where nobody is there, and says what to do', async () => {
    const { exitCode, output, report } = await runLoad('smoke', { LOAD_URL: refused });
    expect(exitCode, output).toBe(108);
    expect(output).toContain(`${refused}/readyz did not answer 200`);
    expect(output).toContain('start the telemetry app, or set LOAD_URL to where it is');
    expect(report).toMatchObject({ passed: false, iterations: 0 });
  });

  it('does so where no scaler is there, without the stack of a program that broke', async () => {
    const { exitCode, output, report } = await runLoad('scaler', {
      LOAD_GRPC_ADDRESS: new URL(refused).host,
    });
    expect(exitCode, output).toBe(108);
    expect(output).toContain('start forescale serve, or set LOAD_GRPC_ADDRESS to its gRPC address');
    expect(output).not.toContain('GoError');
    expect(output).toMatch(/checks rate>[\d.]+ +– +not measured/);
    expect(report).toMatchObject({ passed: false, iterations: 0 });
  });
});

const missingHere = missing ?? missingPrometheus;

describe.skipIf(missingHere)(`the load tests on a real server${note(missingHere)}`, { timeout }, () => {
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

describe('the command of the load tests', () => {
  it('tells k6 to report to nobody, where to write, and what the user adds', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'forescale-k6-'));
    const fake = join(folder, 'k6');
    // Says it is k6 2, and else what it was told.
    const says = '[ "$1" = version ] && echo "k6 v2.2.0" || echo "$* $K6_PROMETHEUS_RW_SERVER_URL"';
    writeFileSync(fake, `#!/bin/sh\n${says}\n`, { mode: 0o755 });
    try {
      const { exitCode, output } = await runLoad('soak', {
        PATH: `${folder}:${process.env['PATH']}`,
        LOAD_PROMETHEUS: 'http://prometheus:9090/',
      });
      expect(exitCode, output).toBe(0);
      expect(output).toMatch(
        /^run --no-usage-report --tag script=soak --out experimental-prometheus-rw --quiet \S+\/loadtests\/soak\.ts http:\/\/prometheus:9090\/api\/v1\/write\n/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['', {}, /^SCRIPT is not set\n\nusage: make load SCRIPT=name.*realistic.*LOAD_WEEK_SECONDS/s],
    ['realistc', {}, /^SCRIPT is "realistc", which is no load test; did you mean realistic\?\n\nusage/],
    [
      'basic',
      { LOAD_SECONDS: 'x', LOAD_PEEK_RPS: '3', K6_VUS: '3', LOAD_PROMETHEUS: 'prom' },
      /^LOAD_SECONDS is "x" but must be .*\nLOAD_PEEK_RPS is no variable .* LOAD_PEAK_RPS\?\nK6_VUS would replace .* use LOAD_PEAK_RPS\nLOAD_PROMETHEUS is "prom" but must be .*\n$/,
    ],
  ])('refuses "%s" with %j before anything is sent', async (script, variables, message) => {
    const { exitCode, output } = await runLoad(script, { LOAD_SUMMARY_DIR: '/nowhere', ...variables });
    expect(exitCode).toBe(2);
    expect(output).toMatch(message);
  });
});
