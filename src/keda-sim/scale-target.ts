import { createFleet } from '../controllers/index.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf, noteFailure, type Tally } from './tally.ts';

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
export type ScaleTarget = ReturnType<typeof createScaleTarget>;

/**
 * Carries the replica count of `tally` to the fleet: one request at a time, and the newest wins, as in a Deployment.
 */
export function createScaleTarget(tally: Tally, options: ScalingOptions, clock: Clock) {
  const simulated = createFleet(tally.replicas, options.startUpSeconds ?? 0);
  let carried = tally.replicas;
  let carrying: Promise<void> | undefined;
  const noteFleet = (error: unknown) =>
    noteFailure(tally, { what: 'fleet', code: 'FAILED', message: messageOf(error) });

  async function carry(): Promise<void> {
    while (carried !== tally.replicas) {
      carried = tally.replicas;
      try {
        await options.onScale?.(carried);
      } catch (error) {
        noteFleet(error);
      }
    }
    carrying = undefined;
  }

  return {
    /** Replicas that serve at this moment. */
    ready(): number {
      try {
        if (options.readyReplicas !== undefined) return options.readyReplicas();
      } catch (error) {
        noteFleet(error);
      }
      return simulated.ready(clock());
    },
    scaleTo(wanted: number): void {
      if (wanted === tally.replicas) return;
      tally.replicas = wanted;
      tally.lowestReplicas = Math.min(tally.lowestReplicas, wanted);
      tally.highestReplicas = Math.max(tally.highestReplicas, wanted);
      tally.changes++;
      simulated.resize(wanted, clock());
      carrying ??= Promise.resolve().then(carry);
    },
    /** Resolves when `onScale` is done with the newest size. */
    settled: () => carrying ?? Promise.resolve(),
  };
}
