import type { Decision, ModelHealth } from './workload-view.ts';

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
export type WorkloadState = (typeof workloadStates)[number];

/** The state, for log, API and page alike; undefined = nothing is served. A forecast that has lost part of its influence is distrusted. */
export function workloadState(
  decision: Decision | undefined,
  mode: 'active' | 'reactive',
  health: Pick<ModelHealth, 'state'>,
): WorkloadState {
  if (decision === undefined) return health.state === 'loading' ? 'loading' : 'unavailable';
  if (!decision.fresh) return 'blind';
  if (mode === 'reactive') return 'reactive';
  if (decision.trust === undefined) return 'learning';
  return decision.trust < 1 ? 'distrusted' : 'trusted';
}
