import { type Anchor, combine, createAnchor } from './anchor.ts';
import type {
  Forecaster,
  ForecasterOptions,
  ForecastRequest,
  ForecastResult,
  HorizonAccuracy,
  LearningReason,
  PeakResult,
} from './contract.ts';
import { experts } from './experts/index.ts';
import { createGridAggregator, gridSecondsFor } from './grid.ts';
import { createOutageRule } from './outage.ts';
import { createPeakWindow, type PeakWindow } from './peak.ts';
import { createRecentRows } from './recent-rows.ts';
import { seasonsFound } from './seasons-found.ts';
import { createSeriesWindow } from './series.ts';

const day = 86_400;
const defaultQuantiles = [0.5, 0.9, 0.95, 0.99];
/** Horizons at which forecasts are scored, in 288ths of the short season: 5 min … 24 h of a day. */
const anchorSteps = [1, 2, 3, 6, 12, 24, 48, 72, 144, 288];
/** Windows whose peaks are calibrated, in minutes of a day-long short season. */
const peakMinutes = [1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120];
/** Residuals from which a quantile can be told. */
const enoughResiduals = 96;
/** The engine's unit is this share of the first values' level, so that any unit of demand behaves alike. */
const levelInUnits = 50;
/** Below this a first value is noise of arithmetic, not a level to measure by. */
const smallestLevel = 1e-9;

/** Makes a forecaster; the contract says what it promises. Throws a RangeError for lengths that cannot work. */
export function createForecaster(options: ForecasterOptions): Forecaster {
  const lengths = lengthsOf(options);
  const forgottenAfterSeconds = rememberedSteps(lengths) * lengths.gridSeconds;
  let engine = createEngine(options, lengths);
  return {
    stepSeconds: engine.stepSeconds,
    gridSeconds: engine.gridSeconds,
    get newestSeconds() {
      return engine.newestSeconds;
    },
    observe(unixSeconds, value) {
      // After a silence longer than the memory nothing learned is left to go on from; and walking through it step by
      // step would take for ever where a clock or a unit is wrong (milliseconds in place of seconds).
      if (
        unixSeconds - engine.newestSeconds > forgottenAfterSeconds &&
        engine.newestSeconds > Number.NEGATIVE_INFINITY
      ) {
        engine = createEngine(options, lengths);
      }
      return engine.observe(unixSeconds, value);
    },
    forecast: (request) => engine.forecast(checked(request)),
    peak: (request) => engine.peak(checked(request)),
    accuracy: () => engine.accuracy(),
    history: (fromSeconds, toSeconds) => engine.history(fromSeconds, toSeconds),
  };
}

/** Nothing can be told of a peak while there is an outage. */
const untold = () => Number.NaN;

