import { createVirtualFleet, hpaDefaults } from '../../controllers/index.ts';
import type { Stateful } from '../../forecast/index.ts';
import type { ServiceRule } from './service-rule.ts';

/** Replicas that follow the signal of one rule in virtual time. */
export interface PlayedFleet extends Stateful {
  readonly replicas: number;
  /** Whether demand was above what the ready replicas carry in the newest tick. */
  readonly isShort: boolean;
  /** One sync of the HPA: `demand` is met by the replicas that are ready, and then `signal` moves them. */
  tick(nowSeconds: number, demand: number, signal: number): void;
}

/** Scale-down window of the HPA's own, which a reactive trigger has. */
export const reactiveHoldSeconds = hpaDefaults.scaleDownStabilizationSeconds;

/** Nobody knows the bounds of the HPA here; as far as this is played it has none. */
const mostReplicas = 1_000_000;
/** Relative rounding error of arithmetic, which makes nothing short. */
const roundingNoise = 1e-9;

/**
 * A fleet that begins with the replicas that the first demand needs. `holdSeconds` is the HPA's stabilization window of
 * scale-down.
 */
export function createPlayedFleet(
  { threshold, capacity, hpaTolerance, leadTimeSeconds }: ServiceRule,
  holdSeconds: number,
  firstDemand: number,
): PlayedFleet {
  const fleet = createVirtualFleet({
    target: threshold,
    minReplicas: 1,
    maxReplicas: mostReplicas,
    behavior: { scaleDown: { stabilizationWindowSeconds: holdSeconds } },
    tolerance: hpaTolerance,
    startUpSeconds: leadTimeSeconds,
    initialReplicas: Math.min(mostReplicas, Math.max(1, Math.ceil(firstDemand / threshold))),
  });
  let isShort = false;
  return {
    get replicas() {
      return fleet.existingReplicas;
    },
    get isShort() {
      return isShort;
    },
    copyState(copier) {
      isShort = copier.flag(isShort);
      fleet.copyState(copier);
    },
    tick(nowSeconds, demand, signal) {
      isShort = demand > fleet.readyReplicas(nowSeconds) * capacity * (1 + roundingNoise);
      fleet.sync(nowSeconds, signal);
    },
  };
}
