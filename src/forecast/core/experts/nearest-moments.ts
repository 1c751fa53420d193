import type { StateCopier } from '../memory/state-copier.ts';
import type { ValueWindow } from '../memory/value-window.ts';

/** Number of most similar moments that are kept. */
const mostMoments = 5;
/** The last short season is compared at this many points. */
const comparedPoints = 24;
/** Candidates lie at the same time of day and these numbers of 24ths of a day earlier and later. */
const phaseOffsets = [-2, -1, 0, 1, 2];
/** Weight of a difference of level relative to a difference of shape. */
const levelShare = 0.25;
/** Older moments are not searched: a month of days holds every kind of day. */
const mostSeasonsBack = 40;

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

  function distanceTo(end: number, level: number, levelNow: number): number {
    const shift = levelNow - level;
    let sum = 0;
    for (let i = 0; i < points; i++) {
      const back = 1 + i * stride;
      const difference = values[sqrt.end - back]! - values[end - back]! - shift;
      sum += difference * difference;
    }
    return sum / points + levelShare * shift * shift + 1e-9;
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
    const levelNow = levelAt(sqrt.end);
    moments.count = 0;
    for (let season = 1; season <= mostSeasonsBack; season++) {
      for (const offset of phaseOffsets) {
        const end = sqrt.end - season * day + offset * stride;
        // The window must hold the day before the moment and the day after it.
        if (end - points * stride < sqrt.start || end + day > sqrt.end) continue;
        offer(sqrt.end - end, distanceTo(end, levelAt(end), levelNow));
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
