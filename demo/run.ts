import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../src/platform/clock.ts';
import { createLifecycle, type Lifecycle } from '../src/platform/process/lifecycle.ts';
import { comparedFleets } from './compared-fleets.ts';
import { createFleetRun, type FleetRun } from './fleet-run.ts';
import { createLoadGenerator, type LoadGenerator } from './load/generator.ts';
import type { LoadStats } from './load/sender.ts';
import { type MachineLoad, type MachineWatch, machineErrors, watchMachine } from './machine-load.ts';
import type { DemoOptions } from './options.ts';
import { demoPagePath } from './page/plugin.ts';
import { type FleetResult, verdictOf } from './result.ts';
import type { FleetSample } from './scale-ups.ts';
import { createScalerReader, type ScalerReader } from './scaler-reader.ts';
import { scenario, simulatedTime } from './scenario.ts';
import { type DemoSetup, openSetup } from './setup.ts';
import type { DemoFrame } from './terminal-view.ts';

/** The line of `demo --json` (design.md §4.3.1). */
export interface DemoSummary {
  /** KEDA's polls of both ScaledObjects. */
  readonly polls: number;
  readonly samplesScraped: number;
  readonly seasons: readonly string[];
  readonly fleets: readonly FleetResult[];
  readonly verdict: string;
  readonly forecast: { readonly status: string; readonly points: number };
  readonly machine: MachineLoad;
  readonly errors: readonly string[];
}

/** The summary of a run, and the samples it was made of, for a picture. */
export interface DemoRun {
  readonly summary: DemoSummary;
  readonly fleets: readonly { readonly name: string; readonly samples: readonly FleetSample[] }[];
  readonly shiftSeconds: number;
}

/** Runs the demo: everything is real except the cluster. Whatever it opened is closed when it returns or throws. */
export async function runDemo(options: DemoOptions): Promise<DemoRun> {
  const lifecycle = createLifecycle(options.log, 10_000);
  try {
    const comparison = await openComparison(options, lifecycle);
    await compare(comparison, options);
    const { fleets, setup } = comparison;
    return { summary: await summaryOf(comparison), fleets, shiftSeconds: setup.shiftSeconds };
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
  await Promise.all(readers.map((one) => one.forecastReady(30_000, options.signal)));
  options.signal.throwIfAborted();
  return { setup, fleets, load, reader, machine };
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

async function summaryOf({ setup, fleets, load, reader, machine }: Comparison): Promise<DemoSummary> {
  const results = eachWithLoad(fleets, load, (fleet, stats) => fleet.result(stats));
  const fleetErrors = eachWithLoad(fleets, load, (fleet, stats) => fleet.errors(stats)).flat();
  const machineLoad = machine.read();
  const standing = await reader.standing();
  return {
    polls: polls(fleets),
    samplesScraped: await setup.samplesScraped(),
    seasons: standing.seasons,
    fleets: results,
    verdict: verdictOf(results),
    forecast: { status: standing.forecastStatus, points: standing.forecastPoints },
    machine: machineLoad,
    errors: [...fleetErrors, ...machineErrors(machineLoad)],
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
