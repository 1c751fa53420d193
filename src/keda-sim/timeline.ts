import type { Clock } from '../platform/clock.ts';
import type { ScaleTarget } from './scale-target.ts';
import { type CallFailure, messageOf, noteFailure, type Tally } from './tally.ts';

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

/** Reports what a part did; time and replica counts are added. */
export type Report = (happening: Pick<KedaSimEvent, 'from' | 'reason'> & Partial<KedaSimEvent>) => void;

/** Passes every event to `onEvent` as it happens. */
export function createReport(
  { clock, scaleTarget, tally }: { clock: Clock; scaleTarget: ScaleTarget; tally: Tally },
  onEvent: (event: KedaSimEvent) => void,
): Report {
  return (happening) => {
    const event: KedaSimEvent = {
      atSeconds: clock(),
      value: null,
      active: null,
      desired: null,
      replicas: tally.replicas,
      ready: scaleTarget.ready(),
      fault: null,
      ...happening,
    };
    try {
      onEvent(event);
    } catch (error) {
      noteFailure(tally, { what: 'onEvent', code: 'FAILED', message: messageOf(error) });
    }
  };
}
