import { type Fleet, readyReplicas, resizeFleet, runningFleet } from '../controllers/index.ts';
import type { Clock } from '../platform/clock.ts';
import { type FailureLog, messageOf } from './call-failures.ts';

/** How replicas are started: by the given functions in a real fleet, otherwise by simulated start-up time alone. */
export interface ScalingOptions {
  /** Time from asking for a replica until it is ready. Default: 0. It has no effect where `readyReplicas` is given. */
  readonly startUpSeconds?: number;
  /** Brings the real fleet to a size. It is called again only when it has returned, then with the newest size. */
  readonly onScale?: (replicas: number) => void | Promise<void>;
  /** Replicas of the real fleet that serve at this moment. */
  readonly readyReplicas?: () => number;
}

/** The workload that KEDA and the HPA scale. */
export interface ScaleTarget {
  /** Replicas that were asked for last. */
  readonly replicas: number;
  readonly lowestReplicas: number;
  readonly highestReplicas: number;
  /** How often the size was changed. */
  readonly changes: number;
  /** Replicas that serve at this moment. */
  ready(): number;
  scaleTo(replicas: number): void;
  /** Resolves when `onScale` is done with the newest size. */
  settled(): Promise<void>;
}

/** Holds the replica count and carries it to the fleet: one request at a time, and the newest wins, as in a Deployment. */
export function createScaleTarget(
  initialReplicas: number,
  options: ScalingOptions,
  parts: { readonly clock: Clock; readonly failures: FailureLog },
): ScaleTarget {
  const { clock, failures } = parts;
  let simulated: Fleet = runningFleet(initialReplicas);
  let replicas = initialReplicas;
  let lowestReplicas = initialReplicas;
  let highestReplicas = initialReplicas;
  let changes = 0;
  let carried = initialReplicas;
  let carrying: Promise<void> | undefined;

  async function carry(): Promise<void> {
    while (carried !== replicas) {
      carried = replicas;
      try {
        await options.onScale?.(carried);
      } catch (error) {
        failures.note({ what: 'fleet', code: 'FAILED', message: messageOf(error) });
      }
    }
    carrying = undefined;
  }

  return {
    ready() {
      try {
        if (options.readyReplicas !== undefined) return options.readyReplicas();
      } catch (error) {
        failures.note({ what: 'fleet', code: 'FAILED', message: messageOf(error) });
      }
      return readyReplicas(simulated, clock());
    },
    scaleTo(wanted) {
      if (wanted === replicas) return;
      replicas = wanted;
      lowestReplicas = Math.min(lowestReplicas, wanted);
      highestReplicas = Math.max(highestReplicas, wanted);
      changes++;
      const when = { nowSeconds: clock(), startUpSeconds: options.startUpSeconds ?? 0 };
      simulated = resizeFleet(simulated, wanted, when);
      carrying ??= Promise.resolve().then(carry);
    },
    settled: () => carrying ?? Promise.resolve(),
    get replicas() {
      return replicas;
    },
    get lowestReplicas() {
      return lowestReplicas;
    },
    get highestReplicas() {
      return highestReplicas;
    },
    get changes() {
      return changes;
    },
  };
}
