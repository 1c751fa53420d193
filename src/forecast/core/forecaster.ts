import { lengthsOf } from './clock/lengths.ts';
import { localAxisOf } from './clock/local-axis.ts';
import { expertNames } from './combination/ensemble.ts';
import { between, residualBetween } from './combination/interpolation.ts';
import type {
  ExplainRequest,
  ExplainResult,
  Forecaster,
  ForecasterOptions,
  ForecastRequest,
  ForecastResult,
  PeakRequest,
  PeakResult,
} from './contract.ts';
import { createEngine, type Engine } from './engine.ts';
import { explain } from './explain.ts';
import { whyNoForecast, whyNoPeak } from './readiness.ts';

const defaultQuantiles = [0.5, 0.9, 0.95, 0.99];

/** Makes a forecaster; the contract says what it promises. Throws a RangeError for lengths and requests that cannot work. */
export function createForecaster(options: ForecasterOptions): Forecaster {
  const lengths = lengthsOf(options);
  const { stepSeconds, gridSeconds } = lengths;
  const forgottenAfterSeconds = lengths.rememberedSteps * gridSeconds;
  const newEngine = () => createEngine(lengths, localAxisOf(options.timeZone, gridSeconds));
  let engine = newEngine();
  return {
    stepSeconds,
    gridSeconds,
    get newestSeconds() {
      return engine.newestSeconds;
    },
    observe(unixSeconds, value, isCensored) {
      const silentSeconds = unixSeconds - engine.newestSeconds;
      // After a silence longer than the memory nothing learned is left to go on from; and walking through it step by
      // step would take for ever where a clock or a unit is wrong (milliseconds in place of seconds).
      const isForgotten = Number.isFinite(silentSeconds) && silentSeconds > forgottenAfterSeconds;
      if (isForgotten) engine = newEngine();
      return engine.observe(unixSeconds, value, isCensored);
    },
    forecast: (request) => forecastFrom(engine, checked(request)),
    peak: (request) => peakFrom(engine, checked(request)),
    accuracy: () => engine.anchors.map((anchor) => anchor.accuracy(expertNames, gridSeconds)),
    explain: (request) => explainedFrom(engine, request),
    history: (fromSeconds, toSeconds) => historyOf(engine, fromSeconds, toSeconds),
  };
}

/** The request, or a RangeError that names what cannot be answered. */
function checked<T extends Partial<ForecastRequest & PeakRequest>>(request: T): T {
  const { horizonSteps = 1, windowSeconds = 1, quantiles = [] } = request;
  if (!(Number.isInteger(horizonSteps) && horizonSteps >= 1)) {
    throw new RangeError(`horizonSteps must be a whole number of at least 1, not ${horizonSteps}`);
  }
  if (!(windowSeconds > 0 && windowSeconds < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`windowSeconds must be above 0, not ${windowSeconds}`);
  }
  const unusable = quantiles.find((level) => !(level > 0 && level < 1));
  if (unusable !== undefined) throw new RangeError(`quantiles must be between 0 and 1, not ${unusable}`);
  return request;
}

function forecastFrom(engine: Engine, request: ForecastRequest): ForecastResult {
  const { horizonSteps, quantiles = defaultQuantiles } = request;
  const { lengths, unit, ensemble, anchors, originSeconds: origin } = engine;
  const seen = engine.seen();
  const reason = whyNoForecast(seen, lengths);
  if (reason !== undefined) return { status: 'learning', origin, reasons: [reason] };
  const median = new Float64Array(horizonSteps);
  const bands = rising(quantiles).map((level, band) => ({
    level,
    band,
    path: new Float64Array(horizonSteps),
  }));
  // Residuals are asked once for each horizon that is scored, not at every step.
  const scored = anchors.map((anchor) => ({
    horizonSteps: anchor.horizonSteps,
    residuals: bands.map(({ level }) => anchor.residualQuantile(level)),
  }));
  // From the far end, so that the whole path is made at once.
  for (let h = horizonSteps; h >= 1; h--) {
    const centre = ensemble.combinedAt(h);
    const root = Math.sqrt(centre);
    median[h - 1] = centre * unit;
    // While blind, the newest value is farther away than the origin says.
    const { below, above, share } = between(scored, h + seen.silentSteps, (anchor) => anchor.horizonSteps);
    let floor = 0;
    for (const { level, band, path } of bands) {
      const residual = (1 - share) * (below.residuals[band] ?? 0) + share * (above.residuals[band] ?? 0);
      const value = level === 0.5 ? centre : bound(root, residual);
      floor = Math.max(floor, level > 0.5 ? Math.max(value, centre) : Math.min(value, centre));
      path[h - 1] = floor * unit;
    }
  }
  return {
    status: 'ok',
    origin,
    stepSeconds: lengths.gridSeconds,
    seasonsSeconds: engine.foundSteps.map((steps) => Math.round(steps * lengths.gridSeconds)),
    median,
    quantiles: Object.fromEntries(bands.map(({ level, path }) => [String(level), path])),
  };
}

