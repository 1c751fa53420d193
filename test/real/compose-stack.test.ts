import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../src/demo/programs/find-program.ts';
import { remoteWrite } from '../../src/forecast/history/remote-write.ts';
import { eventually } from '../eventually.ts';
import { createKedaCaller } from '../integration/scaler-client.ts';
import { clusterMetrics, dashboardFiles, queriesOf, withVariables } from '../repository/dashboard-files.ts';
import { projectRoot } from '../repository/project-files.ts';
import { selectorsOf } from '../repository/promql.ts';
import { type ComposeStack, startComposeStack } from './compose-stack.ts';
import { whyMissing } from './real-programs.ts';

const missing = await whyMissing('prometheus');
const note = missing === undefined ? '' : ` (skipped: ${missing})`;
const noK6 = await whyMissing('k6');

/** Twenty seconds here; a machine may be busy with other suites. */
const hookTimeoutMs = 180_000;

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

async function ask(url: string, path: string, form: Readonly<Record<string, string>>): Promise<Sample[]> {
  const answer = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(form) });
  const body = (await answer.json()) as { status: string; error?: string; data?: { result: Sample[] } };
  if (body.status !== 'success') throw new Error(`${form['query']}: ${body.error}`);
  return body.data?.result ?? [];
}

/** What KEDA's operator and kube-state-metrics would have: nobody plays them here. */
async function writeClusterMetrics(url: string): Promise<void> {
  const labels: Readonly<Record<string, string>> = {
    namespace: 'telemetry',
    scaledObject: 'app-a',
    scaler: 'externalScaler',
    triggerIndex: '0',
    metric: 's0-forescale-demand',
    type: 'scaledobject',
    resource: 'app-a',
    horizontalpodautoscaler: 'keda-hpa-app-a',
  };
  const now = Math.floor(Date.now() / 1000);
  const timestamps = Float64Array.from({ length: 20 }, (_, second) => now - 19 + second);
  for (const [metric, { isCounter }] of Object.entries(clusterMetrics)) {
    const kind = isCounter ? 'counter' : 'gauge';
    const values = timestamps.map((_, row) => (isCounter ? row : 1));
    await remoteWrite({ url, series: { metric, labels, kind, timestamps, values } });
  }
}

/** More at once than app-a has room for, so that some wait and some are shed. */
async function sendBurst(url: string, count: number): Promise<number[]> {
  const one = async () => {
    const answer = await fetch(`${url}/process`, { method: 'POST', body: '[]' });
    await answer.arrayBuffer();
    return answer.status;
  };
  return Promise.all(Array.from({ length: count }, one));
}

/** Two days in two seconds; the rest is as compose.yaml has it. */
function loadShortly(stack: ComposeStack, folder: string): ReturnType<ComposeStack['load']> {
  mkdirSync(join(folder, 'results'));
  return stack.load(folder, {
    LOAD_WEEK_SECONDS: '7',
    LOAD_DAYS: '2',
    LOAD_MAX_P95_MS: '5000',
    LOAD_SUMMARY_DIR: join(folder, 'results'),
  });
}

