import { join } from 'node:path';
import { openPrometheus } from '../src/history/prometheus/prometheus.ts';
import { createWorkingWeek, type LoadShape } from '../src/load-shapes/index.ts';
import { systemClock } from '../src/platform/clock.ts';
import { formatDuration } from '../src/platform/duration.ts';
import type { Lifecycle } from '../src/platform/process/lifecycle.ts';
import { remoteWrite } from '../src/seed/remote-write.ts';
import { integrateRates, type Series } from '../src/seed/series.ts';
import type { RunningServer } from '../src/server/start.ts';
import { startPrometheus } from '../tools/programs/prometheus.ts';
import { openTemporaryFolder } from '../tools/temporary-folder.ts';
import { type AppFleet, openAppFleet } from './app-fleet.ts';
import { startAppReplica } from './app-replica.ts';
import { type ComparedFleet, comparedFleets } from './compared-fleets.ts';
import { demandMetric, type Ingress, openIngress } from './ingress.ts';
import type { DemoOptions } from './options.ts';
import type { DemoPageSource } from './page/plugin.ts';
import { reactiveFirst } from './report/result.ts';
import type { DemoRun } from './report/summary.ts';
import { startScaler } from './scaler.ts';
import { scenario, scenarioShiftSeconds, simulatedSeconds, simulatedTime } from './scenario.ts';

/** Everything that runs during the demo, except KEDA and the load. */
export interface DemoSetup {
  /** The started fleets, in the order of `comparedFleets`. */
  readonly fleets: readonly StartedFleet[];
  readonly ingress: Ingress;
  readonly server: RunningServer;
  /** Requests per second that each fleet is sent at a moment. */
  readonly rateAt: LoadShape;
  /** Seconds to add to unix time to get the simulated time. */
  readonly shiftSeconds: number;
  /** Shows the results of the run on the page. */
  showResults(run: DemoRun): void;
  /** Number of samples that Prometheus has scraped so far. */
  samplesScraped(): Promise<number>;
}

interface StartedFleet {
  readonly compared: ComparedFleet;
  readonly apps: AppFleet;
  /** The file in which Prometheus finds the replicas. */
  readonly targetsFile: string;
}

type SetupOptions = Pick<DemoOptions, 'seed' | 'env' | 'log' | 'signal' | 'onProgress'> &
  Pick<DemoPageSource, 'fleets'>;

/** Starts both fleets, Prometheus with two weeks of history of each, and the scaler. `lifecycle` closes them. */
export async function openSetup(options: SetupOptions, lifecycle: Lifecycle): Promise<DemoSetup> {
  /** Announces a step, and throws instead where the demo has been ended. */
  const begin = (step: string) => {
    options.signal.throwIfAborted();
    options.onProgress(step);
  };
  const beganMs = performance.now();
  const folder = await openTemporaryFolder('forescale-demo');
  lifecycle.onClose('folder', () => folder.remove());

  begin('starting two fleets of services');
  const fleets: StartedFleet[] = [];
  for (const compared of comparedFleets)
    fleets.push(await openFleet(compared, folder.path, options, lifecycle));
  const ingress = await openIngress(
    comparedFleets.map(({ name }) => name),
    systemClock,
  );
  lifecycle.onClose('ingress', () => ingress.close());

  begin('starting Prometheus and writing two weeks of history into it');
  const prometheus = await startPrometheus({
    env: options.env,
    scrapeIntervalSeconds: scenario.scrapeIntervalSeconds,
    scrapeJobs: [
      { name: 'ingress', targets: [ingress.target] },
      ...fleets.map(({ compared, targetsFile }) => ({ name: compared.name, targetsFile })),
    ],
  });
  lifecycle.onClose('prometheus', () => prometheus.stop());
  const nowSeconds = Math.floor(systemClock());
  const leadInSeconds = leadIn((performance.now() - beganMs) / 1000);
  const shiftSeconds = scenarioShiftSeconds(nowSeconds + leadInSeconds);
  const rateAt = rateOf(options.seed, shiftSeconds);
  for (const { name } of comparedFleets) {
    await remoteWrite({ url: prometheus.url, series: historyOf(name, nowSeconds, rateAt) });
  }

  begin('starting the scaler');
  let results: DemoRun | undefined;
  const page: DemoPageSource = {
    fleets: () => reactiveFirst(options.fleets()),
    simulatedSeconds: (unixSeconds) => simulatedSeconds(unixSeconds, shiftSeconds, nowSeconds),
    note: () => (results === undefined ? noteAt(systemClock() + shiftSeconds) : outcomeOf(results)),
    state: () => {
      if (results === undefined) return 'running';
      return results.summary.withheld === null ? 'ended' : 'withheld';
    },
  };
  const server = await startScaler(prometheus.url, page, options);
  lifecycle.onClose('server', () => server.close());
  const source = openPrometheus({ url: prometheus.url });
  lifecycle.onClose('source', () => source.close());

  return {
    fleets,
    ingress,
    server,
    rateAt,
    shiftSeconds,
    showResults(run) {
      results = run;
    },
    async samplesScraped() {
      const query = 'sum(sum_over_time(scrape_samples_scraped[1d]))';
      const counted = await source.instant({ query, atSeconds: systemClock() });
      return counted.kind === 'value' ? counted.value : 0;
    },
  };
}

