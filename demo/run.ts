import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../src/platform/clock.ts';
import { createLifecycle, type Lifecycle } from '../src/platform/process/lifecycle.ts';
import { comparedFleets } from './compared-fleets.ts';
import { createFleetRun, type FleetRun } from './fleet-run.ts';
import { createLoadGenerator, type LoadGenerator } from './load/generator.ts';
import type { LoadStats } from './load/sender.ts';
import { type MachineWatch, tooBusy, watchMachine } from './machine-load.ts';
import type { DemoOptions } from './options.ts';
import { demoPagePath } from './page/plugin.ts';
import { moneyOf, verdictOf } from './report/result.ts';
import type { DemoRun, DemoSummary } from './report/summary.ts';
import { createScalerReader, type ScalerReader } from './scaler-reader.ts';
import { scenario, secondsUntilStart, simulatedTime } from './scenario.ts';
import { type DemoSetup, openSetup } from './setup.ts';
import type { DemoFrame } from './terminal-view.ts';

/** Runs the demo: everything is real except the cluster. Whatever it opened is closed when it returns or throws. */
export async function runDemo(options: DemoOptions): Promise<DemoRun> {
  const lifecycle = createLifecycle(options.log, 10_000);
  try {
    const comparison = await openComparison(options, lifecycle);
    await compare(comparison, options);
    const { fleets, setup } = comparison;
    const summary = await summaryOf(comparison, options);
    const run = { summary, fleets, shiftSeconds: setup.shiftSeconds, pageUrl: pageUrlOf(setup) };
    await stopLoad(comparison);
    setup.showResults(run);
    await options.onResults(run);
    return run;
  } finally {
    options.onProgress('ending what was started');
    await lifecycle.close();
  }
}

/** Two fleets under load, each scaled by its own KEDA, and what measures them. */
interface Comparison {
  readonly setup: DemoSetup;
  readonly fleets: readonly FleetRun[];
  readonly load: LoadGenerator;
  /** Reads the workload of the fleet that follows the forecast. */
  readonly reader: ScalerReader;
  readonly machine: MachineWatch;
}

/** Starts everything; resolves when the scaler has learned the history of both fleets. */
async function openComparison(options: DemoOptions, lifecycle: Lifecycle): Promise<Comparison> {
  const machine = watchMachine();
  lifecycle.onClose('machine', () => machine.close());
  const fleets: FleetRun[] = [];
  const setup = await openSetup({ ...options, fleets: () => fleets }, lifecycle);
  options.onProgress(`the page is on ${pageUrlOf(setup)}`);
  const load = createLoadGenerator({
    destinations: setup.fleets.map(({ apps }) => ({
      targets: apps.readyUrls,
      request: { method: 'POST', path: '/process', body: '[]' },
      timeoutMs: 5_000,
      maxInFlight: 500,
    })),
    rateAt: setup.rateAt,
    clock: systemClock,
    seed: options.seed,
    arrivals: 'even',
    onArrival: setup.ingress.arrival,
  });
  lifecycle.onClose('load', () => load.stop());
  load.start();
  for (const { compared, apps } of setup.fleets) {
    const fleet = createFleetRun(compared, apps, setup.server.grpcPort);
    lifecycle.onClose('keda-sim', () => fleet.keda.stop());
    fleet.keda.start();
    fleets.push(fleet);
  }
  const readers = comparedFleets.map(({ scaledObject }) =>
    createScalerReader(setup.server.httpUrl, scaledObject),
  );
  const [reader] = readers;
  if (reader === undefined) throw new Error('there is no fleet to compare');
  options.onProgress('learning two weeks of history');
  await Promise.all(readers.map((one) => one.forecastReady(forecastDeadlineMs, options.signal)));
  options.signal.throwIfAborted();
  await morning(setup.shiftSeconds, options);
  return { setup, fleets, load, reader, machine };
}

/** Longest wait for a forecast; without one the demo begins nevertheless, and its result says so. */
const forecastDeadlineMs = 60_000;

