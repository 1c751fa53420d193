import { type Fleet, readyReplicas, resizeFleet, runningFleet } from '../controllers/index.ts';
import type { Clock } from '../platform/clock.ts';
import { type FaultLog, messageOf } from './faults.ts';

/** What is scaled: a real fleet where its functions are given, else one whose replicas only take time to start. */
export interface FleetOptions {
  /** Default 0. Without effect where `readyReplicas` is given. */
  readonly startUpSeconds?: number;
  /** Asked to bring the fleet to this size; called again only when it has returned, then with the newest size. */
  readonly onScale?: (replicas: number) => void | Promise<void>;
  /** Replicas of the real fleet that serve now. */
  readonly readyReplicas?: () => number;
}

export interface ScaledFleet {
  /** What was asked for last. */
  readonly replicas: number;
  readonly lowestReplicas: number;
  readonly highestReplicas: number;
  /** How often the size was changed. */
  readonly changes: number;
  ready(): number;
  scaleTo(replicas: number): void;
  /** Resolves when `onScale` is done with the newest size. */
  settled(): Promise<void>;
}

/** Holds the replica count and carries it to the fleet: one request at a time, the newest winning, as a Deployment does. */
export function createScaledFleet(
  initialReplicas: number,
  options: FleetOptions,
  parts: { readonly clock: Clock; readonly faults: FaultLog },
): ScaledFleet {
  const { clock, faults } = parts;
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
        faults.note({ what: 'fleet', code: 'FAILED', message: messageOf(error) });
      }
    }
    carrying = undefined;
  }

  return {
    ready() {
      try {
        if (options.readyReplicas !== undefined) return options.readyReplicas();
      } catch (error) {
        faults.note({ what: 'fleet', code: 'FAILED', message: messageOf(error) });
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
