import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPrometheus } from '../src/history/prometheus/prometheus.ts';
import { createWorkingWeek, type LoadShape } from '../src/load-shapes/index.ts';
import { systemClock } from '../src/platform/clock.ts';
import { formatDuration } from '../src/platform/duration.ts';
import { toForescaleError } from '../src/platform/errors.ts';
import type { Lifecycle } from '../src/platform/lifecycle.ts';
import { version } from '../src/platform/version.ts';
import { remoteWrite } from '../src/seed/remote-write.ts';
import { integrateRates, type Series } from '../src/seed/series.ts';
import { type RunningServer, type ServerOptions, startServer } from '../src/server/start.ts';
import { startPrometheus } from '../tools/programs/prometheus.ts';
import { type RunningProgram, startServerProcess } from '../tools/programs/server-process.ts';
import { openTemporaryFolder } from '../tools/temporary-folder.ts';
import { type AppFleet, openAppFleet } from './app-fleet.ts';
import { type Contestant, contestants } from './contestants.ts';
import { demandMetric, type Ingress, openIngress } from './ingress.ts';
import type { DemoOptions } from './options.ts';
import { createDemoPage, type DemoPageSource } from './page/plugin.ts';
import { scene, sceneShiftSeconds, simulatedTime } from './scene.ts';

/** Everything that runs while the demo plays, but KEDA and the load. */
export interface DemoStage {
  /** One for each contestant, in their order. */
  readonly fleets: readonly { readonly contestant: Contestant; readonly apps: AppFleet }[];
  readonly ingress: Ingress;
  readonly server: RunningServer;
  /** Demand at a moment, requests per second: what each fleet is sent. */
  readonly rateAt: LoadShape;
  /** What is added to unix time to get the simulated time. */
  readonly shiftSeconds: number;
  /** Samples Prometheus has scraped so far. */
  samplesScraped(): Promise<number>;
}

const appName = 'app-a';
const appMain = fileURLToPath(new URL('../src/telemetry-app/main.ts', import.meta.url));

/** Starts both fleets, Prometheus with two weeks of history of each, and the scaler; closing is the lifecycle's. */
export async function openStage(
  options: Pick<DemoOptions, 'seed' | 'env' | 'log' | 'signal' | 'onProgress'> & {
    readonly fleets: DemoPageSource['fleets'];
  },
  lifecycle: Lifecycle,
): Promise<DemoStage> {
  /** Says what comes next; where nobody wants it any more, it does not begin. */
  const next = (what: string) => {
    options.signal.throwIfAborted();
    options.onProgress(what);
  };
  const folder = await openTemporaryFolder('forescale-demo');
  lifecycle.onClose('folder', () => folder.remove());

  next('starting two fleets of services');
  const fleets: { contestant: Contestant; apps: AppFleet; targetsFile: string }[] = [];
  for (const contestant of contestants) {
    const targetsFile = join(folder.path, `${contestant.name}.json`);
    const apps = await openAppFleet({
      start: (readyDelaySeconds) => startApp(readyDelaySeconds, options),
      initialReplicas: scene.minReplicas,
      startUpSeconds: scene.startUpSeconds,
      readyDelaySeconds: scene.readyDelaySeconds,
      labels: { fleet: contestant.name },
      targetsFile,
      clock: systemClock,
    });
    lifecycle.onClose('fleet', () => apps.stop());
    fleets.push({ contestant, apps, targetsFile });
  }
  const ingress = await openIngress(
    contestants.map(({ name }) => name),
    systemClock,
  );
  lifecycle.onClose('ingress', () => ingress.close());

  next('starting Prometheus and writing two weeks of history into it');
  const prometheus = await startPrometheus({
    env: options.env,
    scrapeIntervalSeconds: scene.scrapeIntervalSeconds,
    scrapeJobs: [
      { name: 'ingress', targets: [ingress.target] },
      ...fleets.map(({ contestant, targetsFile }) => ({ name: contestant.name, targetsFile })),
    ],
  });
  lifecycle.onClose('prometheus', () => prometheus.stop());
  const nowSeconds = Math.floor(systemClock());
  const shiftSeconds = sceneShiftSeconds(nowSeconds);
  const week = createWorkingWeek({
    peakRequestsPerSecond: scene.peakRequestsPerSecond,
    daySeconds: scene.daySeconds,
    seed: options.seed,
  });
  const rateAt: LoadShape = (unixSeconds) => week(unixSeconds + shiftSeconds);
  for (const { contestant } of fleets) {
    await remoteWrite({ url: prometheus.url, series: historyOf(contestant.name, nowSeconds, rateAt) });
  }

  next('starting the scaler');
  const server = await startScaler(options, prometheus.url, () => noteAt(systemClock() + shiftSeconds));
  lifecycle.onClose('server', () => server.close());
  const source = openPrometheus({ url: prometheus.url });
  lifecycle.onClose('source', () => source.close());

  return {
    fleets,
    ingress,
    server,
    rateAt,
    shiftSeconds,
    async samplesScraped() {
      const counted = await source.instant({
        query: 'sum(sum_over_time(scrape_samples_scraped[1d]))',
        atSeconds: systemClock(),
      });
      return counted.kind === 'value' ? counted.value : 0;
    },
  };
}

