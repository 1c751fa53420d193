import { createKedaSim, type KedaSim } from '../src/keda-sim/index.ts';
import type { AppFleet } from './app-fleet.ts';
import type { Contestant } from './contestants.ts';
import type { LoadStats } from './load/sender.ts';
import type { FleetResult } from './result.ts';
import { type FleetSample, judgeScaleUps } from './scale-ups.ts';
import { scene } from './scene.ts';

/** A fleet of real processes, the KEDA that scales it, and what has been seen of both. */
export interface ScaledFleet {
  readonly name: Contestant['name'];
  readonly apps: AppFleet;
  readonly keda: KedaSim;
  readonly samples: readonly FleetSample[];
  /** Adds a sample. */
  look(atSeconds: number, demand: number, load: LoadStats): FleetSample;
  /** What it came to: pod-minutes since it was opened or `countAnew` was last called, replicas since it was opened. */
  result(load: LoadStats): FleetResult;
  countAnew(): void;
  /** What went wrong, in sentences. */
  errors(load: LoadStats): readonly string[];
}

/** An hour of samples for the page and the verdict. */
const keptSamples = 7_200;

/** Puts a fleet under KEDA and an HPA with default behaviour, each of their times compressed as the scene says. */
export function createScaledFleet(
  { name, scaledObject }: Contestant,
  apps: AppFleet,
  scalerPort: number,
): ScaledFleet {
  const scalerAddress = `127.0.0.1:${scalerPort}`;
  const samples: FleetSample[] = [];
  let secondsBefore = 0;
  const keda = createKedaSim({
    scaler: scalerAddress,
    scaledObject: { ...scaledObject, metadata: { scalerAddress, ...scaledObject.metadata } },
    pollingIntervalSeconds: scene.kedaPollingSeconds,
    hpaSyncSeconds: scene.hpaSyncSeconds,
    minReplicas: scene.minReplicas,
    maxReplicas: scene.maxReplicas,
    initialReplicas: scene.minReplicas,
    behavior: defaultBehavior,
    onScale: (replicas) => apps.scale(replicas),
    readyReplicas: () => apps.readyUrls().length,
  });

  return {
    name,
    apps,
    keda,
    samples,
    look(atSeconds, demand, { shed, recentLatency }) {
      const ready = apps.readyUrls().length;
      const sample: FleetSample = {
        t: atSeconds,
        replicas: apps.replicas,
        ready,
        demand,
        capacity: ready * scene.capacityRequestsPerSecond,
        shed,
        ...(recentLatency.p95Ms !== undefined && { p95Ms: recentLatency.p95Ms }),
      };
      samples.push(sample);
      if (samples.length > keptSamples) samples.shift();
      return sample;
    },
    result({ sent, shed, latency }) {
      const { lowestReplicas, highestReplicas, changes } = keda.state();
      return {
        name,
        replicas: { min: lowestReplicas, max: highestReplicas, changes },
        requests: sent,
        shed,
        p95Ms: latency.p95Ms ?? null,
        podMinutes: (apps.replicaSeconds() - secondsBefore) / 60,
        scaleUps: judgeScaleUps(samples, scene.targetRequestsPerSecond),
      };
    },
    countAnew() {
      secondsBefore = apps.replicaSeconds();
    },
    errors({ failed, dropped }) {
      const { failures, lastFailure } = keda.state();
      return [
        ...(failures > 0
          ? [
              `${name}: ${failures} faults of the scaler, the last: ${lastFailure?.code} ${lastFailure?.message}`,
            ]
          : []),
        ...(failed > 0 ? [`${name}: ${failed} requests failed`] : []),
        ...(dropped > 0 ? [`${name}: ${dropped} arrivals were not sent: this machine was too busy`] : []),
        ...apps.failures.map((why) => `${name}: a replica did not start: ${why}`),
      ];
    },
  };
}

const { hpaPolicySeconds: periodSeconds, scaleDownStabilizationSeconds } = scene;

/** What an HPA does that is told nothing (what-if/simulator/behavior.ts), in the demo's time. */
const defaultBehavior = {
  scaleUp: {
    policies: [
      { type: 'Pods', value: 4, periodSeconds },
      { type: 'Percent', value: 100, periodSeconds },
    ],
  },
  scaleDown: {
    stabilizationWindowSeconds: scaleDownStabilizationSeconds,
    policies: [{ type: 'Percent', value: 100, periodSeconds }],
  },
} as const;
