import { IdleDemand } from '../calibration/idle-demand.ts';
import { PeakWindows } from '../calibration/peak-windows.ts';
import { ScoredHorizon } from '../calibration/scored-horizon.ts';
import { createGridAggregator, demandOf } from '../clock/grid.ts';
import type { Lengths } from '../clock/lengths.ts';
import type { LocalAxis } from '../clock/local-axis.ts';
import { createEnsemble } from '../combination/ensemble.ts';
import type { CalendarEvent } from '../contract.ts';
import { createEventEffects } from '../events/event-effects.ts';
import { createExpertInputs } from '../experts/inputs.ts';
import { createLocalSteps, localHorizonSteps } from '../experts/local-steps.ts';
import type { Trees } from '../families/trees.ts';
import { Absence } from '../hygiene/absence.ts';
import { createArena } from '../memory/arena.ts';
import type { LentArray } from '../memory/lent-arrays.ts';
import { ObservedHistory } from '../memory/observed-history.ts';
import { RecentRows } from '../memory/recent-rows.ts';
import type { Scratch } from '../memory/scratch.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import { SeasonWatch } from '../seasons/season-watch.ts';
import { holdingBeginning } from './beginning.ts';
import { FarPast } from './far-past.ts';
import { createGridValueCheck } from './grid-value.ts';
import type { Seen } from './readiness.ts';

/** What is learned from rows, from which every answer is made. Values are in the engine's unit; times are unix seconds. */
export type Engine = Readonly<ReturnType<typeof createEngine>>;

