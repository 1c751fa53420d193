import type { Decision } from '../../forecast/index.ts';

/** The last value of a trigger that was good before it was opened: before a restart, by another replica, or before an edit. */
export interface ServedBefore {
  readonly atSeconds: number;
  /** Demand that KEDA was told, in the query's unit. */
  readonly signal: number;
  readonly active: boolean;
  /**
   * Demand that was observed then, by which it is served until there is an observation; undefined = it is not, as after an edit, of
   * which the error is to be seen where it is wrong.
   */
  readonly observed?: number | undefined;
}

/**
 * The decision, not below what was served before a restart or an edit: until there is a forecast again, what is observed is all that is
 * known, and neither is a reason to take replicas away. It ends with the first decision on an observation and a forecast, where the history
 * was learned and is too short for one, after the time for which a blind workload is served, and in reactive mode, which serves what is observed.
 */
export function heldOverRestart(
  decision: Decision,
  before: ServedBefore | undefined,
  {
    forecast,
    lastGood,
    mode,
    blindSeconds,
  }: {
    readonly forecast: { readonly kind: 'forecast' | 'none'; readonly isLearned?: boolean };
    readonly lastGood: Decision | undefined;
    readonly mode: 'active' | 'reactive';
    readonly blindSeconds: number;
  },
): Decision {
  if (before === undefined || mode === 'reactive') return decision;
  const isKnown = forecast.kind === 'forecast' || forecast.isLearned === true;
  if (isKnown && (decision.fresh || lastGood !== undefined)) return decision;
  if (Math.abs(decision.atSeconds - before.atSeconds) > blindSeconds) return decision;
  const active = decision.active || before.active;
  if (before.signal <= decision.signal) return { ...decision, active };
  const fallbackReasons = [...decision.fallbackReasons, 'no forecast yet since a restart or an edit'];
  return { ...decision, active, signal: before.signal, basis: 'last-good', fallbackReasons };
}
