import { interpolate, neighboursOf } from '../combination/interpolation.ts';
import type { Engine } from '../engine/engine.ts';
import { expertNames } from '../experts/index.ts';
import { usualDemandOf } from './usual-demand.ts';

/** What an explanation needs of one moment. Values are in the engine's unit. */
export type ExplainedMoment = ReturnType<typeof explainedMoment>;

/** Describes the moment h ≥ 1 steps ahead. It changes nothing. */
export function explainedMoment(engine: Engine, h: number) {
  const { inputs, lengths, horizons, seasons } = engine;
  const usual = usualDemandOf(inputs.context, lengths, seasons.foundSteps);
  const beside = neighboursOf(horizons, h, ({ horizonSteps }) => horizonSteps);
  const median = engine.medianAt(h);
  return {
    /** The combination of the experts with what events change, or what an absence leaves of it. */
    median,
    /** The same for an ordinary day. */
    ordinary: engine.events === undefined ? median : median / engine.events.ratioAhead(h),
    /** The part of that which series of many families have in common far ahead. */
    shared: engine.sharedAt(h),
    /** The events at the moment; undefined where no calendar is known. */
    events: engine.events?.toldAhead(h),
    // Where clocks are changed until then, the moment is another one.
    usual: usual.at(inputs.step + engine.localStep(h)),
    usualOfNewest: usual.at(inputs.step),
    seasons: usual.seasons,
    /** The weight of every expert at that horizon. */
    weights: expertNames.map((name, e) => ({
      name,
      weight: interpolate(beside, ({ weights }) => weights.of(e)),
    })),
  };
}
