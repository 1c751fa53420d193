import { defaultQuantiles } from '../arithmetic/quantile-levels.ts';
import { interpolate, neighboursOf } from '../combination/interpolation.ts';
import type { PeakRequest, PeakResult } from '../contract.ts';
import type { Engine } from '../engine/engine.ts';
import { whyNoPeak } from '../engine/readiness.ts';
import { boundAt, checkRequest, risingLevels } from './request.ts';

/** The bounds of the largest row in a window after the origin. Throws a RangeError for a request that cannot be answered. */
export function peakFrom(engine: Engine, request: PeakRequest): PeakResult {
  const { windowSeconds, quantiles = defaultQuantiles } = checkRequest(request);
  const { lengths, unit, newestSeconds: origin } = engine;
  const seen = engine.seen();
  const reason = whyNoPeak(seen, lengths);
  if (reason !== undefined) return { status: 'learning', origin, reasons: [reason] };
  const root = Math.sqrt(engine.pathMaximum(stepsWithin(engine, windowSeconds)));
  // While no value comes, the newest one is farther away than the origin says.
  const silentSeconds = seen.silentSteps * lengths.gridSeconds;
  const beside = neighboursOf(engine.peaks, windowSeconds + silentSeconds, (peak) => peak.windowSeconds);
  let floor = 0;
  const bounds = risingLevels(quantiles).map((level) => {
    const residual = interpolate(beside, (peak) => peak.residualQuantile(level));
    floor = Math.max(floor, boundAt(root, residual));
    return [String(level), floor * unit] as const;
  });
  return {
    status: 'ok',
    origin,
    windowSeconds,
    quantiles: Object.fromEntries(bounds),
    trust: Math.min(beside.below.trust, beside.above.trust),
    credibleMaximum: engine.check.credibleMaximum * unit,
  };
}

/** Grid steps that a window covers; rows newer than the newest grid time move its end by what has passed of the open step. */
function stepsWithin({ newestSeconds, originSeconds, lengths }: Engine, windowSeconds: number): number {
  return Math.ceil((newestSeconds - originSeconds + windowSeconds) / lengths.gridSeconds);
}

/** The first step of a window at which the forecast is highest. */
export function highestStepWithin(engine: Engine, windowSeconds: number): number {
  // Beyond the horizon a season repeats, so that nothing higher comes after it.
  const last = Math.min(Math.max(1, stepsWithin(engine, windowSeconds)), engine.lengths.horizonSteps);
  const highest = engine.pathMaximum(last);
  let h = 1;
  while (h < last && engine.combinedAt(h) < highest) h++;
  return h;
}
