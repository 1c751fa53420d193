import { defaultQuantiles } from '../arithmetic/quantile-levels.ts';
import { interpolate, neighboursOf } from '../combination/interpolation.ts';
import type { PeakRequest, PeakResult } from '../contract.ts';
import type { Engine } from '../engine/engine.ts';
import { whyNoPeak } from '../engine/readiness.ts';
import { boundAt, checkRequest, risingLevels } from './request.ts';

/** The bounds of the largest row in a window after the origin. Throws a RangeError for a request that cannot be answered. */
export function peakFrom(engine: Engine, request: PeakRequest): PeakResult {
  const { windowSeconds, leadSeconds = 0, quantiles = defaultQuantiles } = checkRequest(request);
  const { lengths, unit, newestSeconds: origin } = engine;
  const seen = engine.seen();
  const reason = whyNoPeak(seen, lengths, leadSeconds);
  if (reason !== undefined) return { status: 'learning', origin, reasons: [reason] };
  const root = Math.sqrt(engine.combinedAt(highestStepWithin(engine, request)));
  // The newest value is farther away than the beginning of the window says, and what is farther away is less certain.
  const silentSeconds = leadSeconds + seen.silentSteps * lengths.gridSeconds;
  const beside = neighboursOf(engine.peaks, windowSeconds + silentSeconds, (peak) => peak.windowSeconds);
  let floor = 0;
  const bounds = risingLevels(quantiles).map((level) => {
    const residual = interpolate(beside, (peak) => peak.residualQuantile(level));
    const bound = level > 0.5 ? boundAt(root, residual) : medianAt(engine, root, residual);
    floor = Math.max(floor, bound);
    return [String(level), floor * unit] as const;
  });
  return {
    status: 'ok',
    origin,
    windowSeconds,
    quantiles: Object.fromEntries(bounds),
    credibleMaximum: engine.check.credibleMaximum,
  };
}

/**
 * A peak that is at least as likely to be exceeded as not. Where next to nothing is expected, what peaks are above the forecast at
 * all times of the day says nothing: it would make the median of a night of noise several times the noise.
 */
function medianAt({ idle }: Engine, root: number, residual: number): number {
  if (idle.isNoise(root ** 2)) return 0;
  return boundAt(root, idle.isIdle(root ** 2) ? Math.min(0, residual) : residual);
}

/** The step of a window at which the forecast is highest, the first of them. */
export function highestStepWithin(engine: Engine, { windowSeconds, leadSeconds = 0 }: PeakRequest): number {
  const { newestSeconds, originSeconds, lengths } = engine;
  // Rows newer than the newest grid time move the window by what has passed of the open step.
  const fromSeconds = newestSeconds - originSeconds + leadSeconds;
  const first = 1 + Math.floor(fromSeconds / lengths.gridSeconds);
  const end = Math.ceil((fromSeconds + windowSeconds) / lengths.gridSeconds);
  // Beyond the horizon a season repeats, so that nothing higher comes after one of it.
  const last = Math.max(first, Math.min(end, first + lengths.horizonSteps - 1));
  let highest = first;
  // From the far end, because the first question decides how far the paths are made.
  for (let h = last; h >= first; h--) if (engine.combinedAt(h) >= engine.combinedAt(highest)) highest = h;
  return highest;
}
