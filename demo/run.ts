import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../src/platform/clock.ts';
import { createLifecycle } from '../src/platform/lifecycle.ts';
import { createLoadGenerator, type LoadGenerator } from './load/generator.ts';
import type { LoadStats } from './load/sender.ts';
import { type MachineLoad, type MachineWatch, machineErrors, watchMachine } from './machine-load.ts';
import type { DemoOptions } from './options.ts';
import { demoPagePath } from './page/plugin.ts';
import { type FleetResult, verdictOf } from './result.ts';
import type { FleetSample } from './scale-ups.ts';
import { createScaledFleet, type ScaledFleet } from './scaled-fleet.ts';
import { createScalerReader, type ScalerReader } from './scaler-reader.ts';
import { scene, simulatedTime } from './scene.ts';
import { type DemoStage, openStage } from './stage.ts';
import type { DemoFrame } from './terminal-view.ts';

/** What was served: the line of `demo --json` (design.md §4.3.1), and what the forecast made of it. */
export interface DemoSummary {
  /** Of both fleets' ScaledObjects. */
  readonly polls: number;
  readonly samplesScraped: number;
  readonly seasons: readonly string[];
  readonly fleets: readonly FleetResult[];
  readonly verdict: string;
  readonly forecast: { readonly status: string; readonly points: number };
  readonly machine: MachineLoad;
  readonly errors: readonly string[];
}

/** The summary, and what it was made of, for a picture. */
export interface DemoRun {
  readonly summary: DemoSummary;
  readonly fleets: readonly { readonly name: string; readonly samples: readonly FleetSample[] }[];
  readonly shiftSeconds: number;
}

/** Plays the demo: everything real but the cluster. Whatever it opened is closed when it returns or throws. */
export async function runDemo(options: DemoOptions): Promise<DemoRun> {
  const lifecycle = createLifecycle(options.log, 10_000);
  try {
    const machine = watchMachine();
    lifecycle.onClose('machine', () => machine.close());
    const fleets: ScaledFleet[] = [];
    const stage = await openStage({ ...options, fleets: () => fleets }, lifecycle);
    options.onProgress(`the page is on ${stage.server.httpUrl}${demoPagePath}`);
    const load = createLoadGenerator({
      destinations: stage.fleets.map(({ apps }) => ({
        targets: apps.readyUrls,
        request: { method: 'POST', path: '/process', body: '[]' },
        timeoutMs: 5_000,
        maxInFlight: 500,
      })),
      rateAt: stage.rateAt,
      clock: systemClock,
      seed: options.seed,
      arrivals: 'even',
      onArrival: stage.ingress.arrival,
    });
    lifecycle.onClose('load', () => load.stop());
    load.start();
    for (const { contestant, apps } of stage.fleets) {
      const fleet = createScaledFleet(contestant, apps, stage.server.grpcPort);
      lifecycle.onClose('keda-sim', () => fleet.keda.stop());
      fleet.keda.start();
      fleets.push(fleet);
    }
    const readers = stage.fleets.map(({ contestant }) =>
      createScalerReader(stage.server.httpUrl, contestant.scaledObject),
    );
    const [reader] = readers;
    if (reader === undefined) throw new Error('there is no contestant');
    options.onProgress('learning two weeks of history');
    await Promise.all(readers.map((one) => one.forecastReady(30_000, options.signal)));
    options.signal.throwIfAborted();
    const act = { stage, fleets, load, reader, machine };
    await play(act, options);
    return { summary: await summary(act), fleets, shiftSeconds: stage.shiftSeconds };
  } finally {
    options.onProgress('ending what was started');
    await lifecycle.close();
  }
}

interface Act {
  readonly stage: DemoStage;
  readonly fleets: readonly ScaledFleet[];
  readonly load: LoadGenerator;
  /** Of the fleet on Forescale's signal. */
  readonly reader: ScalerReader;
  readonly machine: MachineWatch;
}

async function play(act: Act, { forSeconds, signal, onFrame }: DemoOptions): Promise<void> {
  const endSeconds = systemClock() + forSeconds;
  // The set-up was as busy for one as for the other, but it is not what is compared.
  for (const part of [act.load, act.machine, ...act.fleets]) part.countAnew();
  while (!signal.aborted && systemClock() < endSeconds) {
    onFrame(await frameOf(act, endSeconds));
    await sleep(scene.sampleSeconds * 1000, undefined, { signal }).catch(() => undefined);
  }
}

/** Looks at both fleets at the same moment. */
async function frameOf({ stage, fleets, load, reader }: Act, endSeconds: number): Promise<DemoFrame> {
  const now = systemClock();
  const demand = stage.rateAt(now);
  const looks = eachWithLoad(fleets, load, (fleet, stats) => {
    const newest = fleet.look(now, demand, stats);
    return { name: fleet.name, newest, samples: fleet.samples };
  });
  const standing = await reader.standing();
  return {
    simulatedTime: simulatedTime(now, stage.shiftSeconds),
    leftSeconds: Math.max(0, endSeconds - now),
    demand,
    signal: standing.signal,
    basis: standing.basis,
    seasons: standing.seasons,
    fleets: looks,
    polls: polls(fleets),
    pageUrl: `${stage.server.httpUrl}${demoPagePath}`,
  };
}

async function summary({ stage, fleets, load, reader, machine }: Act): Promise<DemoSummary> {
  const results = eachWithLoad(fleets, load, (fleet, stats) => fleet.result(stats));
  const faults = eachWithLoad(fleets, load, (fleet, stats) => fleet.errors(stats)).flat();
  const machineLoad = machine.read();
  const standing = await reader.standing();
  return {
    polls: polls(fleets),
    samplesScraped: await stage.samplesScraped(),
    seasons: standing.seasons,
    fleets: results,
    verdict: verdictOf(results),
    forecast: { status: standing.forecastStatus, points: standing.forecastPoints },
    machine: machineLoad,
    errors: [...faults, ...machineErrors(machineLoad)],
  };
}

/** The fleets are the load's destinations, in the same order. */
function eachWithLoad<T>(
  fleets: readonly ScaledFleet[],
  load: LoadGenerator,
  make: (fleet: ScaledFleet, stats: LoadStats) => T,
): T[] {
  const stats = load.stats();
  return fleets.flatMap((fleet, index) => {
    const own = stats[index];
    return own === undefined ? [] : [make(fleet, own)];
  });
}

function polls(fleets: readonly ScaledFleet[]): number {
  return fleets.reduce((sum, { keda }) => sum + keda.state().polls, 0);
}