/** A replica with a capacity, a bounded queue, and the slow start both fleets' replicas have. */
function startApp(
  readyDelaySeconds: number,
  { env, seed }: Pick<DemoOptions, 'env' | 'seed'>,
): Promise<RunningProgram> {
  return startServerProcess({
    name: appName,
    path: process.execPath,
    args: () => [appMain],
    env: (port) => ({
      ...withoutApp(env),
      APP_NAME: appName,
      APP_HOST: '127.0.0.1',
      APP_PORT: String(port),
      APP_SEED: String(seed),
      APP_LATENCY: String(scene.latencyMs),
      APP_CAPACITY_RPS: String(scene.capacityRequestsPerSecond),
      APP_QUEUE_LIMIT: String(scene.queueLimit),
      APP_READY_DELAY_SECONDS: String(readyDelaySeconds),
      APP_WARM_UP_SECONDS: String(scene.warmUpSeconds),
      APP_LOG_LEVEL: 'error',
      APP_DRAIN_SECONDS: '0',
    }),
    readyPath: '/readyz',
  });
}

/** What somebody set for an app of their own must not change what is compared. */
function withoutApp(env: DemoOptions['env']): DemoOptions['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('APP_')));
}

/** Two simulated weeks of the counter the ingress will go on with, under an instance of its own. */
function historyOf(fleet: string, untilSeconds: number, rateAt: LoadShape): Series {
  const rows = scene.historyDays * scene.daySeconds;
  const timestamps = Float64Array.from({ length: rows }, (_, row) => untilSeconds - rows + 1 + row);
  return {
    metric: demandMetric,
    labels: { fleet, instance: 'history' },
    kind: 'counter',
    timestamps,
    values: integrateRates(timestamps.map(rateAt), 1),
  };
}

/** For the page, whose charts have the time of the clock on the wall. */
function noteAt(simulatedSeconds: number): string {
  const [day, week] = [scene.daySeconds, 7 * scene.daySeconds].map(formatDuration);
  return `It is ${simulatedTime(simulatedSeconds, 0)} of a simulated week: a day passes in ${day}, a week in ${week}. Both fleets have the same arrivals, target, limits, start-up and HPA; the reactive one follows what is observed, as KEDA’s own prometheus trigger does. What cannot be served in time is shed (503).`;
}

/** On the documented port where it is free, else on any. */
async function startScaler(
  options: Parameters<typeof openStage>[0],
  prometheusUrl: string,
  note: () => string,
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
    defaultSourceUrl: prometheusUrl,
    apiTokenFile: undefined,
    stateDirectory: undefined,
    mode: 'active',
    version,
    log: options.log,
    plugins: [createDemoPage({ fleets: options.fleets, note })],
  };
  try {
    return await startServer(settings);
  } catch (error) {
    if (!toForescaleError(error).message.includes('EADDRINUSE')) throw error;
    options.onProgress('port 8080 is taken: the page gets another one');
    return startServer({ ...settings, httpAddress: '127.0.0.1:0' });
  }
}
