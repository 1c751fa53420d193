import { PeakWindow } from './calibration/peak.ts';
import { Anchor } from './calibration/scored-horizon.ts';
import { createGridAggregator } from './clock/grid.ts';
import type { Lengths } from './clock/lengths.ts';
import type { LocalAxis } from './clock/local-axis.ts';
import { mostLeapSteps } from './clock/local-axis.ts';
import { leapWithClocks, stepsAheadOf } from './clock/local-steps.ts';
import { createEnsemble, type Ensemble, expertNames } from './combination/ensemble.ts';
import { seasonalNaiveName } from './experts/index.ts';
import { createExpertInputs, type ExpertInputs } from './experts/inputs.ts';
import { CredibleMaximum } from './hygiene/credible-maximum.ts';
import { createOutageRule } from './hygiene/outage.ts';
import { createStores } from './memory/arena.ts';
import { ObservedHistory } from './memory/observed-history.ts';
import { RecentRows } from './memory/recent-rows.ts';
import type { Seen } from './readiness.ts';
import { createSeasonWatch } from './seasons/season-watch.ts';

/** The first value above zero is this many of the engine's units, so that any unit of demand behaves alike. */
const levelInUnits = 50;
/** Below this a first value is noise of arithmetic, not a level to measure by. */
const smallestLevel = 1e-9;

/** So many times the highest demand that is credible a single row may be. */
const credibleRatio = 1.5;

/** What is learned from rows: everything an answer is made of. Values are in its unit; `unit` of demand is one of them. */
export interface Engine {
  readonly lengths: Lengths;
  readonly unit: number;
  /** Newest row and newest closed grid time, unix seconds. */
  readonly newestSeconds: number;
  readonly originSeconds: number;
  seen(): Seen;
  /** What the experts see: windows and what is usual. */
  readonly inputs: ExpertInputs;
  readonly ensemble: Ensemble;
  readonly anchors: readonly Anchor[];
  readonly peaks: readonly PeakWindow[];
  credibleMaximum(): number;
  /** Seasons the history shows, grid steps, shortest first; one of no calendar may have a fraction. */
  readonly foundSteps: readonly number[];
  /** What was really there on the grid, NaN where it was missing; newest last, at `originSeconds`. */
  readonly observed: ObservedHistory;
  observe(unixSeconds: number, value: number, isCensored?: boolean): boolean;
}

