import { type Decision, type WorkloadState, type WorkloadView, workloadState } from '../../forecast/index.ts';
import { formatDuration } from '../../platform/duration.ts';
import type { ServerMode } from '../peers.ts';

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
  const health = workload.model.health();
  const mode = serverMode === 'reactive' ? serverMode : workload.mode;
  const state = workloadState(decision, mode, health);
  if (decision === undefined) {
    const reasons = health.lastError === undefined ? [] : [health.lastError.message];
    return { state, headline: nothingServed[state === 'loading' ? 'loading' : 'unavailable'], reasons };
  }
  if (state === 'blind') return blind(workload, decision);
  return { state, headline: headlineOf(state, decision, serverMode), reasons: decision.fallbackReasons };
}

const nothingServed = {
  loading: 'Starting: demand is being asked for',
  unavailable: 'Unavailable: KEDA gets an error and keeps the replicas, or its fallback acts',
} as const;

/** The headline of a workload with a decision on a fresh observation. */
function headlineOf(
  state: WorkloadState,
  { basis, trust = 0, fallbackReasons }: Decision,
  serverMode: ServerMode,
): string {
  const why = fallbackReasons[0] === undefined ? '' : ` – ${fallbackReasons[0]}`;
  if (state === 'reactive') {
    return serverMode === 'reactive'
      ? 'Reactive: the kill switch is on'
      : 'Reactive by choice: the forecast is shown, not used';
  }
  if (state === 'learning' && basis === 'last-good')
    return `Learning: the last value of before the restart or edit is held${why}`;
  if (state === 'learning') return `Learning: the observed demand is served${why}`;
  if (state === 'distrusted') {
    return trust > 0
      ? `Distrusted in part: the forecast keeps ${Math.ceil(trust * 100)} % of its influence${why}`
      : `Distrusted: the observed demand is served with headroom${why}`;
  }
  if (basis === 'margin')
    return 'Trusted: the observed demand is served with a margin, which is more than the forecast asks for';
  return `Trusted: the forecast asks for ${basis === 'forecast' ? 'more' : 'no more'} than is observed now`;
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
  margin: 'the demand observed last is served with a margin',
  headroom: 'the demand observed last is served with headroom',
  observed: 'the demand observed last is served',
} as const satisfies Record<Decision['basis'], string>;

function observedAt(workload: WorkloadView, decision: Decision): number {
  return workload.model.observed()?.atSeconds ?? decision.atSeconds;
}