describe.skipIf(missing)(`what compose.yaml runs, as processes${note}`, () => {
  let stack: ComposeStack;
  let up: Sample[];
  let seeded: Awaited<ReturnType<ComposeStack['run']>>;
  let played: Awaited<ReturnType<ComposeStack['run']>>;
  let statuses: number[];
  let startedAt: number;
  let loaded: Awaited<ReturnType<ComposeStack['load']>> | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'forescale-compose-'));

  beforeAll(async () => {
    startedAt = Math.floor(Date.now() / 1000);
    stack = await startComposeStack();
    seeded = await stack.run('seed');
    // Load before the first scrape would be in no rate: they need a sample from before it.
    up = await eventually(
      () => ask(stack.prometheusUrl, 'query', { query: 'sum by (job) (up)' }),
      (samples) => samples.reduce((sum, { value }) => sum + Number(value?.[1]), 0) === 5,
    );
    await fetch(`${stack.appUrl}/admin/faults`, {
      method: 'PUT',
      body: JSON.stringify({ faults: { errors: { percent: 25 } }, durationSeconds: 600 }),
    });
    // One whose query fails: what the panels of failures show.
    const keda = createKedaCaller(stack.grpcPort);
    await keda.value('broken', { query: 'sum(', threshold: '1' }).catch(() => undefined);
    keda.close();
    const faster = ['--polling-interval=1s', '--hpa-sync=1s', '--for=8s'];
    const playing = stack.run('keda-sim', [`--address=127.0.0.1:${stack.grpcPort}`, ...faster]);
    statuses = [];
    for (let second = 0; second < 3; second++) statuses.push(...(await sendBurst(stack.appUrl, 150)));
    if (noK6 === undefined) loaded = await loadShortly(stack, folder);
    played = await playing;
    await writeClusterMetrics(stack.prometheusUrl);
    // The history is read in the background; five horizons, three quantiles.
    const query = 'count(forescale_forecast{namespace="telemetry", name="app-a"})';
    await eventually(
      () => ask(stack.prometheusUrl, 'query', { query }),
      ([count]) => count?.value?.[1] === '15',
    );
  }, hookTimeoutMs);
  afterAll(async () => {
    await stack?.stop();
    rmSync(folder, { recursive: true });
  });

  it('has a configuration that promtool finds nothing wrong with', async () => {
    const { path } = await findProgram('promtool', process.env);
    const printed = execFileSync(path, ['check', 'config', 'compose/prometheus.yml'], {
      cwd: projectRoot,
      encoding: 'utf8',
    });
    expect(printed).toContain('is valid prometheus config file syntax');
  });

  it('is scraped: the chain, the scaler, Prometheus itself', () => {
    expect(Object.fromEntries(up.map(({ metric, value }) => [metric['job'], value?.[1]]))).toEqual({
      'telemetry-app': '3',
      forescale: '1',
      prometheus: '1',
    });
  });

  it('is seeded with two weeks that are read back', () => {
    expect(seeded.output).toMatch(/^20161 samples of app_requests_total\{.*app="app-a".* 20161 read back/);
    expect(seeded.exitCode).toBe(0);
  });

  it('answers along the chain, and sheds what is too much', () => {
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(50);
    expect(statuses.filter((status) => status === 503).length).toBeGreaterThan(50);
  });

  it('is asked by keda-sim, which prints what KEDA and the HPA would do', () => {
    expect(played.exitCode, played.output).toBe(0);
    const { polls, failed } = /polls +(?<polls>\d+), (?<failed>\d+) failed/.exec(played.output)?.groups ?? {};
    expect(Number(polls)).toBeGreaterThan(2);
    expect(failed).toBe('0');
    expect(played.output).toMatch(/^replicas +\d+ to \d+/m);
  });

  it.skipIf(noK6)(
    `is loaded by k6 with what is mounted for it${noK6 === undefined ? '' : ` (skipped: ${noK6})`}`,
    async () => {
      expect(loaded?.output).toMatch(/^realistic: \w+ after/m);
      // One request in four failed, by order: 99 is k6's word for a rule that was broken.
      expect(loaded?.exitCode, loaded?.output).toBe(99);
      const query = 'sum(k6_http_reqs_total{script="realistic",name="POST /process"})';
      const written = await ask(stack.prometheusUrl, 'query', { query });
      expect(Number(written[0]?.value?.[1])).toBeGreaterThan(20);
      expect(existsSync(join(folder, 'results/realistic.json'))).toBe(true);
    },
  );

  it.each(dashboardFiles.map((file) => [file.title, file] as const))(
    'fills every panel of the dashboard %s',
    async (_, file) => {
      const url = stack.prometheusUrl;
      const values: Record<string, string> = {
        // A scrape a second and four of them, as Grafana would find; a lead time as long as the test has run.
        __rate_interval: '4s',
        lead: '2s',
      };
      for (const { name, type, query } of file.templating.list) {
        if (type !== 'query') continue;
        const [, selector = '', label = ''] = /^label_values\((.*), (\w+)\)$/s.exec(query) ?? [];
        const found = await ask(url, 'query', {
          query: `group by (${label}) (last_over_time(${withVariables(selector, values)}[1m]))`,
        });
        const labels = found.map(({ metric }) => metric[label] ?? '').filter((value) => value !== '');
        expect(labels, `${name}: ${query}`).not.toEqual([]);
        values[name] = chosen(name, labels);
      }
      const now = Date.now() / 1000;
      const empty: string[] = [];
      const queries = queriesOf(file);
      for (const { panel, expr, isInstant } of queries) {
        // An annotation is where something happened, which in so short a run nothing may: what is compared must be there.
        const query = withVariables(expr, values).replace(/ > 0$/, '');
        const form: Record<string, string> = isInstant
          ? { query, time: String(now) }
          : // As the dashboard is: into the future, where the forecast goes on.
            { query, start: String(startedAt), end: String(now + 3600), step: '1' };
        const result = await ask(url, isInstant ? 'query' : 'query_range', form);
        const numbers = result.flatMap(({ value, values: many = [] }) => [
          ...many,
          ...(value ? [value] : []),
        ]);
        if (!numbers.some(([, text]) => Number.isFinite(Number(text)))) empty.push(`${panel}: ${query}`);
      }
      expect(queries.length).toBeGreaterThan(25);
      expect(empty).toEqual([]);
    },
  );

  it('has of KEDA and the cluster only what the test wrote, and the dashboards ask for all of it', async () => {
    const asked = dashboardFiles
      .flatMap(queriesOf)
      .flatMap(({ expr }) => selectorsOf(expr).map(({ metric }) => metric))
      .filter((metric) => /^(?:keda|kube)_/.test(metric));
    expect([...new Set(asked)].sort()).toEqual(Object.keys(clusterMetrics).sort());
  });
});

/** What a reader would choose: all of them where all can be, the workload that is played, the shortest horizon. */
function chosen(name: string, labels: readonly string[]): string {
  if (['job', 'app', 'instance'].includes(name)) return labels.join('|');
  if (name === 'workload') return 'app-a';
  if (name === 'namespace') return 'telemetry';
  return [...labels].sort((a, b) => Number(a) - Number(b))[0] ?? '';
}
