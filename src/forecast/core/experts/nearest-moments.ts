import { GrowingNumbers } from '../memory/scratch.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import type { ValueWindow } from '../memory/value-window.ts';

/** Number of most similar moments that are kept. */
const mostMoments = 5;
/** The last short season is compared at this many points. */
const comparedPoints = 24;
/** Candidates lie at the same time of day and these numbers of 24ths of a day earlier and later. */
const phaseOffsets = [-2, -1, 0, 1, 2];
const farthestOffset = Math.max(...phaseOffsets);
/** Weight of a difference of level relative to a difference of shape. */
const levelShare = 0.25;
/** Older moments are not searched: a month of days holds every kind of day. */
const mostSeasonsBack = 40;

/** Points of the last day and of earlier ones, which are read in the call that writes them and in no other. */
const pointsNow = new GrowingNumbers();
const pointsThen = new GrowingNumbers();

/** The earlier moments whose last day was most similar to the last day of a window of square roots. */
export function createNearestMoments(sqrt: ValueWindow, day: number) {
  const { values } = sqrt;
  const stride = Math.max(1, Math.floor(day / comparedPoints));
  const points = Math.max(1, Math.floor(day / stride));
  const ages = Array.from({ length: mostMoments }, () => 0);
  const distances = Array.from({ length: mostMoments }, () => 0);

  /** Mean of the day before an index of the window. */
  function levelAt(end: number): number {
    let sum = 0;
    for (let i = 0; i < points; i++) sum += values[end - 1 - i * stride]!;
    return sum / points;
  }

  /** Keeps a moment in order of distance, if it is among the nearest. */
  function offer(age: number, distance: number): void {
    let place = Math.min(moments.count, mostMoments - 1);
    if (moments.count === mostMoments && distance >= distances[place]!) return;
    for (; place > 0 && distances[place - 1]! > distance; place--) {
      distances[place] = distances[place - 1]!;
      ages[place] = ages[place - 1]!;
    }
    distances[place] = distance;
    ages[place] = age;
    moments.count = Math.min(mostMoments, moments.count + 1);
  }

  /** Searches anew. The window must hold more than three days. */
  function search(): void {
    const { start, end: newest } = sqrt;
    const levelNow = levelAt(newest);
    const now = pointsNow.atLeast(points);
    const then = pointsThen.atLeast(points + 2 * farthestOffset);
    readBack(values, newest - 1, stride, points, now);
    moments.count = 0;
    for (let season = 1; season <= mostSeasonsBack; season++) {
      const middle = newest - season * day;
      if (middle + (farthestOffset - points) * stride < start) break;
      // Moments of a season are a stride apart, as the points of their days are: they are read once for all of them.
      readBack(values, middle + farthestOffset * stride - 1, stride, points + 2 * farthestOffset, then);
      for (const offset of phaseOffsets) {
        const end = middle + offset * stride;
        // The window must hold the day before the moment and the day after it.
        if (end - points * stride < start || end + day > newest) continue;
        offer(newest - end, distanceTo(then, farthestOffset - offset, now, points, levelNow));
      }
    }
  }

  const moments = {
    /** Number of moments found by the newest search, at most five. */
    count: 0,
    /** Number of steps ago of each moment, nearest first; the first `count` elements. */
    ages,
    /** Distance of each moment, a mean squared difference of square roots; never 0. */
    distances,
    levelAt,
    search,
    copyState(copier: StateCopier): void {
      moments.count = copier.number(moments.count);
      copier.list(ages);
      copier.list(distances);
    },
  };
  return moments;
}

/** Writes `count` values from an index of the window back, a stride apart; those before the window are not asked for. */
function readBack(
  values: Float32Array,
  last: number,
  stride: number,
  count: number,
  into: Float64Array,
): void {
  for (let i = 0; i < count; i++) into[i] = values[Math.max(0, last - i * stride)]!;
}

/** How far a day, whose points begin at `first` of `then`, is from the last day, whose points are those of `now`. */
function distanceTo(
  then: Float64Array,
  first: number,
  now: Float64Array,
  points: number,
  levelNow: number,
): number {
  let level = 0;
  for (let i = first; i < first + points; i++) level += then[i]!;
  const shift = levelNow - level / points;
  let sum = 0;
  for (let i = 0; i < points; i++) {
    const difference = now[i]! - then[first + i]! - shift;
    sum += difference * difference;
  }
  return sum / points + levelShare * shift * shift + 1e-9;
}
