import {
  achievedService,
  budgetLeftRatio,
  type HorizonAccuracy,
  type WorkloadView,
} from '../../forecast/index.ts';

/** Numbers of a workload that only new rows of its history change; undefined where nothing is known. */
export interface LearnedNumbers {
  /** The newest row, and when they were taken; unix seconds. */
  readonly newestSeconds: number;
  readonly takenSeconds: number;
  readonly played: Played | undefined;
  readonly ahead: Ahead | undefined;
  readonly coverage: LowestCoverage;
}

/** What played decisions brought. */
interface Played {
  readonly achievedThisWeek: number;
  readonly budgetLeft: number;
  /** Seconds since the workload was opened, by policy. */
  readonly forescale: { readonly shortSeconds: number; readonly replicaSeconds: number };
  readonly reactive: { readonly shortSeconds: number; readonly replicaSeconds: number };
}

/** The forecast an hour ahead, or as far as the trigger looks where that is less. */
interface Ahead {
  readonly horizonSeconds: number;
  readonly median: number | undefined;
  readonly bound: number | undefined;
  /** The highest demand up to the trigger's predictHorizon that is not exceeded nine times of ten. */
  readonly highest: number;
}

/** The lowest share of demand at or below a quantile among the horizons; it changes once for each step of the grid. */
interface LowestCoverage {
  readonly slot: number;
  readonly of90: number | undefined;
  readonly of99: number | undefined;
}

const hourSeconds = 3_600;
/** A learned lead time changes what was played without a new row, which may be an hour away. */
const longestSeconds = 300;

/** What was learned by `before`, or anew where there is a new row. */
export function learnedNumbers(
  workload: WorkloadView,
  nowSeconds: number,
  before: LearnedNumbers | undefined,
): LearnedNumbers {
  const newestSeconds = workload.model.newestSeconds();
  const isCurrent =
    before?.newestSeconds === newestSeconds &&
    before.played !== undefined &&
    Math.abs(nowSeconds - before.takenSeconds) < longestSeconds;
  if (isCurrent) return before;
  return {
    newestSeconds,
    takenSeconds: nowSeconds,
    played: played(workload),
    ahead: ahead(workload),
    coverage: lowestCoverage(workload, before?.coverage),
  };
}

function played(workload: WorkloadView): Played | undefined {
  const outcome = workload.outcome();
  if (outcome === undefined) return undefined;
  const { forescale, reactive } = outcome.counted;
  return {
    achievedThisWeek: achievedService(outcome.windows['7d'], 'forescale'),
    budgetLeft: budgetLeftRatio(outcome),
    forescale,
    reactive,
  };
}

const [medianKey, highKey, boundKey] = ['0.5', '0.9', '0.99'] as const;

function ahead({ model, horizonSeconds }: WorkloadView): Ahead | undefined {
  const { gridSeconds } = model;
  const forecast = model.forecast({
    horizonSteps: Math.max(1, Math.floor(horizonSeconds / gridSeconds)),
    quantiles: [medianKey, highKey, boundKey].map(Number),
  });
  if (forecast.status !== 'ok') return undefined;
  const index = stepIndex(Math.min(hourSeconds, horizonSeconds), gridSeconds);
  return {
    horizonSeconds: (index + 1) * gridSeconds,
    median: forecast.quantiles[medianKey]?.[index],
    bound: forecast.quantiles[boundKey]?.[index],
    highest: Math.max(...(forecast.quantiles[highKey] ?? [])),
  };
}

/** Index of the step of a forecast that a horizon ends in. */
export function stepIndex(horizonSeconds: number, gridSeconds: number): number {
  return Math.max(0, Math.round(horizonSeconds / gridSeconds) - 1);
}

function lowestCoverage(workload: WorkloadView, before: LowestCoverage | undefined): LowestCoverage {
  const { model } = workload;
  const slot = Math.floor(model.newestSeconds() / model.gridSeconds);
  if (before?.slot === slot) return before;
  const scored = scoredHorizons(workload);
  const lowest = (quantile: string) => {
    const shares = scored.flatMap(({ coverage }) => coverage[quantile] ?? []);
    return shares.length === 0 ? undefined : Math.min(...shares);
  };
  return { slot, of90: lowest(highKey), of99: lowest(boundKey) };
}

/** Shares of the trigger's horizon of which metrics tell: of the usual 2 h, these are 5, 15, 30, 60 and 120 minutes. */
export const toldShares = [1 / 24, 1 / 8, 1 / 4, 1 / 2, 1];

/**
 * The scored horizons that are nearest to the told shares. A horizon of which no forecast has come due has no accuracy yet, and a
 * coverage of 0 would be an alert.
 */
export function scoredHorizons({ model, horizonSeconds }: WorkloadView): readonly HorizonAccuracy[] {
  const scored = model.accuracy().filter(({ count }) => count > 0);
  const nearest = toldShares.map((share) => {
    const wanted = share * horizonSeconds;
    const distance = (one: HorizonAccuracy) => Math.abs(Math.log(one.horizonSeconds / wanted));
    return scored.reduce<HorizonAccuracy | undefined>(
      (best, one) => (best === undefined || distance(one) < distance(best) ? one : best),
      undefined,
    );
  });
  return [...new Set(nearest)].filter((one) => one !== undefined);
}
