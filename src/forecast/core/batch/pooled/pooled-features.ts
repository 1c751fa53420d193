import { candidates } from '../candidates.ts';
import { pastErrors } from './past-errors.ts';
import type { PooledSeries } from './pooled-series.ts';

/** A difference counts as at most so many units. */
const mostUnits = 20;
/** A ratio to the level is at most this. */
const mostLevels = 5;

/** The names of the features in the order in which the trees number them. */
export const pooledFeatureNames: readonly string[] = [
  'newest',
  'hour-on-day',
  'quarter-on-day',
  'day-on-day',
  'hour-on-week',
  'quarter-on-week',
  'day-on-week',
  'week-on-week',
  'noise',
  'error-on-change',
  'error-of-day',
  'error-of-quarter',
  'error',
  'error-at-hour',
  'size-at-hour',
  'horizon',
  'height',
  'phase',
  'phase-of-week',
  'yesterday',
  'day-before',
  'third-day',
  'yesterday-earlier',
  'yesterday-later',
  'seven-days',
  'last-week',
  'week-before',
  'third-week',
  'last-week-earlier',
  'last-week-later',
  'four-weeks',
  'spread',
  ...Object.keys(candidates),
];

/** Writes the features of the step that is `h` steps after the first of a path. */
export type ReadFeatures = (h: number, into: Float64Array) => void;

/**
 * What the trees are told of the steps of the path from origin number `o`: how far each expert and the same moment of earlier days and weeks
 * are from the combination, how demand has been of late, and how the combination has erred before. Differences are those of
 * square roots in typical errors of the series, so that nothing has a unit of demand; what is not known is NaN.
 */
export function featuresFrom(series: PooledSeries, o: number): ReadFeatures {
  const { roots, unit, change, day, week, peakSlot, quietSlot } = series;
  const origin = series.origins[o]!;
  const combined = series.combined[o]!;
  const inUnits = (difference: number) => Math.max(-mostUnits, Math.min(mostUnits, difference / unit));
  /** Mean of the `count` values that end `back` before the newest. */
  const mean = (back: number, count: number) => series.mean(origin - back - count, origin - back);
  const level = mean(0, Math.min(week, origin));
  const inLevels = (root: number) => (level > 0 ? Math.min(mostLevels, root / level) : mostLevels);
  const errors = pastErrors(series, o);
  const spans = [Math.max(1, Math.round(day / 24)), Math.max(1, Math.round(day / 4)), day];
  const ofOrigin = [
    inUnits(roots[origin - 1]! - combined[0]!),
    ...[day, week].flatMap((season) => spans.map((span) => inUnits(mean(0, span) - mean(season, span)))),
    inUnits(mean(0, week) - mean(week, week)),
    inLevels(unit),
    unit / change,
    inUnits(errors.ofLast(day)),
    inUnits(errors.ofLast(spans[1]!)),
    inUnits(errors.mean),
  ];
  return (h, into) => {
    const centre = combined[h]!;
    const moment = origin + h;
    const slot = moment % day;
    /** Mean difference to the same moment of `count` days or weeks, from the one that is `back` before the newest known on, and `later` steps later. */
    const same = (season: number, back: number, count: number, later = 0) => {
      const newest = moment - season * (Math.floor(h / season) + 1 + back) + later;
      // A step that is as late as the origin is not known.
      if (newest >= origin) return Number.NaN;
      let sum = 0;
      for (let i = 0; i < count; i++) sum += roots[newest - i * season] ?? Number.NaN;
      return inUnits(sum / count - centre);
    };
    into.set(ofOrigin);
    let at = ofOrigin.length;
    into[at++] = inUnits(errors.atSlot[slot]!);
    into[at++] = inUnits(errors.sizeAtSlot[slot]!);
    into[at++] = (h + 1) / day;
    into[at++] = inLevels(centre);
    into[at++] = ((slot - peakSlot + day) % day) / day;
    into[at++] = (((moment % week) - quietSlot + week) % week) / day;
    for (const [season, count] of [
      [day, 7],
      [week, 4],
    ] as const) {
      for (const back of [0, 1, 2]) into[at++] = same(season, back, 1);
      for (const later of [-1, 1]) into[at++] = same(season, 0, 1, later);
      into[at++] = same(season, 0, count);
    }
    const spreadAt = at++;
    let spread = 0;
    let known = 0;
    for (const ofExpert of series.paths) {
      const difference = inUnits(Math.sqrt(ofExpert[o]?.[h] ?? Number.NaN) - centre);
      into[at++] = difference;
      if (Number.isNaN(difference)) continue;
      spread += Math.abs(difference);
      known++;
    }
    into[spreadAt] = spread / known;
  };
}
