import { everyStepTo } from '../clock/horizons.ts';
import type { Expert, ExpertContext } from './expert.ts';

/** How many of the most alike moments are averaged. */
const neighbours = 5;
/** The last short season is compared at this many points. */
const comparedPoints = 24;
/** Moments of the same time of day, and this many 24ths of a day earlier and later. */
const phaseOffsets = [-2, -1, 0, 1, 2];
/** What a difference of level counts beside one of shape. */
const levelShare = 0.25;
/** The difference of level fades with this time constant, in short seasons. */
const levelFadeSeasons = 0.7;
/** Neighbours move on with time and are looked for anew once in so many 288ths of a season. */
const searchEvery = 12;
/** Moments farther back are not looked at; with those of a month there is nothing new among them. */
const mostSeasonsBack = 40;

/**
 * Analogs (Lorenz 1969): what followed the earlier moments, at about this time of day, whose last day was most like the
 * last one, moved to the present level. It knows holidays, odd days and shapes that no linear model does.
 */
export function analog({ shortSeasonSteps: day, sqrt }: ExpertContext): Expert {
  const stride = Math.max(1, Math.floor(day / comparedPoints));
  const points = Math.max(1, Math.floor(day / stride));
  const searchEverySteps = Math.max(1, Math.round((searchEvery * day) / 288));
  /** How many steps ago the most alike moments were, nearest first. */
  const ages = Array.from({ length: neighbours }, () => 0);
  const distances = Array.from({ length: neighbours }, () => 0);
  const fade = Math.exp(-1 / (levelFadeSeasons * day));
  let found = 0;
  const levelAt = (end: number) => {
    let sum = 0;
    for (let i = 0; i < points; i++) sum += sqrt.values[end - 1 - i * stride] ?? 0;
    return sum / points;
  };

  function distanceTo(end: number, level: number, levelNow: number): number {
    const shift = levelNow - level;
    let sum = 0;
    for (let i = 0; i < points; i++) {
      const back = 1 + i * stride;
      const difference = (sqrt.values[sqrt.end - back] ?? 0) - (sqrt.values[end - back] ?? 0) - shift;
      sum += difference * difference;
    }
    return sum / points + levelShare * shift * shift + 1e-9;
  }

  function findNeighbours(): void {
    const levelNow = levelAt(sqrt.end);
    found = 0;
    for (let season = 1; season <= mostSeasonsBack; season++) {
      for (const offset of phaseOffsets) {
        const end = sqrt.end - season * day + offset * stride;
        // What followed must be known for a whole day.
        if (end - points * stride < sqrt.start || end + day > sqrt.end) continue;
        const level = levelAt(end);
        const distance = distanceTo(end, level, levelNow);
        let place = Math.min(found, neighbours - 1);
        if (found === neighbours && distance >= (distances[place] ?? 0)) continue;
        for (; place > 0 && (distances[place - 1] ?? 0) > distance; place--) {
          distances[place] = distances[place - 1] ?? 0;
          ages[place] = ages[place - 1] ?? 0;
        }
        distances[place] = distance;
        ages[place] = sqrt.end - end;
        found = Math.min(neighbours, found + 1);
      }
    }
  }

  return {
    learn(step) {
      if (step % searchEverySteps === 0 && sqrt.end - sqrt.start > 3 * day) findNeighbours();
    },
    predict(into, steps, { steps: wanted, count } = everyStepTo(steps)) {
      if (found === 0) return false;
      const levelNow = levelAt(sqrt.end);
      into.fill(0, 0, steps);
      let sum = 0;
      for (let i = 0; i < found; i++) sum += 1 / (distances[i] ?? 1);
      for (let i = 0; i < found; i++) {
        const weight = 1 / (distances[i] ?? 1) / sum;
        const start = sqrt.end - (ages[i] ?? 0);
        let shift = levelNow - levelAt(start);
        for (let w = 0, h = 0; w < count; w++) {
          const target = wanted[w] ?? 1;
          for (; h < target; h++) shift *= fade;
          // Beyond what is known, the same moment of the last day there is.
          let at = start + target - 1;
          while (at >= sqrt.end) at -= day;
          into[target - 1] = (into[target - 1] ?? 0) + weight * ((sqrt.values[at] ?? 0) + shift);
        }
      }
      for (let w = 0; w < count; w++) {
        const h = (wanted[w] ?? 1) - 1;
        const root = into[h] ?? 0;
        into[h] = root > 0 ? root * root : 0;
      }
      return true;
    },
  };
}