/** Learns row by row; the state is a function of the rows alone. `axis`: the clocks that seasons follow (default: UTC). */
export function createEngine(lengths: Lengths, axis?: LocalAxis): Engine {
  const { stepSeconds, gridSeconds, shortSteps, longSteps, horizonSteps, rememberedSteps } = lengths;
  const observed = new ObservedHistory(rememberedSteps);
  const naive = expertNames.indexOf(seasonalNaiveName);
  const stores = createStores();
  const anchors = lengths.anchorSteps.map((h) => new Anchor(h, expertNames.length, naive, lengths, stores));
  const inputs = createExpertInputs({
    shortSeasonSteps: shortSteps,
    longSeasonSteps: longSteps,
    horizonSteps: horizonSteps + (axis === undefined ? 0 : mostLeapSteps(shortSteps)),
    settleSteps: Math.max(4, Math.round(shortSteps / 24)),
    rememberedSteps,
  });
  const ensemble = createEnsemble(inputs, anchors);
  const { sqrt, pattern } = inputs.context;
  if (axis !== undefined)
    inputs.leapUntil = (h) =>
      axis.stepAt(engine.originSeconds + h * gridSeconds) - axis.stepAt(engine.originSeconds) - h;
  const watch = createSeasonWatch({ shortSteps, longSteps, gridSeconds, sqrt });
  const peaks = lengths.peakWindowsSeconds.map((seconds) => new PeakWindow(seconds, gridSeconds, stores));
  const recent = new RecentRows(stepSeconds, (peaks.at(-1)?.windowSeconds ?? 0) + 2 * gridSeconds);
  const credible = new CredibleMaximum(shortSteps);
  const outages = createOutageRule(Math.floor(shortSteps / 2));
  const aggregator = createGridAggregator(stepSeconds, gridSeconds, closeGrid);

  let step = -1;
  let observedSteps = 0;
  let lastPresentStep = -1;

  const inUnits = (value: number) => value / (engine.unit || 1);
  /** A row alone above it is no demand. Before anything is credible everything is. */
  const credibleRow = () =>
    credible.value > 0 ? credibleRatio * credible.value * engine.unit : Number.POSITIVE_INFINITY;
  const largest = (fromSeconds: number, toSeconds: number) =>
    inUnits(recent.largest(fromSeconds, toSeconds, credibleRow()));
  /** Nothing can be told of a peak while there is an outage. */
  const untold = () => Number.NaN;

  function closeGrid(gridTime: number, value: number, isCensored: boolean): void {
    const isPresent = !Number.isNaN(value);
    if (step < 0 && !isPresent) return;
    step++;
    engine.originSeconds = gridTime;
    // Until a value above zero is seen everything is zero, which has no unit.
    if (engine.unit === 0 && value > 0) engine.unit = Math.max(value, smallestLevel) / levelInUnits;
    const present = inUnits(value);
    const isOutage = isPresent && looksLikeOutage(present);
    // A censored value below what was expected says no more than that demand was not lower than that.
    const isCut = isPresent && isCensored && present < expectedNow();
    const isObserved = isPresent && !isOutage && !isCut;
    if (isPresent) lastPresentStep = step;
    if (isObserved) {
      observedSteps++;
      credible.note(step, present);
    }
    // What was expected stands in for a missing value, as a feature only.
    const known = isObserved ? present : expectedNow();
    const truth = isObserved ? present : Number.NaN;
    if (axis !== undefined) {
      if (step > 0) leapWithClocks(axis, gridTime, known, inputs, ensemble.pass);
      inputs.ahead = stepsAheadOf(axis, gridTime, horizonSteps, inputs.ahead);
    }
    inputs.push(known, isObserved);
    watch.note(inputs.step, isObserved ? Math.sqrt(present) : Number.NaN);
    observed.push(isPresent ? present : Number.NaN);
    let stepsAhead = 1;
    for (const peak of peaks)
      if (step % peak.strideSteps === 0) stepsAhead = Math.max(stepsAhead, peak.steps);
    ensemble.advance(step, truth, stepsAhead);
    for (const peak of peaks) {
      peak.mature(gridTime, isOutage ? untold : largest);
      if (!isObserved || step % peak.strideSteps !== 0) continue;
      const base = ensemble.pathMaximum(peak.steps);
      peak.keep(gridTime, base, inUnits(recent.newest));
    }
    if (!watch.search(inputs.step)) return;
    followSeasons();
    ensemble.outdate();
  }

  /** Seasons that no expert of the day or the week stands for make a pattern with the others; so does the level where there is none. */
  function followSeasons(): void {
    const periods = watch.found.map(({ seconds }) => seconds / gridSeconds);
    engine.foundSteps = watch.found.map(({ seconds }) => Math.round(seconds) / gridSeconds);
    const hasDay = engine.foundSteps.includes(shortSteps);
    const isKnown = (steps: number) =>
      steps === shortSteps || steps === longSteps || (hasDay && shortSteps % steps === 0);
    inputs.isAperiodic = watch.isAperiodic;
    if (watch.isAperiodic || !engine.foundSteps.every(isKnown)) pattern.follow(periods, sqrt, inputs.step);
    else pattern.forget();
  }

  /** Of the step that closes now, by what was known one step before. */
  function expectedNow(): number {
    return step === 0 ? 0 : ensemble.combinedAt(1);
  }

  /** Judged only after a week of days, when it is known what every hour is like. */
  function looksLikeOutage(present: number): boolean {
    const nearest = anchors[0];
    if (nearest === undefined || observedSteps < 7 * shortSteps) return false;
    return outages.masks(present, expectedNow(), nearest.typicalError);
  }

  const engine: { -readonly [K in keyof Engine]: Engine[K] } = {
    lengths,
    unit: 0,
    newestSeconds: Number.NEGATIVE_INFINITY,
    originSeconds: Number.NaN,
    foundSteps: [],
    seen: () => ({
      steps: step + 1,
      observedSteps,
      silentSteps: step - lastPresentStep,
      residuals: anchors[0]?.residualCount ?? 0,
      peakResiduals: Math.min(...peaks.map((peak) => peak.residualCount * peak.strideSteps)),
    }),
    credibleMaximum: () => credible.value,
    inputs,
    ensemble,
    anchors,
    peaks,
    observed,
    observe(unixSeconds, value, isCensored) {
      if (!(unixSeconds > engine.newestSeconds)) return false;
      engine.newestSeconds = unixSeconds;
      if (value >= 0 && value < Number.POSITIVE_INFINITY) recent.push(unixSeconds, value, isCensored);
      aggregator.add(unixSeconds, value, isCensored);
      return true;
    },
  };
  return engine;
}
