import { dateOf, monthStart } from './dates.ts';
import type { DayDemand, LocalDays } from './days.ts';
import { type Effect, findEffects } from './find-effects.ts';

/** A day on which demand is expected to be a multiple of the usual one, because it was before. */
export interface EffectEvent {
  /** Unix seconds; the end is the first second after it. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly kind: Effect['kind'];
  readonly name: string;
  /** Demand over the usual demand, above 1. */
  readonly ratio: number;
  /** Days that show it. */
  readonly occurrences: number;
}

/** Days before the month and after its beginning for which events are told: what a model has read, and what it may be asked for. */
const daysBefore = 40;
const daysAfter = 75;

/**
 * The events of the time around a month, from the whole months before it alone: they are the same all month, and on all replicas whose
 * archives have these days. A day has one event at most, the highest.
 */
export function effectEvents(
  demand: readonly DayDemand[],
  nowSeconds: number,
  days: LocalDays,
): EffectEvent[] {
  const month = monthStart(days.dayOf(nowSeconds));
  const effects = findEffects(demand.filter(({ day }) => day < month));
  if (effects.length === 0) return [];
  return Array.from({ length: daysBefore + daysAfter }, (_, index) => month - daysBefore + index).flatMap(
    (day) => {
      const effect = highestOn(effects, day);
      if (effect === undefined) return [];
      const { kind, name, ratio, shownOn } = effect;
      const [startSeconds, endSeconds] = [days.startOf(day), days.startOf(day + 1)];
      return [{ startSeconds, endSeconds, kind, name, ratio, occurrences: shownOn.length }];
    },
  );
}

function highestOn(effects: readonly Effect[], day: number): Effect | undefined {
  const date = dateOf(day);
  return effects.filter(({ isOn }) => isOn(date)).sort((a, b) => b.ratio - a.ratio)[0];
}
