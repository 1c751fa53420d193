import { type Anchor, combine } from './anchor.ts';
import { between } from './between.ts';
import type { ExpertContext } from './experts/expert.ts';
import { experts } from './experts/index.ts';

export const expertNames: readonly string[] = Object.keys(experts);

/** All experts together. Values are in the engine's unit. */
export interface Ensemble {
  /** The newest value has been pushed: every expert learns it (or only sees it, when it is imputed) and predicts anew. */
  advance(step: number, isObserved: boolean): void;
  /** Every expert's prediction h steps ahead, NaN where it has no say yet; overwritten by the next call. */
  predictionsAt(h: number): Float64Array;
  /** The combination h steps ahead. */
  combinedAt(h: number): number;
  /** The highest of the combination over the next `steps`. */
  pathMaximum(steps: number): number;
}

/** `anchors` hold the weights, which they learn from what `predictionsAt` gave them to keep. */
export function createEnsemble(context: ExpertContext, anchors: readonly Anchor[]): Ensemble {
  const { horizonSteps, shortSeasonSteps, longSeasonSteps } = context;
  const members = Object.values(experts).map((make) => make(context));
  const paths = members.map(() => new Float64Array(horizonSteps));
  const canSpeak = members.map(() => false);
  const predictions = new Float64Array(members.length);
  const weights = new Float64Array(members.length);
  const repeated =
    longSeasonSteps > 0 && longSeasonSteps <= horizonSteps ? longSeasonSteps : shortSeasonSteps;

  /** Beyond what is predicted the last season of it repeats. */
  function withinHorizon(h: number): number {
    if (h <= horizonSteps || repeated > horizonSteps) return Math.min(h, horizonSteps);
    return horizonSteps - repeated + 1 + ((h - horizonSteps - 1) % repeated);
  }

  function predictionsAt(h: number): Float64Array {
    for (let e = 0; e < predictions.length; e++) {
      predictions[e] = canSpeak[e] === true ? (paths[e]?.[h - 1] ?? Number.NaN) : Number.NaN;
    }
    return predictions;
  }

  function combinedAt(h: number): number {
    const { below, above, share } = between(anchors, h, (anchor) => anchor.horizonSteps);
    for (let e = 0; e < weights.length; e++) {
      weights[e] = (1 - share) * (below.weights[e] ?? 0) + share * (above.weights[e] ?? 0);
    }
    return combine(predictionsAt(withinHorizon(h)), weights);
  }

  return {
    advance(step, isObserved) {
      for (const [e, member] of members.entries()) {
        member.learn(step, isObserved);
        canSpeak[e] = member.predict(paths[e] ?? new Float64Array(horizonSteps));
      }
    },
    predictionsAt,
    combinedAt,
    pathMaximum(steps) {
      // Beyond the horizon a season repeats, so nothing higher comes after one more of it.
      const last = Math.min(Math.max(1, steps), horizonSteps + repeated);
      let highest = 0;
      for (let h = 1; h <= last; h++) highest = Math.max(highest, combinedAt(h));
      return highest;
    },
  };
}
