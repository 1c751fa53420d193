import type { Decision, WorkloadView } from '../../forecast/index.ts';
import { formatDuration } from '../../platform/duration.ts';
import type { ServerMode } from '../ports.ts';

export const workloadStates = [
  'active',
  'learning',
  'fallback',
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
  const reasons = decision.fallbackReasons;
  if (!decision.fresh) {
    const age = formatDuration(Math.max(0, Math.round(decision.atSeconds - observedAt(workload, decision))));
    return {
      state: 'blind',
      headline: `Blind: no fresh data for ${age}; holding the last good value`,
      reasons,
    };
  }
  if (serverMode === 'reactive') {
    return { state: 'reactive', headline: 'Reactive: the kill switch is on', reasons };
  }
  if (workload.mode === 'reactive') {
    return { state: 'reactive', headline: 'Reactive by choice: the forecast is shown, not used', reasons };
  }
  if (reasons.length === 0) {
    const headline =
      decision.basis === 'forecast'
        ? 'Forecast in charge: more demand is coming'
        : 'Forecast in charge: no more than now is coming';
    return { state: 'active', headline, reasons };
  }
  return decision.predictedPeak === undefined
    ? { state: 'learning', headline: `Reactive: still learning – ${reasons[0]}`, reasons }
    : { state: 'fallback', headline: `Reactive for now: ${reasons[0]}`, reasons };
}

function withoutDecision(workload: WorkloadView): Standing {
  const { state, lastError } = workload.model.health();
  const reasons = lastError === undefined ? [] : [lastError.message];
  if (state === 'loading') {
    return { state: 'loading', headline: 'Starting: demand is being asked for', reasons };
  }
  const headline = 'No value to serve: KEDA gets an error, and its fallback acts';
  return { state: 'unavailable', headline, reasons };
}

function observedAt(workload: WorkloadView, decision: Decision): number {
  return workload.model.observed()?.atSeconds ?? decision.atSeconds;
}
