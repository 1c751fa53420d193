import type { Outcome } from './tally.ts';

/** Replica-hours ÷ those of the oracle: what a policy costs. */
export function costRatio({ replicaHours, oracleReplicaHours }: Outcome): number {
  return replicaHours / oracleReplicaHours;
}

/**
 * Index of the cheapest outcome that is short for at most `shortTimeShare` of the time; undefined where none is. Outcomes of one
 * policy's settings in one part of a replay.
 */
export function cheapestWithin(outcomes: readonly Outcome[], shortTimeShare: number): number | undefined {
  return least(outcomes, (outcome) =>
    outcome.shortTimeShare <= shortTimeShare ? outcome.replicaHours : Number.POSITIVE_INFINITY,
  );
}

/** The cheapest outcome within the share of short time, or else the one that is short least. */
export function chooseSetting(outcomes: readonly Outcome[], shortTimeShare: number): number {
  return cheapestWithin(outcomes, shortTimeShare) ?? least(outcomes, (one) => one.shortTimeShare) ?? 0;
}

/**
 * Replica-hours for which a policy, over all of its settings, gives a share of short time: between two settings in proportion, as
 * when each is used for some of the time. Undefined where no setting is short so little.
 */
export function replicaHoursAt(outcomes: readonly Outcome[], shortTimeShare: number): number | undefined {
  let lowest: number | undefined;
  for (const safe of outcomes) {
    if (!(safe.shortTimeShare <= shortTimeShare)) continue;
    lowest = Math.min(lowest ?? Number.POSITIVE_INFINITY, safe.replicaHours);
    for (const risky of outcomes) {
      if (!(risky.shortTimeShare > shortTimeShare) || risky.replicaHours >= safe.replicaHours) continue;
      const share = (shortTimeShare - safe.shortTimeShare) / (risky.shortTimeShare - safe.shortTimeShare);
      lowest = Math.min(lowest, safe.replicaHours + share * (risky.replicaHours - safe.replicaHours));
    }
  }
  return lowest;
}

/** Index of the least value; undefined where none is finite. */
function least(outcomes: readonly Outcome[], figureOf: (outcome: Outcome) => number): number | undefined {
  let best: number | undefined;
  let bestValue = Number.POSITIVE_INFINITY;
  for (const [index, outcome] of outcomes.entries()) {
    const value = figureOf(outcome);
    if (!(value < bestValue)) continue;
    best = index;
    bestValue = value;
  }
  return best;
}