/** The request, or a RangeError that names what cannot be answered. */
function checked<T extends { horizonSteps?: number; windowSeconds?: number; quantiles?: readonly number[] }>(
  request: T,
): T {
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

/** Two of the longest season and one of the shortest: what the farthest lag and the autocorrelation need. */
function rememberedSteps({ shortSteps, longSteps }: Lengths): number {
  return 2 * Math.max(longSteps, shortSteps) + shortSteps + 2;
}

interface Lengths {
  readonly gridSeconds: number;
  readonly shortSteps: number;
  /** 0 = there is no long season. */
  readonly longSteps: number;
  readonly horizonSteps: number;
  /** 1 for a short season of a day; smaller for compressed time. */
  readonly timeScale: number;
}

function lengthsOf({
  stepSeconds,
  seasonsSeconds = [day, 7 * day],
  maxHorizonSeconds,
}: ForecasterOptions): Lengths {
  const [short = day, long = 0] = seasonsSeconds;
  if (!(stepSeconds > 0)) throw new RangeError(`stepSeconds must be above 0, not ${stepSeconds}`);
  if (seasonsSeconds.length > 2 || short < 20 * stepSeconds || (long !== 0 && long <= short)) {
    throw new RangeError(
      `seasonsSeconds must be at most two rising lengths of at least 20 steps, not ${seasonsSeconds.join(', ')}`,
    );
  }
  const gridSeconds = gridSecondsFor(stepSeconds, short);
  const shortSteps = Math.round(short / gridSeconds);
  const wantedHorizon = Math.ceil((maxHorizonSeconds ?? short) / gridSeconds);
  return {
    gridSeconds,
    shortSteps,
    longSteps: Math.round(long / gridSeconds),
    horizonSteps: Math.max(48, wantedHorizon),
    timeScale: Math.min(1, short / day),
  };
}

function createEngine(options: ForecasterOptions, lengths: Lengths): Forecaster {
  const { stepSeconds } = options;
  const { gridSeconds, shortSteps, longSteps, horizonSteps } = lengths;
  const capacity = rememberedSteps(lengths);
  const linear = createSeriesWindow(capacity);
  const log = createSeriesWindow(capacity);
  const sqrt = createSeriesWindow(capacity);
  /** What was really there, NaN where it was missing; an outage is there, though the other windows are imputed. */
  const observed = createSeriesWindow(capacity);
  const context = {
    shortSeasonSteps: shortSteps,
    longSeasonSteps: longSteps,
    horizonSteps,
    linear,
    log,
    sqrt,
  };
  const expertNames = Object.keys(experts);
  const ensemble = Object.values(experts).map((make) => make(context));
  const paths = ensemble.map(() => new Float64Array(horizonSteps));
  const canSpeak = ensemble.map(() => false);
  const anchors = anchorHorizons(shortSteps, horizonSteps).map((h) =>
    createAnchor(h, ensemble.length, Math.max(24, Math.floor(shortSteps / 4))),
  );
  const peaks = peakWindows(stepSeconds, lengths.timeScale).map((seconds) =>
    createPeakWindow(seconds, gridSeconds),
  );
  const longestPeakSeconds = peaks.at(-1)?.windowSeconds ?? gridSeconds;
  const recent = createRecentRows(stepSeconds, longestPeakSeconds + 2 * gridSeconds);
  const predictions = new Float64Array(ensemble.length);
  const weightsHere = new Float64Array(ensemble.length);

  let newestSeconds = Number.NEGATIVE_INFINITY;
  let origin = Number.NaN;
  let step = -1;
  let unit = 0;
  let observedCount = 0;
  let lastObservedStep = -1;
  let foundSteps: readonly number[] = [];
  let foundAtStep = -1;
  const daysHighest = new Float64Array(28);
  let before = 0;
  let beforeThat = 0;

  const outages = createOutageRule(Math.floor(shortSteps / 2));
  const aggregator = createGridAggregator(stepSeconds, gridSeconds, closeGrid);

  function closeGrid(gridTime: number, value: number): void {
    const isPresent = !Number.isNaN(value);
    if (step < 0 && !isPresent) return;
    step++;
    origin = gridTime;
    if (unit === 0 && isPresent && value > 0) fixUnit(value);
    const present = value / (unit || 1);
    const isOutage = isPresent && looksLikeOutage(present);
    const isObserved = isPresent && !isOutage;
    const scaled = isObserved ? present : imputed();
    for (const anchor of anchors) anchor.mature(step, isObserved ? scaled : Number.NaN);
    push(scaled, isPresent ? present : Number.NaN);
    if (isPresent) lastObservedStep = step;
    if (isObserved) noteObserved(scaled);
    for (const expert of ensemble) expert.learn(step, isObserved);
    predictAll();
    for (const anchor of anchors) {
      predictionsAt(anchor.horizonSteps);
      anchor.keep(step, predictions, isObserved ? scaled : Number.NaN);
    }
    for (const peak of peaks) {
      peak.mature(gridTime, isOutage ? untold : largestScaled);
      if (isObserved) peak.keep(gridTime, pathMaximum(peak.windowSeconds), recent.newest / (unit || 1));
    }
    if (step - foundAtStep >= shortSteps) {
      foundAtStep = step;
      foundSteps = seasonsFound(sqrt, shortSteps, longSteps);
    }
  }

  /** Until a value above zero is seen everything is zero, which has no unit. */
  function fixUnit(value: number): void {
    unit = Math.max(value, smallestLevel) / levelInUnits;
  }

  /** What the combination expects one step ahead stands in for a missing value, as a feature only. */
  function imputed(): number {
    return combinedAt(1);
  }

  /** Judged only after a week of days, when it is known what every hour is like. */
  function looksLikeOutage(present: number): boolean {
    const nearest = anchors[0];
    if (nearest === undefined || observedCount < 7 * shortSteps) return false;
    return outages.masks(present, combinedAt(1), nearest.typicalError);
  }

  function push(scaled: number, present: number): void {
    linear.push(scaled);
    log.push(Math.log1p(scaled));
    sqrt.push(Math.sqrt(scaled));
    observed.push(present);
  }

  function noteObserved(scaled: number): void {
    observedCount++;
    const middle = Math.max(Math.min(before, beforeThat), Math.min(Math.max(before, beforeThat), scaled));
    const slot = Math.floor(step / shortSteps) % daysHighest.length;
    if (step % shortSteps === 0) daysHighest[slot] = 0;
    daysHighest[slot] = Math.max(daysHighest[slot] ?? 0, middle);
    beforeThat = before;
    before = scaled;
  }

  function predictAll(): void {
    for (let e = 0; e < ensemble.length; e++) {
      const path = paths[e];
      const expert = ensemble[e];
      if (path !== undefined && expert !== undefined) canSpeak[e] = expert.predict(path);
    }
  }

  function predictionsAt(h: number): void {
    for (let e = 0; e < predictions.length; e++)
      predictions[e] = canSpeak[e] === true ? (paths[e]?.[h - 1] ?? Number.NaN) : Number.NaN;
  }

  /** The combination h steps ahead, weights interpolated in log h between the anchors beside it. */
  function combinedAt(h: number): number {
    if (step < 0) return 0;
    const { below, above, share } = between(anchors, h);
    for (let e = 0; e < weightsHere.length; e++) {
      weightsHere[e] = (1 - share) * (below.weights[e] ?? 0) + share * (above.weights[e] ?? 0);
    }
    predictionsAt(withinHorizon(h));
    return combine(predictions, weightsHere);
  }

  /** Beyond what is predicted the last season of it repeats. */
  function withinHorizon(h: number): number {
    const season = longSteps > 0 && longSteps <= horizonSteps ? longSteps : shortSteps;
    if (h <= horizonSteps || season > horizonSteps) return Math.min(h, horizonSteps);
    return horizonSteps - season + 1 + ((h - horizonSteps - 1) % season);
  }

  function pathMaximum(windowSeconds: number): number {
    const last = Math.max(1, Math.ceil(windowSeconds / gridSeconds));
    let highest = 0;
    for (let h = 1; h <= last; h++) highest = Math.max(highest, combinedAt(h));
    return highest;
  }

  function largestScaled(fromSeconds: number, toSeconds: number): number {
    return recent.largest(fromSeconds, toSeconds) / (unit || 1);
  }

  function credibleMaximum(): number {
    let highest = 0;
    for (const value of daysHighest) highest = Math.max(highest, value);
    return highest * (unit || 1);
  }

  function learning(): LearningReason | undefined {
    const needed = 2 * shortSteps;
    const span = (seconds: number) => describe(seconds * gridSeconds);
    if (
      observedCount < needed / 2 ||
      step + 1 < needed ||
      (anchors[0]?.residualCount ?? 0) < enoughResiduals
    ) {
      const message = `has ${span(observedCount)} of history, a forecast needs ${span(needed)} (two of its shortest season)`;
      return { code: 'insufficient-history', message };
    }
    const silent = step - lastObservedStep;
    if (silent > shortSteps / 4) {
      return {
        code: 'no-recent-data',
        message: `has seen no value for ${span(silent)}, a forecast needs one within ${span(shortSteps / 4)}`,
      };
    }
    return undefined;
  }

  function forecast({ horizonSteps: wanted, quantiles = defaultQuantiles }: ForecastRequest): ForecastResult {
    const reason = learning();
    if (reason !== undefined) return { status: 'learning', origin, reasons: [reason] };
    const silent = step - lastObservedStep;
    const median = new Float64Array(wanted);
    const levels = [...quantiles].sort((a, b) => a - b);
    const bands = levels.map((level) => [String(level), new Float64Array(wanted)] as const);
    for (let h = 1; h <= wanted; h++) {
      const centre = combinedAt(h);
      median[h - 1] = centre * unit;
      const { below, above, share } = between(anchors, h + silent);
      let floor = 0;
      for (const [index, level] of levels.entries()) {
        const residual = (1 - share) * below.residualQuantile(level) + share * above.residualQuantile(level);
        const value = level === 0.5 ? centre : Math.max(0, Math.sqrt(centre) + residual) ** 2;
        floor = Math.max(floor, level > 0.5 ? Math.max(value, centre) : Math.min(value, centre));
        const band = bands[index]?.[1];
        if (band !== undefined) band[h - 1] = floor * unit;
      }
    }
    const seasonsSeconds = foundSteps.map((steps) => steps * gridSeconds);
    return {
      status: 'ok',
      origin,
      stepSeconds: gridSeconds,
      seasonsSeconds,
      median,
      quantiles: Object.fromEntries(bands),
    };
  }

  function peak({
    windowSeconds,
    quantiles = defaultQuantiles,
  }: {
    windowSeconds: number;
    quantiles?: readonly number[];
  }): PeakResult {
    const reason = learning() ?? tooFewPeaks(peaks);
    if (reason !== undefined) return { status: 'learning', origin: newestSeconds, reasons: [reason] };
    // Rows newer than the newest grid time move the end of the window on by what has passed of the open grid step.
    const centre = Math.sqrt(pathMaximum(newestSeconds - origin + windowSeconds));
    const silentSeconds = (step - lastObservedStep) * gridSeconds;
    const { below, above, share } = between(peaks, windowSeconds + silentSeconds);
    let floor = 0;
    const bounds = [...quantiles]
      .sort((a, b) => a - b)
      .map((level) => {
        const residual = (1 - share) * below.residualQuantile(level) + share * above.residualQuantile(level);
        floor = Math.max(floor, Math.max(0, centre + residual) ** 2);
        return [String(level), floor * unit] as const;
      });
    return {
      status: 'ok',
      origin: newestSeconds,
      windowSeconds,
      quantiles: Object.fromEntries(bounds),
      trust: Math.min(below.trust, above.trust),
      credibleMaximum: credibleMaximum(),
    };
  }

  return {
    stepSeconds,
    gridSeconds,
    get newestSeconds() {
      return newestSeconds;
    },
    observe(unixSeconds, value) {
      if (!(unixSeconds > newestSeconds)) return false;
      newestSeconds = unixSeconds;
      if (value >= 0 && value < Number.POSITIVE_INFINITY) recent.push(unixSeconds, value);
      aggregator.add(unixSeconds, value);
      return true;
    },
    forecast,
    peak,
    accuracy: (): readonly HorizonAccuracy[] =>
      anchors.map((anchor) => anchor.accuracy(expertNames, gridSeconds)),
    history(fromSeconds, toSeconds) {
      const timestamps: number[] = [];
      const values: number[] = [];
      for (let i = observed.start; i < observed.end; i++) {
        const time = origin - (observed.end - 1 - i) * gridSeconds;
        const value = observed.values[i] ?? Number.NaN;
        if (time < fromSeconds || time > toSeconds || Number.isNaN(value)) continue;
        timestamps.push(time);
        values.push(value * (unit || 1));
      }
      return { timestamps: Float64Array.from(timestamps), values: Float64Array.from(values) };
    },
  };
}

function tooFewPeaks(peaks: readonly PeakWindow[]): LearningReason | undefined {
  const fewest = Math.min(...peaks.map((window) => window.residualCount));
  if (fewest >= enoughResiduals) return undefined;
  return {
    code: 'insufficient-history',
    message: `has measured ${fewest} peaks, a bound needs ${enoughResiduals}`,
  };
}

function anchorHorizons(shortSteps: number, horizonSteps: number): number[] {
  const scaled = anchorSteps.map((steps) => Math.max(1, Math.round((steps * shortSteps) / 288)));
  const small = [1, 2, 3, 6, 12, 24, 48];
  const wanted = [...new Set(shortSteps < 144 ? small : scaled)].filter((steps) => steps < horizonSteps);
  return [...wanted, horizonSteps].sort((a, b) => a - b);
}

function peakWindows(stepSeconds: number, timeScale: number): number[] {
  const seconds = peakMinutes.map(
    (minutes) => Math.max(1, Math.round((minutes * 60 * timeScale) / stepSeconds)) * stepSeconds,
  );
  return [...new Set(seconds)];
}

/** The entries beside a place, and how far between them it is in log space; the ends go on flat. */
function between<T extends Anchor | PeakWindow>(
  entries: readonly T[],
  place: number,
): { below: T; above: T; share: number } {
  let index = 0;
  while (index < entries.length - 1 && placeOf(entries[index] as T) < place) index++;
  const above = entries[index] as T;
  const below = entries[Math.max(0, index - 1)] as T;
  const from = placeOf(below);
  const to = placeOf(above);
  if (to <= from || place >= to) return { below: above, above, share: 1 };
  if (place <= from) return { below, above: below, share: 0 };
  return { below, above, share: Math.log(place / from) / Math.log(to / from) };
}

function placeOf(entry: Anchor | PeakWindow): number {
  return 'horizonSteps' in entry ? entry.horizonSteps : entry.windowSeconds;
}

function describe(seconds: number): string {
  const days = seconds / day;
  if (days >= 1) return `${Number(days.toFixed(1))} days`;
  const hours = seconds / 3600;
  return hours >= 1 ? `${Number(hours.toFixed(1))} hours` : `${Math.round(seconds)} seconds`;
}