/**
 * Seconds before the simulated morning at which the history ends: the model needs about twice as long to get warm as the fleets and
 * Prometheus did to start, on an idle machine and on a busy one.
 */
function leadIn(setUpSeconds: number): number {
  return Math.ceil(Math.min(60, Math.max(10, 3 * setUpSeconds)));
}

async function openFleet(
  compared: ComparedFleet,
  folder: string,
  options: SetupOptions,
  lifecycle: Lifecycle,
): Promise<StartedFleet> {
  const targetsFile = join(folder, `${compared.name}.json`);
  const apps = await openAppFleet({
    start: (readyDelaySeconds) => startAppReplica(readyDelaySeconds, options),
    initialReplicas: scenario.minReplicas,
    startUpSeconds: scenario.startUpSeconds,
    readyDelaySeconds: scenario.readyDelaySeconds,
    labels: { fleet: compared.name },
    targetsFile,
    clock: systemClock,
  });
  lifecycle.onClose('fleet', () => apps.stop());
  return { compared, apps, targetsFile };
}

/** The load of a simulated working week, by unix time. */
function rateOf(seed: number, shiftSeconds: number): LoadShape {
  const week = createWorkingWeek({
    peakRequestsPerSecond: scenario.peakRequestsPerSecond,
    daySeconds: scenario.daySeconds,
    seed,
  });
  return (unixSeconds) => week(unixSeconds + shiftSeconds);
}

/**
 * Two simulated weeks of the ingress counter, under a separate `instance` label; the ingress of the run continues the demand.
 */
function historyOf(fleet: string, untilSeconds: number, rateAt: LoadShape): Series {
  const rows = scenario.historyDays * scenario.daySeconds;
  const timestamps = Float64Array.from({ length: rows }, (_, row) => untilSeconds - rows + 1 + row);
  return {
    metric: demandMetric,
    labels: { fleet, instance: 'history' },
    kind: 'counter',
    timestamps,
    values: integrateRates(timestamps.map(rateAt), 1),
  };
}

/** What the page says when the run is over. */
function outcomeOf({ summary }: DemoRun): string {
  const { verdict, money, withheld } = summary;
  const said =
    withheld === null ? [`${verdict}.`, money ?? ''] : [`The comparison is withheld: ${withheld}.`];
  return ['The run is over.', ...said].join(' ').trim();
}

/** What the page says above its charts while the demo runs. */
function noteAt(simulatedSeconds: number): string {
  const [day, week] = [scenario.daySeconds, 7 * scenario.daySeconds].map(formatDuration);
  return `It is ${simulatedTime(simulatedSeconds, 0)} of a simulated week: a day passes in ${day}, a week in ${week}. Every axis shows this time. Both fleets receive the same requests and have the same target, limits, start-up time and HPA. The forescale fleet follows the forecast; the reactive fleet follows the demand observed now, as with KEDA’s own prometheus trigger. A request that cannot be served in time is rejected (503).`;
}