function peakFrom(engine: Engine, { windowSeconds, quantiles = defaultQuantiles }: PeakRequest): PeakResult {
  const { lengths, unit, ensemble, peaks, newestSeconds: origin } = engine;
  const seen = engine.seen();
  const reason = whyNoPeak(seen, lengths);
  if (reason !== undefined) return { status: 'learning', origin, reasons: [reason] };
  const centre = ensemble.pathMaximum(stepsWithin(engine, windowSeconds));
  const silentSeconds = seen.silentSteps * lengths.gridSeconds;
  const beside = between(peaks, windowSeconds + silentSeconds, (peak) => peak.windowSeconds);
  let floor = 0;
  const bounds = rising(quantiles).map((level) => {
    floor = Math.max(floor, bound(Math.sqrt(centre), residualBetween(beside, level)));
    return [String(level), floor * unit] as const;
  });
  return {
    status: 'ok',
    origin,
    windowSeconds,
    quantiles: Object.fromEntries(bounds),
    trust: Math.min(beside.below.trust, beside.above.trust),
    credibleMaximum: engine.credibleMaximum() * unit,
  };
}

function explainedFrom(engine: Engine, request: ExplainRequest): ExplainResult {
  const { quantile = 0.99 } = request;
  const key = String(quantile);
  if ('windowSeconds' in request) {
    const { windowSeconds } = request;
    const peak = peakFrom(engine, checked({ windowSeconds, quantiles: [0.5, quantile] }));
    if (peak.status === 'learning') return peak;
    const { origin, trust, quantiles } = peak;
    const horizonSteps = highestWithin(engine, stepsWithin(engine, windowSeconds));
    return explain(engine, {
      origin,
      horizonSteps,
      windowSeconds,
      trust,
      quantile,
      value: quantiles[key] ?? Number.NaN,
    });
  }
  const { horizonSteps } = request;
  // With the levels that are served by default, because a bound is never below that of a lower level.
  const quantiles = [...new Set([...defaultQuantiles, quantile])];
  const forecast = forecastFrom(engine, checked({ horizonSteps, quantiles }));
  if (forecast.status === 'learning') return forecast;
  const value = forecast.quantiles[key]?.[horizonSteps - 1] ?? Number.NaN;
  return explain(engine, { origin: forecast.origin, horizonSteps, quantile, value });
}

/** Rows newer than the newest grid time move the end of the window on by what has passed of the open grid step. */
function stepsWithin({ newestSeconds, originSeconds, lengths }: Engine, windowSeconds: number): number {
  return Math.ceil((newestSeconds - originSeconds + windowSeconds) / lengths.gridSeconds);
}

/** The first step, of so many, at which the forecast is highest; beyond the horizon a season repeats. */
function highestWithin({ ensemble, lengths }: Engine, steps: number): number {
  const last = Math.min(Math.max(1, steps), lengths.horizonSteps);
  const highest = ensemble.pathMaximum(last);
  let h = 1;
  while (h < last && ensemble.combinedAt(h) < highest) h++;
  return h;
}

function historyOf(
  { observed, originSeconds, unit, lengths }: Engine,
  fromSeconds: number,
  toSeconds: number,
) {
  const timestamps: number[] = [];
  const values: number[] = [];
  for (let back = observed.count - 1; back >= 0; back--) {
    const time = originSeconds - back * lengths.gridSeconds;
    const value = observed.at(back);
    if (time < fromSeconds || time > toSeconds || Number.isNaN(value)) continue;
    timestamps.push(time);
    values.push(value * (unit || 1));
  }
  return { timestamps: Float64Array.from(timestamps), values: Float64Array.from(values) };
}

/** A residual is a difference of square roots, where the noise of counts is alike at every level. */
function bound(root: number, residual: number): number {
  return Math.max(0, root + residual) ** 2;
}

function rising(levels: readonly number[]): number[] {
  return [...levels].sort((a, b) => a - b);
}
