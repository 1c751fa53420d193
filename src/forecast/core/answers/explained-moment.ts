import type { ScoredHorizon } from '../calibration/scored-horizon.ts';
import type { Lengths } from '../clock/lengths.ts';
import type { Ensemble } from '../combination/ensemble.ts';
import { interpolate, neighboursOf } from '../combination/interpolation.ts';
import type { ExpertShare } from '../contract.ts';
import { expertNames } from '../experts/index.ts';
import type { ExpertInputs } from '../experts/inputs.ts';
import type { LocalSteps } from '../experts/local-steps.ts';
import type { FollowedSeasons } from './followed-seasons.ts';
import { type UsualDemand, type UsualSeasons, usualDemandOf } from './usual-demand.ts';

/** What an explanation needs of one moment. Values are in the engine's unit. */
export interface ExplainedMoment {
  /** The combination of the experts. */
  readonly median: number;
  readonly usual: UsualDemand;
  readonly usualOfNewest: UsualDemand;
  readonly seasons: UsualSeasons;
  /** The weight of every expert at that horizon. */
  readonly weights: readonly ExpertShare[];
}

/** The parts of an engine that an explanation reads. */
export interface ExplainedParts {
  readonly lengths: Lengths;
  readonly inputs: ExpertInputs;
  readonly localSteps: LocalSteps | undefined;
  readonly ensemble: Ensemble;
  readonly horizons: readonly ScoredHorizon[];
  readonly seasons: Pick<FollowedSeasons, 'foundSteps'>;
}

/** Returns the function that describes the moment h ≥ 1 steps ahead. It changes nothing. */
export function createExplainedMoments(parts: ExplainedParts): (h: number) => ExplainedMoment {
  const { lengths, inputs, localSteps, ensemble, horizons, seasons } = parts;
  return (h) => {
    const usual = usualDemandOf(inputs.context, lengths, seasons.foundSteps);
    const beside = neighboursOf(horizons, h, ({ horizonSteps }) => horizonSteps);
    return {
      median: ensemble.combinedAt(h),
      // Where clocks are changed until then, the moment is another one.
      usual: usual.at(inputs.step + (localSteps?.localStep(h) ?? h)),
      usualOfNewest: usual.at(inputs.step),
      seasons: usual.seasons,
      weights: expertNames.map((name, e) => ({
        name,
        weight: interpolate(beside, ({ weights }) => weights.of(e)),
      })),
    };
  };
}
