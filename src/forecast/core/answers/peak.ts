import { defaultQuantiles } from '../arithmetic/quantile-levels.ts';
import type { PeakWindow } from '../calibration/peak.ts';
import { interpolate, type Neighbours, neighboursOf } from '../combination/interpolation.ts';
import type { LearningReason, PeakRequest, PeakResult } from '../contract.ts';
import type { Engine } from '../engine/engine.ts';
import { whyNoPeak } from '../engine/readiness.ts';
import { boundAt, checkRequest, risingLevels } from './request.ts';

/** What all bounds of one window have in common, whatever their levels are. */
interface Ahead {
  readonly engine: Engine;
  /** The newest row of the engine then: with it everything that was learned may change. */
  readonly newestSeconds: number;
  readonly windowSeconds: number;
  readonly leadSeconds: number;
  /** Why there is no bound yet. */
  readonly reason: LearningReason | undefined;
  /** Square root of the highest forecast of the window. */
  readonly root: number;
  readonly beside: Neighbours<PeakWindow>;
  /** Those of the window while values came; undefined where they come. */
  readonly besideSeen: Neighbours<PeakWindow> | undefined;
  /** Undefined until somebody asks for it: a play of decisions never does. */
  median: number | undefined;
}

/** The newest row is usually one step old, and two where rows settle late: older, nothing comes. */
const usualAgeSteps = 2;

/**
 * Answers questions about peaks. Those about the same window at the same moment, which differ in their levels alone, share what does
 * not depend on a level: the triggers of one workload ask them, and a what-if does at every tick.
 */
export function createPeakAnswers(): (engine: Engine, request: PeakRequest) => PeakResult {
  let newest: Ahead | undefined;
  return (engine, request) => {
    const { windowSeconds, leadSeconds = 0 } = checkRequest(request);
    const isShared =
      newest?.engine === engine &&
      newest.newestSeconds === engine.newestSeconds &&
      newest.windowSeconds === windowSeconds &&
      newest.leadSeconds === leadSeconds;
    const ahead = isShared && newest !== undefined ? newest : lookAhead(engine, windowSeconds, leadSeconds);
    newest = ahead;
    return answerFrom(ahead, request.quantiles);
  };
}

/** The bounds of the largest row in a window after the origin. Throws a RangeError for a request that cannot be answered. */
export function peakFrom(engine: Engine, request: PeakRequest): PeakResult {
  const { windowSeconds, leadSeconds = 0, quantiles } = checkRequest(request);
  return answerFrom(lookAhead(engine, windowSeconds, leadSeconds), quantiles);
}

function lookAhead(engine: Engine, windowSeconds: number, leadSeconds: number): Ahead {
  const { lengths, newestSeconds } = engine;
  const seen = engine.seen();
  const reason = whyNoPeak(seen, lengths, leadSeconds);
  // The newest value is farther away than the beginning of the window says, and what is farther away is less certain.
  const silentSeconds = leadSeconds + seen.silentSteps * lengths.gridSeconds;
  const beside = windowsBeside(engine, windowSeconds + silentSeconds);
  const isSilent = silentSeconds > usualAgeSteps * lengths.gridSeconds;
  const besideSeen = isSilent ? windowsBeside(engine, windowSeconds) : undefined;
  const root =
    reason === undefined ? Math.sqrt(highestWithin(engine, windowSeconds, leadSeconds).held) : Number.NaN;
  const median = undefined;
  return { engine, newestSeconds, windowSeconds, leadSeconds, reason, root, beside, besideSeen, median };
}

const windowsBeside = ({ peaks }: Engine, seconds: number) => neighboursOf(peaks, seconds, windowSecondsOf);
const windowSecondsOf = ({ windowSeconds }: PeakWindow): number => windowSeconds;

function residualAt(beside: Neighbours<PeakWindow>, level: number): number {
  return interpolate(beside, (peak) => peak.residualQuantile(level));
}

