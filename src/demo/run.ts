import { setTimeout as sleep } from 'node:timers/promises';
import { createKedaSim, type KedaSim } from '../keda-sim/index.ts';
import { createLoadGenerator, type LoadGenerator } from '../load/generator.ts';
import { systemClock } from '../platform/clock.ts';
import { createLifecycle } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/log.ts';
import { type FleetSample, judgeScaleUps, type ScaleUpVerdict } from './scale-ups.ts';
import { createScalerReader, type ScalerReader } from './scaler-reader.ts';
import { scene, simulatedTime } from './scene.ts';
import { type DemoStage, openStage } from './stage.ts';
import type { DemoFrame } from './terminal-view.ts';

export interface DemoOptions {
  /** How long to play, from ready; undefined = until `signal` is aborted. */
  readonly forSeconds: number | undefined;
  readonly seed: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** What is being set up, for people who wait. */
  readonly onProgress: (what: string) => void;
  readonly onFrame: (frame: DemoFrame, samples: readonly FleetSample[]) => void;
}

/** What was served: the line of `demo --json` (design.md §4.3.1), and what the forecast made of it. */
export interface DemoSummary {
  readonly polls: number;
  readonly samplesScraped: number;
  readonly seasons: readonly string[];
  readonly fleets: readonly {
    readonly name: string;
    readonly replicas: { readonly min: number; readonly max: number; readonly changes: number };
    readonly shed: number;
    readonly p95Ms: number | null;
    readonly scaleUps: ScaleUpVerdict;
  }[];
  readonly forecast: { readonly status: string; readonly points: number };
  readonly errors: readonly string[];
}

const sampleMs = 500;
/** An hour of samples for the page and the verdict. */
const keptSamples = 7_200;

/** Plays the demo: everything real but the cluster. Whatever it opened is closed when it returns or throws. */
export async function runDemo(options: DemoOptions): Promise<DemoSummary> {
  const lifecycle = createLifecycle(options.log, 10_000);
  try {
    const samples: FleetSample[] = [];
    const stage = await openStage({ ...options, samples: () => samples }, lifecycle);
    const load = createLoadGenerator({
      targets: () => stage.fleet.readyUrls(),
      rateAt: stage.rateAt,
      request: { method: 'POST', path: '/process', body: '[]' },
      timeoutMs: 2_000,
      clock: systemClock,
      maxInFlight: 200,
      seed: options.seed,
      arrivals: 'even',
    });
    lifecycle.onClose('load', () => load.stop());
    load.start();
    const keda = playKeda(stage);
    lifecycle.onClose('keda-sim', () => keda.stop());
    keda.start();

    const reader = createScalerReader(stage.server.httpUrl);
    options.onProgress('learning two weeks of history');
    await reader.forecastReady(30_000, options.signal);
    const act = { stage, load, keda, reader, samples };
    await play(act, options);
    return await summary(act);
  } finally {
    await lifecycle.close();
  }
}

interface Act {
  readonly stage: DemoStage;
  readonly load: LoadGenerator;
  readonly keda: KedaSim;
  readonly reader: ScalerReader;
  readonly samples: FleetSample[];
}

async function play(act: Act, { forSeconds, signal, onFrame }: DemoOptions): Promise<void> {
  const endSeconds = forSeconds === undefined ? Number.POSITIVE_INFINITY : systemClock() + forSeconds;
  while (!signal.aborted && systemClock() < endSeconds) {
    act.samples.push(look(act.stage));
    if (act.samples.length > keptSamples) act.samples.shift();
    onFrame(await frameOf(act), act.samples);
    await sleep(sampleMs, undefined, { signal }).catch(() => undefined);
  }
}

function look({ fleet, rateAt }: DemoStage): FleetSample {
  const t = systemClock();
  const ready = fleet.readyUrls().length;
  return {
    t,
    replicas: fleet.replicas,
    ready,
    demand: rateAt(t),
    capacity: ready * scene.targetRequestsPerSecond,
  };
}

async function frameOf({ stage, load, keda, reader, samples }: Act): Promise<DemoFrame> {
  const standing = await reader.standing();
  const stats = load.stats();
  return {
    simulatedTime: simulatedTime(systemClock(), stage.shiftSeconds),
    demand: samples.at(-1)?.demand ?? 0,
    signal: standing.signal,
    basis: standing.basis,
    seasons: standing.seasons,
    replicas: stage.fleet.replicas,
    ready: stage.fleet.readyUrls().length,
    p95Ms: stats.recentLatency.p95Ms,
    polls: keda.state().polls,
    shed: stats.shed,
    pageUrl: stage.server.httpUrl,
  };
}

function playKeda({ fleet, server, scaledObject }: DemoStage): KedaSim {
  const address = `127.0.0.1:${server.grpcPort}`;
  return createKedaSim({
    scaler: address,
    scaledObject: { ...scaledObject, metadata: { scalerAddress: address, ...scaledObject.metadata } },
    pollingIntervalSeconds: scene.kedaPollingSeconds,
    hpaSyncSeconds: scene.hpaSyncSeconds,
    minReplicas: scene.minReplicas,
    maxReplicas: scene.maxReplicas,
    initialReplicas: scene.minReplicas,
    behavior: {
      scaleUp: { policies: [{ type: 'Pods', value: 4, periodSeconds: 1 }] },
      scaleDown: { stabilizationWindowSeconds: scene.scaleDownStabilizationSeconds },
    },
    onScale: (replicas) => fleet.scale(replicas),
    readyReplicas: () => fleet.readyUrls().length,
  });
}

async function summary({ stage, load, keda, reader, samples }: Act): Promise<DemoSummary> {
  const { polls, lowestReplicas, highestReplicas, changes, faults, lastFault } = keda.state();
  const { shed, failed, latency } = load.stats();
  const standing = await reader.standing();
  const errors: string[] = [];
  if (faults > 0)
    errors.push(`${faults} faults of the scaler, the last: ${lastFault?.code} ${lastFault?.message}`);
  if (failed > 0) errors.push(`${failed} requests failed`);
  return {
    polls,
    samplesScraped: await stage.samplesScraped(),
    seasons: standing.seasons,
    fleets: [
      {
        name: 'forescale',
        replicas: { min: lowestReplicas, max: highestReplicas, changes },
        shed,
        p95Ms: latency.p95Ms ?? null,
        scaleUps: judgeScaleUps(samples, scene.targetRequestsPerSecond),
      },
    ],
    forecast: { status: standing.forecastStatus, points: standing.forecastPoints },
    errors,
  };
}