/** Waits until the simulated day begins, so that the whole of it is compared however long the model took to get warm. */
async function morning(shiftSeconds: number, { onProgress, signal }: DemoOptions): Promise<void> {
  const seconds = secondsUntilStart(systemClock(), shiftSeconds);
  if (seconds === 0) return;
  onProgress(`the model is warm; the simulated day begins in ${Math.ceil(seconds)} s`);
  await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}

/** Ends load and scaling, so that the page goes on showing what was measured. */
async function stopLoad({ load, fleets }: Comparison): Promise<void> {
  await Promise.all([load.stop(), ...fleets.map(({ keda }) => keda.stop())]);
}

/**
 * Samples both fleets until the time is over or the user ends the demo. Counts begin at zero here, so the set-up is not in
 * them.
 */
async function compare(comparison: Comparison, { forSeconds, signal, onFrame }: DemoOptions): Promise<void> {
  const { load, machine, fleets } = comparison;
  const endSeconds = systemClock() + forSeconds;
  for (const part of [load, machine, ...fleets]) part.countAnew();
  while (!signal.aborted && systemClock() < endSeconds) {
    onFrame(await frameOf(comparison, endSeconds));
    await sleep(scenario.sampleSeconds * 1000, undefined, { signal }).catch(() => undefined);
  }
}

/** Takes a sample of both fleets at the same moment and returns what a view shows. */
async function frameOf({ setup, fleets, load, reader }: Comparison, endSeconds: number): Promise<DemoFrame> {
  const now = systemClock();
  const demand = setup.rateAt(now);
  const sampled = eachWithLoad(fleets, load, (fleet, stats) => {
    const newest = fleet.takeSample(now, demand, stats);
    return { name: fleet.name, newest, samples: fleet.samples };
  });
  const standing = await reader.standing();
  return {
    simulatedTime: simulatedTime(now, setup.shiftSeconds),
    leftSeconds: Math.max(0, endSeconds - now),
    demand,
    signal: standing.signal,
    basis: standing.basis,
    seasons: standing.seasons,
    fleets: sampled,
    polls: polls(fleets),
    pageUrl: pageUrlOf(setup),
  };
}

async function summaryOf(
  { setup, fleets, load, reader, machine }: Comparison,
  { pricePerReplicaHour }: DemoOptions,
): Promise<DemoSummary> {
  const results = eachWithLoad(fleets, load, (fleet, stats) => fleet.result(stats));
  const fleetErrors = eachWithLoad(fleets, load, (fleet, stats) => fleet.errors(stats)).flat();
  const machineLoad = machine.read();
  const withheld = tooBusy(machineLoad) ?? null;
  const standing = await reader.standing();
  return {
    polls: polls(fleets),
    samplesScraped: await setup.samplesScraped(),
    seasons: standing.seasons,
    fleets: results,
    verdict: withheld === null ? verdictOf(results) : null,
    money: withheld === null ? (moneyOf(results, pricePerReplicaHour) ?? null) : null,
    withheld,
    forecast: { status: standing.forecastStatus, points: standing.forecastPoints },
    machine: machineLoad,
    errors: withheld === null ? fleetErrors : [...fleetErrors, withheld],
  };
}

/**
 * Calls `make` with each fleet and the statistics of its load. The fleets and the destinations of the load have the same order.
 */
function eachWithLoad<T>(
  fleets: readonly FleetRun[],
  load: LoadGenerator,
  make: (fleet: FleetRun, stats: LoadStats) => T,
): T[] {
  const stats = load.stats();
  return fleets.flatMap((fleet, index) => {
    const own = stats[index];
    return own === undefined ? [] : [make(fleet, own)];
  });
}

function pageUrlOf({ server }: DemoSetup): string {
  return `${server.httpUrl}${demoPagePath}`;
}

function polls(fleets: readonly FleetRun[]): number {
  return fleets.reduce((sum, { keda }) => sum + keda.state().polls, 0);
}
