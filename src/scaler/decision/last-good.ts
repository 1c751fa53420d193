import type { Decision, Observation } from '../../forecast/index.ts';
import { isConfirmed, type ScalingPolicy, type Situation, standsAlone } from './policy.ts';
import type { ServedBefore } from './served-before.ts';

/** The last decision on a fresh observation that was confirmed; it is written over by the next one. */
export interface LastGood {
  decision: Decision;
  observed: Observation;
  /** Whether a forecast was there to confirm it. */
  knewHistory: boolean;
  /** Most of its signal and of its demand that is held over a restart: all, but where its observation stands alone. */
  mostSignal: number;
  mostDemand: number;
}

interface Known {
  readonly forecast: Situation['forecast'];
  readonly policy: ScalingPolicy;
  /** What was served before a restart or an edit. */
  readonly before: ServedBefore | undefined;
}

/** The newest good decision, in the place of the one before it, if there is one. */
export function newestGood(
  place: LastGood | undefined,
  { decision, observed }: Pick<LastGood, 'decision' | 'observed'>,
  { forecast, policy, before }: Known,
): LastGood {
  // What came last before a restart comes before the first observation after it.
  const { previousValue = before?.observed } = observed;
  const isAlone = standsAlone({ ...observed, previousValue }, forecast, policy);
  const credible = previousValue ?? 0;
  const served = place === undefined ? before?.signal : heldOf(place).signal;
  const newest = {
    decision,
    observed,
    knewHistory: forecast.kind === 'forecast',
    mostSignal: isAlone ? Math.max(credible, served ?? 0) : Number.POSITIVE_INFINITY,
    mostDemand: isAlone ? credible : Number.POSITIVE_INFINITY,
  };
  return place === undefined ? newest : Object.assign(place, newest);
}

/**
 * What was good while no history was known is judged again by the first that is: a trigger that was opened before the history was
 * read holds what one that was opened after it holds.
 */
export function judgedAgain(
  lastGood: LastGood | undefined,
  forecast: Situation['forecast'],
  policy: ScalingPolicy,
): LastGood | undefined {
  if (lastGood === undefined || lastGood.knewHistory || forecast.kind === 'none') return lastGood;
  if (!isConfirmed(lastGood.observed, forecast, policy)) return undefined;
  const all = { mostSignal: Number.POSITIVE_INFINITY, mostDemand: Number.POSITIVE_INFINITY };
  return { ...lastGood, ...all, knewHistory: true };
}

/** What of it is held over a restart. */
export function heldOf({ decision, mostSignal, mostDemand }: LastGood): ServedBefore {
  const { atSeconds, signal, active, observed } = decision;
  return {
    atSeconds,
    signal: Math.min(signal, mostSignal),
    active,
    observed: Math.min(observed, mostDemand),
  };
}