/** What is farther away is no surer, whatever was learned of it: while nothing comes, a bound is no nearer than if something did. */
function boundResidual({ beside, besideSeen }: Ahead, level: number): number {
  const residual = residualAt(beside, level);
  if (besideSeen === undefined || level < 0.5) return residual;
  return Math.max(residual, residualAt(besideSeen, level));
}

function answerFrom(ahead: Ahead, quantiles: readonly number[] = defaultQuantiles): PeakResult {
  const { newestSeconds: origin, reason } = ahead;
  if (reason !== undefined) return { status: 'learning', origin, reasons: [reason] };
  const { unit } = ahead.engine;
  const bounds = quantiles.map((level) => unit * peakAt(ahead, level));
  if (bounds.length > 1) raiseToLower(quantiles, bounds);
  return new PeakAnswer(ahead, quantiles, bounds);
}

/** The peak at a level, in the engine's unit. */
function peakAt(ahead: Ahead, level: number): number {
  const { engine, root } = ahead;
  if (level === 0.5) {
    ahead.median ??= medianAt(engine, root, residualAt(ahead.beside, 0.5));
    return ahead.median;
  }
  const residual = boundResidual(ahead, level);
  return level > 0.5 ? boundAt(root, residual) : medianAt(engine, root, residual);
}

/**
 * The bounds of a window. A class, because its quantiles are made only where they are read: levels that feedback moves are new at each
 * question, and an object is slow to make with a name that no other has.
 */
class PeakAnswer {
  readonly status = 'ok';
  readonly origin: number;
  readonly windowSeconds: number;
  readonly bounds: readonly number[];
  readonly credibleMaximum: number;
  readonly #levels: readonly number[];

  constructor(ahead: Ahead, levels: readonly number[], bounds: readonly number[]) {
    this.origin = ahead.newestSeconds;
    this.windowSeconds = ahead.windowSeconds;
    this.bounds = bounds;
    this.credibleMaximum = ahead.engine.check.credibleMaximum;
    this.#levels = levels;
  }

  get quantiles(): Readonly<Record<string, number>> {
    const bound = (level: number) => this.bounds[this.#levels.indexOf(level)]!;
    return Object.fromEntries(risingLevels(this.#levels).map((level) => [String(level), bound(level)]));
  }
}

/** Raises each bound to those of lower levels. */
function raiseToLower(levels: readonly number[], bounds: number[]): void {
  for (let i = 0; i < levels.length; i++)
    for (let j = 0; j < levels.length; j++)
      if (levels[j]! < levels[i]! && bounds[j]! > bounds[i]!) bounds[i] = bounds[j]!;
}

/**
 * A peak that is at least as likely to be exceeded as not. Where next to nothing is expected, what peaks are above the forecast at
 * all times of the day says nothing: it would make the median of a night of noise several times the noise.
 */
function medianAt({ idle }: Engine, root: number, residual: number): number {
  if (idle.isNoise(root ** 2)) return 0;
  return boundAt(root, idle.isIdle(root ** 2) ? Math.min(0, residual) : residual);
}

/** The step of a window at which the forecast is highest, the first of them, and the forecast there. */
export function highestWithin(engine: Engine, windowSeconds: number, leadSeconds: number) {
  const { newestSeconds, originSeconds, lengths } = engine;
  // Rows newer than the newest grid time move the window by what has passed of the open step.
  const fromSeconds = newestSeconds - originSeconds + leadSeconds;
  const first = 1 + Math.floor(fromSeconds / lengths.gridSeconds);
  const end = Math.ceil((fromSeconds + windowSeconds) / lengths.gridSeconds);
  // Beyond the horizon a season repeats, so that nothing higher comes after one of it.
  const last = Math.max(first, Math.min(end, first + lengths.horizonSteps - 1));
  // From the far end, because the first question decides how far the paths are made.
  let step = last;
  let held = engine.heldAt(last);
  for (let h = last - 1; h >= first; h--) {
    const ofStep = engine.heldAt(h);
    if (ofStep < held) continue;
    step = h;
    held = ofStep;
  }
  return { step, held };
}
