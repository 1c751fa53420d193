import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../src/server/start.ts';
import { hasOpenssl, selfSigned } from '../../tools/certificates.ts';
import { findProgram } from '../../tools/programs/find-program.ts';
import {
  clusterMetrics,
  dashboardFiles,
  forecastsUid,
  queriesOf,
  shownPanels,
  withVariables,
} from '../repository/dashboard-files.ts';
import { projectRoot } from '../repository/project-files.ts';
import { selectorsOf } from '../repository/promql.ts';
import { rules } from '../repository/rule-files.ts';
import { launchChromium } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { type ClusterExporter, startClusterExporter } from './cluster-exporter.ts';
import { type ComposeStack, type ScrapeJob, startComposeStack } from './compose-stack.ts';
import { ask, askAnnotations, askPanels, chosenVariables, type Sample } from './dashboards/asked.ts';
import { bundleDrawing, drawDashboard, pictureFolder, whyNotDrawn } from './dashboards/drawn.ts';
import { startTestServer } from './integration/running.ts';
import { createKedaCaller } from './integration/scaler-client.ts';
import { skippedNote, whyMissing } from './real-programs.ts';

const missing = await whyMissing('prometheus');
const note = skippedNote(missing);
const noK6 = await whyMissing('k6');

/** Longest time for the stack to start. It takes twenty seconds here; other suites may keep a machine busy. */
const hookTimeoutMs = 300_000;

/** Scrape jobs for metrics that only a cluster, or only a server with certificates, has; compose.yaml has the others. */
function jobsBeyondCompose(
  cluster: ClusterExporter,
  secured: RunningServer | undefined,
  caFile: string,
): ScrapeJob[] {
  const job = (job_name: string, address: string, more: object) => ({
    job_name,
    honor_labels: true,
    static_configs: [{ targets: [address] }],
    ...more,
  });
  return [
    job('keda', cluster.address, { metrics_path: '/keda' }),
    job('kube-state-metrics', cluster.address, { metrics_path: '/kube-state-metrics' }),
    ...(secured === undefined
      ? []
      : [
          job('forescale-tls', new URL(secured.httpUrl).host, {
            scheme: 'https',
            tls_config: { ca_file: caFile },
          }),
        ]),
  ];
}

/** Sends more requests at once than app-a has room for, so that some wait and some are rejected. */
async function sendBurst(url: string, count: number): Promise<number[]> {
  const one = async () => {
    const answer = await fetch(`${url}/process`, { method: 'POST', body: '[]' });
    await answer.arrayBuffer();
    return answer.status;
  };
  return Promise.all(Array.from({ length: count }, one));
}