/**
 * Creates an engine that has learned nothing. Its state is a function of the rows alone. `axis`: the clocks that seasons
 * follow, undefined = UTC. `calendar`: what is known of days that are not ordinary. `trees`: what corrects far forecasts, those that are shipped unless given. Engines that share `scratch` give the same answers as engines that do not.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a factory that wires the parts of one series; each part is a file of its own
export function createEngine(
  lengths: Lengths,
  axis: LocalAxis | undefined,
  scratch: Scratch,
  calendar: readonly CalendarEvent[] = [],
  trees?: Trees,
) {
  const { stepSeconds, gridSeconds } = lengths;
  const arena = createArena();
  const horizons = lengths.scoredHorizonSteps.map((h) => new ScoredHorizon(h, lengths, arena, scratch));
  const peakArena = createArena();
  const peaks = new PeakWindows(lengths.peakWindowsSeconds, gridSeconds, peakArena);
  const createInputs = () => {
    const made = createExpertInputs({ ...inputLengthsOf(lengths, axis !== undefined), scratch });
    return { inputs: made, localSteps: axis && createLocalSteps(axis, lengths, made) };
  };
  const { inputs, localSteps } = createInputs();
  const localStep = (h: number): number => localSteps?.localStep(h) ?? h;
  const events =
    calendar.length > 0
      ? createEventEffects(calendar, { lengths, axis, inputs, localStep, horizons })
      : undefined;
  const ensemble = createEnsemble(
    inputs,
    horizons,
    { localSteps, calendar: events && { events, createInputs }, trees },
    scratch,
  );
  const seasons = new SeasonWatch(lengths, inputs.context);
  const check = createGridValueCheck(lengths, {
    nextStep: () => farPast.expected ?? ensemble.combinedAt(1),
    usualNextStep: () => inputs.usualAt(inputs.step + 1),
    typicalError: () => farPast.typicalError,
  });
  const recent = new RecentRows(stepSeconds, Math.max(...lengths.peakWindowsSeconds) + 2 * gridSeconds);
  // The median of twice as many steps: what is wrong at the beginning must last as long as anywhere else to be believed.
  const beginning = holdingBeginning(2 * check.lastingSteps, check.begin, closeGrid);
  const aggregator = createGridAggregator(stepSeconds, gridSeconds, beginning.take);
  const idle = new IdleDemand();
  const absence = new Absence(lengths);
  const farPast = new FarPast(horizons, lengths);
  arena.trim();
  let judgedFromSeconds = Number.NEGATIVE_INFINITY;
  const [nextStep, ...farther] = horizons;
  const nearState = [peakArena, peaks, nextStep!, check, idle];
  const restOfState = [
    arena,
    ...farther,
    inputs,
    ensemble,
    seasons,
    recent,
    beginning,
    aggregator,
    absence,
    farPast,
  ];
  let step = -1;

  const lent: readonly LentArray[] = [peakArena, arena].flatMap(({ numbers, codes }) => [numbers, codes]);
  const { usualDay, usualWeek } = inputs.context;
  const inUnits = (demand: number) => demand / (check.unit || 1);
  const largestRow = (fromSeconds: number, toSeconds: number) =>
    events?.ignoresWithin(fromSeconds, toSeconds)
      ? Number.NaN
      : inUnits(recent.largest(fromSeconds, toSeconds, check.highestCredible, check.incredibleAbove));
  const unknown = () => Number.NaN;
  const judgedStepsAt = (gridTime: number) => (gridTime - judgedFromSeconds) / gridSeconds;

  function closeGrid(gridTime: number, value: number, isCensored: boolean): void {
    step++;
    engine.originSeconds = gridTime;
    events?.begin(gridTime);
    const kind = events?.isIgnored
      ? check.ignore(step, value)
      : check.note(step, value, isCensored, recent.highest(gridTime - gridSeconds, gridTime));
    engine.unit = check.unit;
    const present = inUnits(value);
    const isObserved = kind === 'observed';
    absence.note(present, kind === 'outage');
    // The expected value stands in for any other one, as a feature only.
    const known = isObserved ? present : check.expectedAt(step);
    if (isObserved) idle.learn(check.expectedAt(step), present, inUnits(check.credibleMaximum));
    const ordinary = events?.toOrdinary(known) ?? known;
    ensemble.followUnaware?.({
      gridTime,
      value: known,
      isObserved,
      isEvent: events?.isEvent === true && !events.isIgnored,
    });
    localSteps?.follow(gridTime, ordinary, ensemble.pass);
    inputs.push(ordinary, isObserved, events?.isEvent);
    seasons.note(inputs.step, isObserved ? Math.sqrt(ordinary) : Number.NaN);
    events?.learn(gridTime, kind === 'outage' || isObserved ? present : Number.NaN, ordinary);
    engine.observed.push(present);
    const truth = isObserved ? present : Number.NaN;
    const judgedSteps = judgedStepsAt(gridTime);
    farPast.settle(judgedSteps, check.isUnproven());
    if (judgedSteps < 0) {
      ensemble.advanceFarPast(step, truth);
      farPast.note(truth, ensemble.roughNextStep());
      return;
    }
    if (farPast.end()) ensemble.beginNear();
    ensemble.advance(step, truth, peaks.stepsNeeded(step));
    const isUnknown = kind === 'outage' || kind === 'incredible' || kind === 'ignored';
    peaks.mature(gridTime, isUnknown ? unknown : largestRow);
    if (isObserved && farPast.isSettled(judgedSteps)) peaks.keep(step, gridTime, ensemble.pathMaximum);
    if (seasons.search(inputs.step, farPast.searchEvery(judgedSteps)))
      ensemble.followSeasons(seasons.isAperiodic);
  }

  const engine = {
    lengths,
    inputs,
    /** One of the engine's units in demand; 0 before a credible value above zero. */
    unit: 0,
    /** Newest row; −Infinity before the first. */
    newestSeconds: Number.NEGATIVE_INFINITY,
    /** Newest closed grid time; NaN before the first. */
    originSeconds: Number.NaN,
    /** Horizons at which forecasts are kept and scored, rising. */
    horizons,
    peaks: peaks.windows,
    seasons,
    /** What was observed on the grid, NaN where it was missing; newest last, at `originSeconds`. */
    observed: new ObservedHistory(lengths.rememberedSteps),
    /** The median h ≥ 1 steps ahead: the combination, but for the next moments of an absence. */
    medianAt: (h: number): number => (absence.reaches(h) ? absence.value : ensemble.combinedAt(h)),
    /** Writes the medians of the next steps, and what bounds above them begin at, into arrays that have room for them. */
    readPath(steps: number, medians: Float64Array, held: Float64Array): void {
      ensemble.readHeld(steps, held);
      for (let h = steps; h >= 1; h--) {
        const isHeldAlone = events === undefined && !absence.reaches(h);
        medians[h - 1] = isHeldAlone ? held[h - 1]! : engine.medianAt(h);
      }
    },
    /** The combination that bounds begin at: no lower than what an event is known to leave. */
    heldAt: ensemble.heldAt,
    /** What is added to an ordinary day h steps ahead because series of many families have it in common. */
    sharedAt: ensemble.sharedAt,
    toldFar: ensemble.toldFar,
    events,
    pathMaximum: ensemble.pathMaximum,
    /** Forecasts of the nearest steps, which `restoreNearest` takes after the state of then was restored. */
    savedNearest: ensemble.savedNearest,
    restoreNearest: ensemble.restoreNearest,
    idle,
    /** Counts of grid values, and the highest demand that is credible. */
    check,
    /** The local step at which the value h ≥ 1 real steps ahead is read, from the newest value on. */
    localStep,
    copyState(copier: StateCopier): void {
      engine.copyNearState(copier);
      for (const part of restOfState) part.copyState(copier);
      localSteps?.copyState(copier);
      events?.copyState(copier);
      engine.observed.copyState(copier);
      inputs.copyWindows(copier, engine.observed);
      ensemble.copyUnawareWindows(copier, engine.observed);
    },
    /** The arrays that a series may lend; those of `copyNearState` are the first `nearLent`. */
    lent: [...lent, usualDay.lent, usualWeek.lent],
    nearLent: 2,
    /** The part of the state, its beginning, that peaks within the nearest steps follow from. */
    copyNearState(copier: StateCopier): void {
      for (const part of nearState) part.copyState(copier);
      engine.unit = check.unit;
      step = copier.number(step);
      engine.newestSeconds = copier.number(engine.newestSeconds);
      engine.originSeconds = copier.number(engine.originSeconds);
    },
    /** Lets answers begin at a row that was not learned yet, because it completes no step. */
    setNewest(unixSeconds: number): void {
      engine.newestSeconds = unixSeconds;
    },
    seen: (): Seen => ({
      steps: step + 1,
      observedSteps: check.observedSteps,
      silentSteps: step - check.lastPresentStep,
      residuals: horizons[0]!.residualCount,
      peakResiduals: peaks.maturedSteps(),
    }),
    /** Makes grid values before this moment the far past. */
    judgeFrom(unixSeconds: number): void {
      judgedFromSeconds = unixSeconds;
      farPast.rest(judgedStepsAt(engine.originSeconds));
    },
    /** Learns one row; false where it is not newer than the newest, and nothing is learned. */
    observe(unixSeconds: number, value: number, isCensored?: boolean): boolean {
      if (!(unixSeconds > engine.newestSeconds)) return false;
      engine.newestSeconds = unixSeconds;
      const demand = demandOf(value);
      if (!Number.isNaN(demand)) recent.push(unixSeconds, demand, isCensored);
      aggregator.add(unixSeconds, value, isCensored);
      return true;
    },
  };
  return engine;
}

/** By local clocks a path may have more steps than in real time. */
function inputLengthsOf(
  { shortSteps, longSteps, horizonSteps, rememberedSteps }: Lengths,
  hasClocks: boolean,
) {
  return {
    shortSeasonSteps: shortSteps,
    longSeasonSteps: longSteps,
    horizonSteps: hasClocks ? localHorizonSteps(horizonSteps, shortSteps) : horizonSteps,
    settleSteps: Math.max(4, Math.round(shortSteps / 24)),
    rememberedSteps,
  };
}
