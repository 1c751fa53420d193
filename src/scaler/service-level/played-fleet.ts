import {
  createVirtualFleet,
  type HpaBehavior,
  hpaDefaults,
  type VirtualFleet,
} from '../../controllers/index.ts';
import type { StateCopier, Stateful } from '../../forecast/index.ts';
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

/** By the stabilization window of scale-down, of which there are two. */
const behaviors = new Map<number, HpaBehavior>();

function holding(holdSeconds: number): HpaBehavior {
  const behavior = behaviors.get(holdSeconds) ?? {
    scaleDown: { stabilizationWindowSeconds: holdSeconds },
  };
  behaviors.set(holdSeconds, behavior);
  return behavior;
}

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
    behavior: holding(holdSeconds),
    tolerance: hpaTolerance,
    startUpSeconds: leadTimeSeconds,
    initialReplicas: Math.min(mostReplicas, Math.max(1, Math.ceil(firstDemand / threshold))),
  });
  return new SyncedFleet(fleet, capacity);
}

/** A class, as StartingFleet of the controllers is. */
class SyncedFleet implements PlayedFleet {
  isShort = false;
  readonly #fleet: VirtualFleet;
  readonly #capacity: number;

  constructor(fleet: VirtualFleet, capacity: number) {
    this.#fleet = fleet;
    this.#capacity = capacity;
  }

  get replicas(): number {
    return this.#fleet.existingReplicas;
  }

  copyState(copier: StateCopier): void {
    this.isShort = copier.flag(this.isShort);
    this.#fleet.copyState(copier);
  }

  tick(nowSeconds: number, demand: number, signal: number): void {
    this.isShort = demand > this.#fleet.readyReplicas(nowSeconds) * this.#capacity * (1 + roundingNoise);
    this.#fleet.sync(nowSeconds, signal);
  }
}