/** Runs the service `load` with two days in two seconds; its other settings are those of compose.yaml. */
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
  let cluster: ClusterExporter;
  let secured: RunningServer | undefined;
  let up: Sample[];
  let seeded: Awaited<ReturnType<ComposeStack['run']>>;
  let played: Awaited<ReturnType<ComposeStack['run']>>;
  let statuses: number[];
  let startedAt: number;
  /** When the event of the calendar begins, unix seconds. */
  let saleFrom: number;
  let loaded: Awaited<ReturnType<ComposeStack['load']>> | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'forescale-compose-'));
  const certificate = hasOpenssl ? selfSigned(folder, 'scaler') : { certFile: '', keyFile: '' };

  beforeAll(async () => {
    startedAt = Math.floor(Date.now() / 1000);
    cluster = await startClusterExporter('telemetry', 'app-a');
    const { certFile, keyFile } = certificate;
    const tls = { certFile, keyFile, clientCaFile: certFile };
    const months = 'calendars: [{name: months, days: [month-end]}]';
    secured = hasOpenssl ? await startTestServer(undefined, months, { tls }) : undefined;
    stack = await startComposeStack(jobsBeyondCompose(cluster, secured, certFile));
    seeded = await stack.run('seed');
    // Load before the first scrape would be in no rate: they need a sample from before it.
    up = await eventually(
      () => ask(stack.prometheusUrl, 'query', { query: 'sum by (job) (up)' }),
      (samples) =>
        samples.reduce((sum, { value }) => sum + Number(value?.[1]), 0) ===
        7 + (secured === undefined ? 0 : 1),
    );
    await fetch(`${stack.appUrl}/admin/faults`, {
      method: 'PUT',
      body: JSON.stringify({ faults: { errors: { percent: 25 } }, durationSeconds: 600 }),
    });
    // One whose query fails: what the panels of failures show.
    const keda = createKedaCaller(stack.grpcPort);
    await keda.value('broken', { query: 'sum(', threshold: '1' }).catch(() => undefined);
    keda.close();
    const eachSecond = [`--address=127.0.0.1:${stack.grpcPort}`, '--polling-interval=1s', '--hpa-sync=1s'];
    // The first question waits for Prometheus, two seconds at most, and a crowded machine may take longer: KEDA asks again, and so
    // does this, until there is an observation. No later question waits for anything.
    await eventually(
      () => stack.run('keda-sim', [...eachSecond, '--for=2s']),
      ({ output }) => / 0 failed/.test(output),
    );
    const playing = stack.run('keda-sim', [...eachSecond, '--for=8s']);
    statuses = [];
    // How many of a burst are answered and how many are rejected depends on how long the machine takes to send it.
    const wasSeen = (status: number) => statuses.filter((one) => one === status).length > 50;
    for (let burst = 0; burst < 3 || (burst < 30 && !(wasSeen(200) && wasSeen(503))); burst++)
      statuses.push(...(await sendBurst(stack.appUrl, 150)));
    if (noK6 === undefined) loaded = await loadShortly(stack, folder);
    played = await playing;
    // The history is read in the background; an hour ahead, two quantiles.
    saleFrom = Math.floor(Date.now() / 1000) + 3600;
    await fetch(`${stack.forescaleUrl}/api/v1/calendars/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'Sale',
        from: `${new Date(1000 * saleFrom).toISOString().slice(0, 19)}Z`,
        ratio: 1,
        workloads: ['telemetry/app-a'],
      }),
    });
    const query = 'count(forescale_forecast{namespace="telemetry", name="app-a"})';
    await eventually(
      () => ask(stack.prometheusUrl, 'query', { query }),
      ([count]) => count?.value?.[1] === '2',
    );
    // A workload knows of an event once its model has read the calendar.
    const event = 'forescale_event{namespace="telemetry", workload="app-a"}';
    const hours = { start: String(startedAt), end: String(saleFrom + 3600), step: '60' };
    await eventually(
      () => ask(`${stack.forescaleUrl}/prometheus`, 'query_range', { query: event, ...hours }),
      (found) => found.length > 0,
    );
  }, hookTimeoutMs);
  afterAll(async () => {
    await stack?.stop();
    await secured?.close();
    await cluster?.close();
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

  it('is scraped: the chain, the scaler, Prometheus itself; a scaler with mutual TLS too, by HTTPS', () => {
    expect(Object.fromEntries(up.map(({ metric, value }) => [metric['job'], value?.[1]]))).toEqual({
      keda: '1',
      'kube-state-metrics': '1',
      ...(secured !== undefined && { 'forescale-tls': '1' }),
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
    expect(failed, played.output).toBe('0');
    expect(played.output).toMatch(/^replicas +\d+ to \d+/m);
  });

  it.skipIf(noK6)(`is loaded by k6 with what is mounted for it${skippedNote(noK6)}`, async () => {
    expect(loaded?.output).toMatch(/^realistic: \w+ after/m);
    // One request in four failed, by order: 99 is k6's word for a rule that was broken.
    expect(loaded?.exitCode, loaded?.output).toBe(99);
    const query = 'sum(k6_http_reqs_total{script="realistic",name="POST /process"})';
    const written = await ask(stack.prometheusUrl, 'query', { query });
    expect(Number(written[0]?.value?.[1])).toBeGreaterThan(20);
    expect(existsSync(join(folder, 'results/realistic.json'))).toBe(true);
  });

  it.each(dashboardFiles.map((file) => [file.title, file] as const))(
    'fills every panel of the dashboard %s',
    async (_, file) => {
      const isOwn = file.uid === forecastsUid;
      const url = isOwn ? `${stack.forescaleUrl}/prometheus` : stack.prometheusUrl;
      const values = await chosenVariables(file, url);
      const now = Date.now() / 1000;
      const empty: string[] = [];
      // Without openssl nothing here has a certificate or a calendar, and pods start in a cluster alone; test/real/cluster-facts has some.
      const queries = queriesOf(file).filter(
        ({ expr }) =>
          (hasOpenssl || !/forescale_(?:tls|calendar)_/.test(expr)) &&
          !/forescale_lead_time_(?:learned|starts)/.test(expr),
      );
      for (const { panel, expr, isInstant } of queries) {
        // An annotation is where something happened, which in so short a run nothing may: what is compared must be there.
        const query = withVariables(expr, values)
          .replace(/ > 0$/, '')
          // The moments at which a week of hours is looked at are ten minutes apart, and alerts fire after minutes: this runs for less.
          .replaceAll('[7d:10m]', '[1m:1s]')
          .replaceAll('alertstate="firing"', 'alertstate=~"pending|firing"');
        const form: Record<string, string> = isInstant
          ? { query, time: String(now) }
          : // As the dashboard is: into the future, where the forecast goes on.
            { query, start: String(startedAt), end: String(now + 7200), step: isOwn ? '60' : '1' };
        const result = await ask(url, isInstant ? 'query' : 'query_range', form);
        const numbers = result.flatMap(({ value, values: many = [] }) => [
          ...many,
          ...(value ? [value] : []),
        ]);
        if (!numbers.some(([, text]) => Number.isFinite(Number(text)))) empty.push(`${panel}: ${query}`);
      }
      expect(queries.length).toBeGreaterThan(isOwn ? 10 : 25);
      expect(empty).toEqual([]);
    },
  );

  describe.skipIf(whyNotDrawn)(`drawn by Grafana’s own components${skippedNote(whyNotDrawn)}`, () => {
    let browser: Browser;
    beforeAll(async () => {
      bundleDrawing();
      browser = await launchChromium();
    });
    afterAll(() => browser?.close());

    it.each(dashboardFiles.map((file) => [file.title, file] as const))(
      'shows every panel of the dashboard %s, light and dark, without a complaint',
      async (_, file) => {
        const isOwn = file.uid === forecastsUid;
        const url = isOwn ? `${stack.forescaleUrl}/prometheus` : stack.prometheusUrl;
        const variables = await chosenVariables(file, url);
        const now = Math.floor(Date.now() / 1000);
        const range = isOwn
          ? { from: now - 21_600, to: now + 21_600, stepSeconds: 300 }
          : { from: startedAt, to: now, stepSeconds: 1 };
        const results = await askPanels(file, url, { variables, range, now });
        const annotations = await askAnnotations(file, url, { variables, range });
        for (const theme of ['light', 'dark'] as const) {
          const { complaints, panels, canvases, marked } = await drawDashboard(
            browser,
            { dashboard: file, variables, results, annotations, range: { ...range, now } },
            { theme, file: join(pictureFolder, `${file.uid}-${theme}.png`) },
          );
          expect(complaints).toEqual([]);
          expect(panels).toEqual(shownPanels(file).map(({ id }) => id));
          expect(canvases).toBeGreaterThan(3);
          expect(marked).toHaveLength(annotations.length);
          if (isOwn) expect(marked).toEqual(['Sale']);
        }
      },
    );
  });

  it('marks the event of a calendar on the dashboard of forecasts, at its time and with its name', async () => {
    const board = dashboardFiles.find(({ uid }) => uid === forecastsUid);
    if (board === undefined) throw new Error(`no dashboard ${forecastsUid}`);
    const now = Math.floor(Date.now() / 1000);
    const [events] = await askAnnotations(board, `${stack.forescaleUrl}/prometheus`, {
      variables: { namespace: 'telemetry', workload: 'app-a' },
      range: { from: now - 21_600, to: now + 21_600, stepSeconds: 300 },
    });
    const [{ from, to, title } = { from: 0, to: 0, title: '' }, ...others] = events?.marks ?? [];
    expect([events?.name, title, others]).toEqual(['events of calendars', 'Sale', []]);
    // It was announced for an hour after that, and has no end of its own but that of the hour.
    expect(Math.abs(from - saleFrom)).toBeLessThanOrEqual(300);
    expect(to).toBeGreaterThan(from);
  });

  it('draws the forecast on, an hour into the future', async () => {
    const board = dashboardFiles.find(({ uid }) => uid === 'forescale');
    const fan = (board === undefined ? [] : queriesOf(board)).filter(
      ({ panel, expr }) => panel.startsWith('Demand, the signal') && expr.includes('forescale_forecast'),
    );
    expect(fan).toHaveLength(2);
    const now = Date.now() / 1000;
    const range = { start: String(now), end: String(now + 10_800), step: '60' };
    for (const { expr } of fan) {
      const selected = {
        ...{ job: '.+', instance: '.+', horizon: '3600' },
        ...{ namespace: 'telemetry', workload: 'app-a' },
      };
      const query = withVariables(expr.replaceAll('trigger=~"$trigger"', 'trigger!=""'), selected);
      const [line, ...others] = await ask(stack.prometheusUrl, 'query_range', { query, ...range });
      expect(others).toEqual([]);
      const times = (line?.values ?? []).map(([time]) => time - now);
      expect(times.some((time) => Math.abs(time - 3600) <= 60)).toBe(true);
      // Prometheus holds on to the last value for five minutes.
      expect(times.at(-1)).toBeLessThan(3600 + 300 + 60);
    }
  });

  it('draws the whole forecast six hours into the future where the scaler itself is asked', async () => {
    const board = dashboardFiles.find(({ uid }) => uid === forecastsUid);
    const fan = (board === undefined ? [] : queriesOf(board)).filter(
      ({ panel, expr }) => panel.startsWith('Demand that came') && expr.includes('forescale_forecast'),
    );
    expect(fan).toHaveLength(3);
    const now = Math.floor(Date.now() / 1000);
    const range = { start: String(now), end: String(now + 21_600), step: '300' };
    for (const { expr } of fan) {
      const query = withVariables(expr, { namespace: 'telemetry', workload: 'app-a' });
      const [line, ...others] = await ask(`${stack.forescaleUrl}/prometheus`, 'query_range', {
        query,
        ...range,
      });
      expect(others).toEqual([]);
      expect(line?.values).toHaveLength(73);
    }
  });

  it('evaluates every rule: demand is recorded, and what is the case is on its way to an alert', async () => {
    const { data } = await eventually(
      async () => {
        const answer = await fetch(`${stack.prometheusUrl}/api/v1/rules`);
        return (await answer.json()) as {
          data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
        };
      },
      (rules) => rules.data.groups.flatMap((group) => group.rules).every(({ health }) => health === 'ok'),
    );
    const evaluated = data.groups.flatMap((group) => group.rules);
    const declared = rules.map(({ alert, record }) => alert ?? record ?? '');
    expect(evaluated.map(({ name }) => name).sort()).toEqual(declared.sort());
    for (const { record } of rules) {
      if (record === undefined) continue;
      const samples = await ask(stack.prometheusUrl, 'query', { query: `last_over_time(${record}[5m])` });
      expect(samples, record).not.toEqual([]);
    }
    // The one whose query fails; it takes five minutes of it to fire.
    const query = 'ALERTS{alertname="ForescaleFallbackActive", alertstate="pending"}';
    const pending = await eventually(
      () => ask(stack.prometheusUrl, 'query', { query }),
      (samples) => samples.length > 0,
    );
    expect(pending.map(({ metric }) => metric['name'])).toEqual(['broken']);
  });

  it('has of KEDA and the cluster only what the test makes up, and the dashboards ask for all of it', async () => {
    const asked = dashboardFiles
      .flatMap(queriesOf)
      .flatMap(({ expr }) => selectorsOf(expr).map(({ metric }) => metric))
      .filter((metric) => /^(?:keda|kube)_/.test(metric));
    expect([...new Set(asked)].sort()).toEqual(Object.keys(clusterMetrics).sort());
  });
});
