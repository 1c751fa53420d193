import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPrometheusHistory } from '../forecast/history/prometheus.ts';
import { remoteWrite } from '../forecast/history/remote-write.ts';
import { integrateRates, type Series } from '../forecast/history/series.ts';
import { createWorkingWeek, type LoadShape } from '../load/shapes/index.ts';
import { systemClock } from '../platform/clock.ts';
import { formatDuration } from '../platform/duration.ts';
import { toForescaleError } from '../platform/errors.ts';
import type { Lifecycle } from '../platform/lifecycle.ts';
import { version } from '../platform/version.ts';
import { type RunningServer, type ServerOptions, startServer } from '../server/start.ts';
import { type AppFleet, openAppFleet } from './app-fleet.ts';
import { startPrometheus } from './programs/prometheus.ts';
import { type RunningProgram, startServerProcess } from './programs/server-process.ts';
import type { DemoOptions } from './run.ts';
import type { FleetSample } from './scale-ups.ts';
import { workloadName } from './scaler-reader.ts';
import { scene, sceneShiftSeconds } from './scene.ts';

/** Everything that runs while the demo plays. */
export interface DemoStage {
  readonly fleet: AppFleet;
  readonly server: RunningServer;
  /** Demand at a moment, requests per second. */
  readonly rateAt: LoadShape;
  /** What is added to unix time to get the simulated time. */
  readonly shiftSeconds: number;
  readonly scaledObject: {
    readonly namespace: string;
    readonly name: string;
    readonly metadata: Readonly<Record<string, string>>;
  };
  /** Samples Prometheus has scraped so far. */
  samplesScraped(): Promise<number>;
}

const appMain = fileURLToPath(new URL('../telemetry-app/main.ts', import.meta.url));
const metricLabels = { app: 'app-a', method: 'POST', route: '/process', status: '200' };
const query = `sum(rate(app_requests_total{app="app-a"}[${scene.rateWindowSeconds}s]))`;

const metadata = {
  query,
  threshold: String(scene.targetRequestsPerSecond),
  seasons: `${scene.daySeconds}s,${7 * scene.daySeconds}s`,
  queryStep: '1s',
  leadTime: `${scene.startUpSeconds + 1}s`,
  predictHorizon: `${scene.daySeconds}s`,
  historyTimeWindow: `${scene.historyDays * scene.daySeconds}s`,
};

/** Starts the chain a → b → c, Prometheus with two weeks of history, and the scaler; closing is the lifecycle's. */
export async function openStage(
  options: Pick<DemoOptions, 'seed' | 'env' | 'log' | 'onProgress'> & {
    readonly samples: () => readonly FleetSample[];
  },
  lifecycle: Lifecycle,
): Promise<DemoStage> {
  const folder = await mkdtemp(join(tmpdir(), 'forescale-demo-'));
  lifecycle.onClose('folder', () => rm(folder, { recursive: true, force: true }));

  options.onProgress('starting the chain of services: app-a → app-b → app-c');
  const keep = async (starting: Promise<RunningProgram>) => {
    const program = await starting;
    lifecycle.onClose('program', () => program.stop());
    return program;
  };
  const c = await keep(startApp('app-c', undefined, options.env));
  const b = await keep(startApp('app-b', c.url, options.env));
  const targetsFile = join(folder, 'app-a.json');
  const fleet = await openAppFleet({
    start: () => startApp('app-a', b.url, options.env),
    initialReplicas: scene.minReplicas,
    startUpSeconds: scene.startUpSeconds,
    targetsFile,
    clock: systemClock,
  });
  lifecycle.onClose('fleet', () => fleet.stop());

  options.onProgress('starting Prometheus and writing two weeks of history into it');
  const prometheus = await keep(
    startPrometheus({
      env: options.env,
      scrapeIntervalSeconds: scene.scrapeIntervalSeconds,
      scrapeJobs: [
        { name: 'app-a', targetsFile },
        { name: 'chain', targets: [`127.0.0.1:${b.port}`, `127.0.0.1:${c.port}`] },
      ],
    }),
  );
  const nowSeconds = Math.floor(systemClock());
  const shiftSeconds = sceneShiftSeconds(nowSeconds);
  const week = createWorkingWeek({
    peakRequestsPerSecond: scene.peakRequestsPerSecond,
    daySeconds: scene.daySeconds,
    seed: options.seed,
  });
  const rateAt: LoadShape = (unixSeconds) => week(unixSeconds + shiftSeconds);
  await remoteWrite({ url: prometheus.url, series: historyUntil(nowSeconds, rateAt) });

  options.onProgress('starting the scaler');
  const server = await startScaler(options, prometheus.url);
  lifecycle.onClose('server', () => server.close());
  const source = createPrometheusHistory({ url: prometheus.url });
  lifecycle.onClose('source', () => source.close());

  return {
    fleet,
    server,
    rateAt,
    shiftSeconds,
    scaledObject: { ...workloadName, metadata },
    async samplesScraped() {
      const counted = await source.instant({
        query: 'sum(sum_over_time(scrape_samples_scraped[1d]))',
        atSeconds: systemClock(),
      });
      return counted.kind === 'value' ? counted.value : 0;
    },
  };
}

function startApp(
  name: string,
  destination: string | undefined,
  env: DemoOptions['env'],
): Promise<RunningProgram> {
  return startServerProcess({
    name,
    path: process.execPath,
    args: () => [appMain],
    env: (port) => ({
      ...env,
      APP_NAME: name,
      APP_HOST: '127.0.0.1',
      APP_PORT: String(port),
      APP_LOG_LEVEL: 'error',
      APP_DRAIN_SECONDS: '0',
      ...(destination === undefined ? {} : { APP_URL_DESTINO: destination }),
    }),
    readyPath: '/readyz',
  });
}

/** Two simulated weeks of the counter the fleet will go on with, under an instance of its own. */
function historyUntil(untilSeconds: number, rateAt: LoadShape): Series {
  const rows = scene.historyDays * scene.daySeconds;
  const timestamps = Float64Array.from({ length: rows }, (_, row) => untilSeconds - rows + 1 + row);
  return {
    metric: 'app_requests_total',
    labels: { ...metricLabels, instance: 'history' },
    kind: 'counter',
    timestamps,
    values: integrateRates(timestamps.map(rateAt), 1),
  };
}

/** On the documented port where it is free, else on any. */
async function startScaler(
  options: Parameters<typeof openStage>[0],
  prometheusUrl: string,
): Promise<RunningServer> {
  const settings: ServerOptions = {
    grpcAddress: '127.0.0.1:0',
    httpAddress: '127.0.0.1:8080',
    file: {
      timing: {
        refreshInterval: formatDuration(scene.refreshIntervalSeconds),
        freshAge: formatDuration(scene.refreshIntervalSeconds * 4),
        scrapeInterval: formatDuration(scene.scrapeIntervalSeconds),
        kedaPollingInterval: formatDuration(scene.kedaPollingSeconds),
        hpaSyncInterval: formatDuration(scene.hpaSyncSeconds),
      },
    },
    prometheusUrl,
    apiTokenFile: undefined,
    stateDirectory: undefined,
    mode: 'active',
    version,
    log: options.log,
    pageExtras: { fleets: () => [{ name: 'forescale', samples: options.samples() }] },
  };
  try {
    return await startServer(settings);
  } catch (error) {
    if (!toForescaleError(error).message.includes('EADDRINUSE')) throw error;
    options.onProgress('port 8080 is taken, so the page is on another one');
    return startServer({ ...settings, httpAddress: '127.0.0.1:0' });
  }
}
