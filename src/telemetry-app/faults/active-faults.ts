import type { Clock } from '../../platform/clock.ts';
import { errorKinds } from './error-kinds.ts';
import { type Behaviour, overridden } from './fate.ts';
import type { FaultOrder } from './fault-order.ts';
import { type FaultName, type Faults, faultNames } from './fault-schemas.ts';
import { latency } from './latency-distribution.ts';

export interface ActiveFaultsOptions {
  /** Behaviour without any of these faults. */
  readonly base: Behaviour;
  readonly clock: Clock;
  /** Monotonic time, by which faults expire. */
  readonly nowMs: () => number;
}

export type ActiveFaults = ReturnType<typeof createActiveFaults>;

/** Faults that were ordered at run time. Each ends by itself. */
export function createActiveFaults({ base, clock, nowMs }: ActiveFaultsOptions) {
  let faults: Faults = {};
  let behaviour = base;
  const untilMs = new Map<FaultName, number>();
  let nextEndMs = Number.POSITIVE_INFINITY;

  function change(changed: Faults): void {
    faults = changed;
    behaviour = withFaults(base, faults);
    nextEndMs = Math.min(Number.POSITIVE_INFINITY, ...untilMs.values());
  }

  function end(ended: readonly FaultName[]): void {
    const left: Faults = { ...faults };
    for (const fault of ended) {
      delete left[fault];
      untilMs.delete(fault);
    }
    change(left);
  }

  /** No timer ends a fault: every reader removes the expired ones first. */
  function endExpired(): void {
    if (untilMs.size === 0 || nowMs() < nextEndMs) return;
    const now = nowMs();
    end(faultNames.filter((fault) => (untilMs.get(fault) ?? now) <= now));
  }

  return {
    /** Starts faults. They replace active ones of the same name; the others stay, with the time they have left. */
    order({ faults: ordered, durationSeconds }: FaultOrder) {
      endExpired();
      for (const fault of faultNames) {
        if (ordered[fault] !== undefined) untilMs.set(fault, nowMs() + durationSeconds * 1000);
      }
      change({ ...faults, ...ordered });
    },
    /** Ends one fault, or all of them. */
    end: (fault?: FaultName) => end(fault === undefined ? faultNames : [fault]),
    list() {
      endExpired();
      return faultNames.flatMap((fault) => {
        const until = untilMs.get(fault);
        if (until === undefined) return [];
        const secondsLeft = (until - nowMs()) / 1000;
        const expiresAt = new Date((clock() + secondsLeft) * 1000).toISOString();
        return [{ fault, value: faults[fault], expiresAt, secondsLeft: Number(secondsLeft.toFixed(1)) }];
      });
    },
    /** Behaviour of the requests now. */
    behaviour() {
      endExpired();
      return behaviour;
    },
    /** Share of the capacity that is left now. */
    capacityRatio() {
      endExpired();
      return faults.capacityRatio ?? 1;
    },
  };
}

/** `base` with the given faults in place of its own. Their texts are checked when they are ordered. */
function withFaults(base: Behaviour, { latency: wait, errors, ...work }: Faults): Behaviour {
  return overridden(base, {
    latency: wait === undefined ? undefined : latency.parse(wait),
    ...errors,
    kinds: errors?.kinds === undefined ? undefined : errorKinds.parse(errors.kinds),
    ...work,
  });
}
