import type { Clock } from '../platform/clock.ts';
import { type CallFailure, type FailureLog, messageOf } from './call-failures.ts';
import type { ScaleTarget } from './scale-target.ts';

/** One thing KEDA, the HPA or the scaler's stream did. */
export interface KedaSimEvent {
  /** Unix seconds. */
  readonly atSeconds: number;
  readonly from: 'poll' | 'hpa' | 'push';
  /** The metric's total as KEDA exposes it; null when there is none. */
  readonly value: number | null;
  /** The answer of IsActive; null when it was not asked or did not answer. */
  readonly active: boolean | null;
  /** Replicas that the metric alone asks for (HPA only). */
  readonly desired: number | null;
  /** Replicas asked for after this event. */
  readonly replicas: number;
  /** Replicas that serve at this moment. */
  readonly ready: number;
  /** The HPA's condition reason, or what KEDA's executor did. */
  readonly reason: string;
  /** What went wrong on the way; null where nothing did. `fault` is its name in the JSON that keda-sim prints. */
  readonly fault: CallFailure | null;
}

/** An event as a part reports it; the timeline adds time and replica counts. */
type Happening = Pick<KedaSimEvent, 'from' | 'reason'> & Partial<KedaSimEvent>;

export interface Timeline {
  add(happening: Happening): void;
  /** The newest event is the last. */
  list(): readonly KedaSimEvent[];
  /** The newest value; null before the first. */
  readonly value: number | null;
  /** The newest answer of IsActive; null before the first. */
  readonly active: boolean | null;
}

/** Keeps the newest `limit` events and passes each on as it happens. */
export function createTimeline(parts: {
  readonly clock: Clock;
  readonly scaleTarget: ScaleTarget;
  readonly failures: FailureLog;
  readonly limit: number;
  readonly onEvent: ((event: KedaSimEvent) => void) | undefined;
}): Timeline {
  const { clock, scaleTarget, failures, limit, onEvent } = parts;
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
        replicas: scaleTarget.replicas,
        ready: scaleTarget.ready(),
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
        failures.note({ what: 'onEvent', code: 'FAILED', message: messageOf(error) });
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
