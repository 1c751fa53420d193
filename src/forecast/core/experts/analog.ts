import type { Expert, ExpertContext } from './expert.ts';

/** Number of most similar moments that are averaged. */
const neighbours = 5;
/** The last short season is compared at this many points. */
const comparedPoints = 24;
/** Candidates lie at the same time of day and these numbers of 24ths of a day earlier and later. */
const phaseOffsets = [-2, -1, 0, 1, 2];
/** Weight of a difference of level relative to a difference of shape. */
const levelShare = 0.25;
/** The difference of level fades with this time constant, in short seasons. */
const levelFadeSeasons = 0.7;
/** Neighbours move on with time; new ones are looked for once in this many 288ths of a season. */
const searchEvery = 12;
/** Older moments are not searched: a month of days holds every kind of day. */
const mostSeasonsBack = 40;

/**
 * Analogs (Lorenz 1969): the mean of what followed the earlier moments, at about this time of day, whose last day was most
 * similar to the last one, moved to the present level. It follows holidays, odd days and shapes that no linear model does.
 */
export function analog({ shortSeasonSteps: day, sqrt }: ExpertContext): Expert {
  const { values } = sqrt;
  const stride = Math.max(1, Math.floor(day / comparedPoints));
  const points = Math.max(1, Math.floor(day / stride));
  const searchEverySteps = Math.max(1, Math.round((searchEvery * day) / 288));
  const fade = Math.exp(-1 / (levelFadeSeasons * day));
  /** Age in steps and distance of the neighbours, nearest first; the first `found` of them. */
  const ages = Array.from({ length: neighbours }, () => 0);
  const distances = Array.from({ length: neighbours }, () => 0);
  let found = 0;

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
    let place = Math.min(found, neighbours - 1);
    if (found === neighbours && distance >= distances[place]!) return;
    for (; place > 0 && distances[place - 1]! > distance; place--) {
      distances[place] = distances[place - 1]!;
      ages[place] = ages[place - 1]!;
    }
    distances[place] = distance;
    ages[place] = age;
    found = Math.min(neighbours, found + 1);
  }

  function findNeighbours(): void {
    const levelNow = levelAt(sqrt.end);
    found = 0;
    for (let season = 1; season <= mostSeasonsBack; season++) {
      for (const offset of phaseOffsets) {
        const end = sqrt.end - season * day + offset * stride;
        // The window must hold the day before the moment and the day after it.
        if (end - points * stride < sqrt.start || end + day > sqrt.end) continue;
        offer(sqrt.end - end, distanceTo(end, levelAt(end), levelNow));
      }
    }
  }

  return {
    learn(step) {
      if (step % searchEverySteps === 0 && sqrt.end - sqrt.start > 3 * day) findNeighbours();
    },
    predict(into, { steps: wanted, count, farthest }) {
      if (found === 0) return false;
      const levelNow = levelAt(sqrt.end);
      into.fill(0, 0, farthest);
      let sum = 0;
      for (let i = 0; i < found; i++) sum += 1 / distances[i]!;
      for (let i = 0; i < found; i++) {
        const weight = 1 / distances[i]! / sum;
        const start = sqrt.end - ages[i]!;
        let shift = levelNow - levelAt(start);
        for (let w = 0, h = 0; w < count; w++) {
          const target = wanted[w]!;
          for (; h < target; h++) shift *= fade;
          // Beyond the window, the same moment of the last day there is.
          let at = start + target - 1;
          while (at >= sqrt.end) at -= day;
          into[target - 1]! += weight * (values[at]! + shift);
        }
      }
      for (let w = 0; w < count; w++) {
        const h = wanted[w]! - 1;
        const root = into[h]!;
        into[h] = root > 0 ? root * root : 0;
      }
      return true;
    },
  };
}
