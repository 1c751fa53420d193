import type { Decision, WorkloadView } from '../../forecast/index.ts';
import { formatDuration } from '../../platform/duration.ts';
import type { ServerMode } from '../ports.ts';

/**
 * What the signal of a workload rests on. `trusted`, `distrusted` and `learning` say what the forecast is worth, `reactive` that it
 * is not to be used, `blind` that nothing fresh is observed, and `unavailable` that KEDA gets an error.
 */
export const workloadStates = [
  'trusted',
  'learning',
  'distrusted',
  'reactive',
  'loading',
  'blind',
  'unavailable',
] as const;
type WorkloadState = (typeof workloadStates)[number];

/** The state of a workload, for machines (`state`) and for people (`headline` and `reasons`). */
export interface Standing {
  readonly state: WorkloadState;
  readonly headline: string;
  readonly reasons: readonly string[];
}

/** The state that follows from the decision served now and from the mode of the kill switch. */
export function standingOf(
  workload: WorkloadView,
  decision: Decision | undefined,
  serverMode: ServerMode,
): Standing {
  if (decision === undefined) return withoutDecision(workload);
  if (!decision.fresh) return blind(workload, decision);
  const reasons = decision.fallbackReasons;
  if (serverMode === 'reactive') {
    return { state: 'reactive', headline: 'Reactive: the kill switch is on', reasons };
  }
  if (workload.mode === 'reactive') {
    return { state: 'reactive', headline: 'Reactive by choice: the forecast is shown, not used', reasons };
  }
  const [reason] = reasons;
  if (reason === undefined) {
    const headline =
      decision.basis === 'forecast'
        ? 'Trusted: the forecast asks for more than is observed now'
        : 'Trusted: the forecast asks for no more than is observed now';
    return { state: 'trusted', headline, reasons };
  }
  const { trust } = decision;
  if (trust === undefined) {
    return { state: 'learning', headline: `Learning: the observed demand is served – ${reason}`, reasons };
  }
  const headline =
    trust > 0
      ? `Distrusted in part: the forecast keeps ${Math.ceil(trust * 100)} % of its influence – ${reason}`
      : `Distrusted: the observed demand is served – ${reason}`;
  return { state: 'distrusted', headline, reasons };
}

/** Nothing fresh is observed. The value stays, or rises with the forecast; why nothing comes is the first of the reasons. */
function blind(workload: WorkloadView, decision: Decision): Standing {
  const age = formatDuration(Math.max(0, Math.round(decision.atSeconds - observedAt(workload, decision))));
  const { lastError } = workload.model.health();
  return {
    state: 'blind',
    headline: `Blind: no fresh data for ${age}; ${blindValues[decision.basis]}`,
    reasons: [...(lastError === undefined ? [] : [lastError.message]), ...decision.fallbackReasons],
  };
}

const blindValues = {
  'last-good': 'the last good value is held',
  forecast: 'the forecast goes on, above the last good value',
  observed: 'the demand observed last is served',
} as const satisfies Record<Decision['basis'], string>;

function withoutDecision(workload: WorkloadView): Standing {
  const { state, lastError } = workload.model.health();
  const reasons = lastError === undefined ? [] : [lastError.message];
  if (state === 'loading') {
    return { state: 'loading', headline: 'Starting: demand is being asked for', reasons };
  }
  const headline = 'Unavailable: KEDA gets an error and keeps the replicas, or its fallback acts';
  return { state: 'unavailable', headline, reasons };
}

function observedAt(workload: WorkloadView, decision: Decision): number {
  return workload.model.observed()?.atSeconds ?? decision.atSeconds;
}
