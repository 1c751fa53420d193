import type { Clock } from '../platform/clock.ts';
import { type FaultLog, messageOf, type SimFault } from './faults.ts';
import type { ScaledFleet } from './fleet.ts';

/** One thing KEDA, the HPA or the scaler's stream did. */
export interface KedaSimEvent {
  /** Unix seconds. */
  readonly atSeconds: number;
  readonly from: 'poll' | 'hpa' | 'push';
  /** The metric's total as KEDA exposes it; null when it was not had. */
  readonly value: number | null;
  /** What IsActive said; null when it was not asked or not answered. */
  readonly active: boolean | null;
  /** What the metric alone asks for (HPA only). */
  readonly desired: number | null;
  /** Replicas asked for after this. */
  readonly replicas: number;
  /** Replicas that serve at this moment. */
  readonly ready: number;
  /** The HPA's condition reason, or what KEDA's executor did. */
  readonly reason: string;
  readonly fault: SimFault | null;
}

/** What a part reports; time and replica counts are added here. */
type Happening = Pick<KedaSimEvent, 'from' | 'reason'> & Partial<KedaSimEvent>;

export interface Timeline {
  add(happening: Happening): void;
  /** Newest last. */
  list(): readonly KedaSimEvent[];
  /** The newest value and activity that were had; null before the first. */
  readonly value: number | null;
  readonly active: boolean | null;
}

/** Keeps the newest `limit` events and passes each on as it happens. */
export function createTimeline(parts: {
  readonly clock: Clock;
  readonly fleet: ScaledFleet;
  readonly faults: FaultLog;
  readonly limit: number;
  readonly onEvent: ((event: KedaSimEvent) => void) | undefined;
}): Timeline {
  const { clock, fleet, faults, limit, onEvent } = parts;
  const events: KedaSimEvent[] = [];
  let value: number | null = null;
  let active: boolean | null = null;
  return {
    add(happening) {
      const event: KedaSimEvent = {
        atSeconds: clock(),
        value: null,
        active: null,
        desired: null,
        replicas: fleet.replicas,
        ready: fleet.ready(),
        fault: null,
        ...happening,
      };
      value = event.value ?? value;
      active = event.active ?? active;
      events.push(event);
      if (events.length > limit) events.shift();
      try {
        onEvent?.(event);
      } catch (error) {
        faults.note({ what: 'onEvent', code: 'FAILED', message: messageOf(error) });
      }
    },
    list: () => [...events],
    get value() {
      return value;
    },
    get active() {
      return active;
    },
  };
}
