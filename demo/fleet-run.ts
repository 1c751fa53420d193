import { createKedaSim, type KedaSim } from '../src/keda-sim/index.ts';
import type { AppFleet } from './app-fleet.ts';
import type { ComparedFleet } from './compared-fleets.ts';
import type { LoadStats } from './load/sender.ts';
import type { FleetResult } from './report/result.ts';
import { type FleetSample, judgeScaleUps } from './scale-ups.ts';
import { scenario } from './scenario.ts';

/** A fleet of real processes, the KEDA that scales it, and the samples taken of both. */
export interface FleetRun {
  readonly name: ComparedFleet['name'];
  readonly apps: AppFleet;
  readonly keda: KedaSim;
  readonly samples: readonly FleetSample[];
  /** Adds a sample and returns it. */
  takeSample(atSeconds: number, demand: number, load: LoadStats): FleetSample;
  /** The result so far: pod-minutes since `countAnew` was last called, replicas since the fleet was opened. */
  result(load: LoadStats): FleetResult;
  /** Counts pod-minutes and faults of the scaler from now on: one that has just started has observed nothing yet. */
  countAnew(): void;
  /** What went wrong, one sentence each. */
  errors(load: LoadStats): readonly string[];
}

/** Samples that are kept for the page and the result: an hour of them. */
const keptSamples = 7_200;

/** Puts a fleet under KEDA and an HPA with default behaviour, whose times are compressed as the scenario says. */
export function createFleetRun(
  { name, scaledObject }: ComparedFleet,
  apps: AppFleet,
  scalerPort: number,
): FleetRun {
  const scalerAddress = `127.0.0.1:${scalerPort}`;
  const samples: FleetSample[] = [];
  let secondsBefore = 0;
  let failuresBefore = 0;
  const keda = createKedaSim({
    scaler: scalerAddress,
    scaledObject: { ...scaledObject, metadata: { scalerAddress, ...scaledObject.metadata } },
    pollingIntervalSeconds: scenario.kedaPollingSeconds,
    hpaSyncSeconds: scenario.hpaSyncSeconds,
    minReplicas: scenario.minReplicas,
    maxReplicas: scenario.maxReplicas,
    initialReplicas: scenario.minReplicas,
    behavior: defaultBehavior,
    onScale: (replicas) => apps.scale(replicas),
    readyReplicas: () => apps.readyUrls().length,
  });

  return {
    name,
    apps,
    keda,
    samples,
    takeSample(atSeconds, demand, { shed, recentLatency }) {
      const ready = apps.readyUrls().length;
      const sample: FleetSample = {
        t: atSeconds,
        replicas: apps.replicas,
        ready,
        demand,
        capacity: ready * scenario.capacityRequestsPerSecond,
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
        scaleUps: judgeScaleUps(samples, scenario.targetRequestsPerSecond),
      };
    },
    countAnew() {
      secondsBefore = apps.replicaSeconds();
      failuresBefore = keda.state().failures;
    },
    errors({ failed, dropped }) {
      const { failures: allFailures, lastFailure } = keda.state();
      const failures = allFailures - failuresBefore;
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

const { hpaPolicySeconds: periodSeconds, scaleDownStabilizationSeconds } = scenario;

/** The default behaviour of an HPA (src/controllers), in the demo's time. */
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
