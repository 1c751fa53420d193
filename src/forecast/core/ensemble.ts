import { type Anchor, combine } from './anchor.ts';
import { type Between, between } from './between.ts';
import type { ExpertContext } from './experts/expert.ts';
import { experts } from './experts/index.ts';

export const expertNames: readonly string[] = Object.keys(experts);

/** All experts together. Values are in the engine's unit. */
export interface Ensemble {
  /**
   * The newest value has been pushed, `truth` is what was observed (NaN = it is imputed): the forecasts of it are judged,
   * every expert learns it, or only sees it, and predicts anew, and the anchors keep what was predicted.
   */
  advance(step: number, truth: number): void;
  /** The combination h steps ahead. */
  combinedAt(h: number): number;
  /** The highest of the combination over the next `steps`. */
  pathMaximum(steps: number): number;
  /** The anchors beside a horizon; its weights and residuals are a mixture of theirs. */
  beside(h: number): Between<Anchor>;
}

/** `anchors` hold the weights, which they learn from what they were given to keep. */
export function createEnsemble(context: ExpertContext, anchors: readonly Anchor[]): Ensemble {
  const { horizonSteps, shortSeasonSteps, longSeasonSteps } = context;
  const members = Object.values(experts).map((make) => ({
    expert: make(context),
    path: new Float64Array(horizonSteps),
    canSpeak: false,
  }));
  const predictions = new Float64Array(members.length);
  const weights = new Float64Array(members.length);
  const repeated =
    longSeasonSteps > 0 && longSeasonSteps <= horizonSteps ? longSeasonSteps : shortSeasonSteps;
  // Remembered, because the peaks of every closed grid step ask for the same dozens again.
  const placesOfSteps: Between<Anchor>[] = [];
  const pathMaxima = new Float64Array(horizonSteps + repeated);
  let knownMaxima = 0;

  /** Beyond what is predicted the last season of it repeats. */
  function withinHorizon(h: number): number {
    if (h <= horizonSteps || repeated > horizonSteps) return Math.min(h, horizonSteps);
    return horizonSteps - repeated + 1 + ((h - horizonSteps - 1) % repeated);
  }

  function beside(h: number): Between<Anchor> {
    // The last anchor is the horizon; what lies beyond it lies where it does.
    const place = Math.min(h, horizonSteps);
    placesOfSteps[place] ??= between(anchors, place, (anchor) => anchor.horizonSteps);
    return placesOfSteps[place];
  }

  /** Every expert's prediction h steps ahead, NaN where it has no say yet; overwritten by the next call. */
  function predictionsAt(h: number): Float64Array {
    let e = 0;
    for (const { canSpeak, path } of members) {
      predictions[e++] = canSpeak ? (path[h - 1] ?? Number.NaN) : Number.NaN;
    }
    return predictions;
  }

  function combinedAt(h: number): number {
    const { below, above, share } = beside(h);
    for (let e = 0; e < weights.length; e++) {
      weights[e] = (1 - share) * (below.weights[e] ?? 0) + share * (above.weights[e] ?? 0);
    }
    return combine(predictionsAt(withinHorizon(h)), weights);
  }

  return {
    advance(step, truth) {
      for (const anchor of anchors) anchor.mature(step, truth);
      for (const member of members) {
        member.expert.learn(step, !Number.isNaN(truth));
        member.canSpeak = member.expert.predict(member.path, horizonSteps);
      }
      for (const anchor of anchors) anchor.keep(step, predictionsAt(anchor.horizonSteps), truth);
      knownMaxima = 0;
    },
    combinedAt,
    pathMaximum(steps) {
      // Beyond the horizon a season repeats, so nothing higher comes after one more of it.
      const last = Math.min(Math.max(1, steps), horizonSteps + repeated);
      for (; knownMaxima < last; knownMaxima++) {
        pathMaxima[knownMaxima] = Math.max(pathMaxima[knownMaxima - 1] ?? 0, combinedAt(knownMaxima + 1));
      }
      return pathMaxima[last - 1] ?? 0;
    },
    beside,
  };
}
