import type { Lengths } from '../clock/lengths.ts';
import { CredibleMaximum, incredibleRatio } from '../hygiene/credible-maximum.ts';
import { OutageRule } from '../hygiene/outage.ts';
import type { StateCopier } from '../memory/state-copier.ts';

/** A single row may be this many times the highest credible demand. */
const credibleRatio = 1.5;
/** The first credible value above zero is this many of the engine's units, so that demand in any unit is forecast alike. */
const levelInUnits = 50;
/** After this many short seasons every hour's demand is known, so that an outage differs from demand that is gone. */
const outageSeasons = 7;

/**
 * What a grid value is worth. Only an observed one is learned: nothing is known of a missing one, a censored one was cut
 * off at capacity below what was expected, an outage is next to nothing where clearly something was expected, and an
 * incredible one is far above everything before and has not lasted yet.
 */
type GridValueKind = 'observed' | 'missing' | 'censored' | 'outage' | 'incredible' | 'ignored';

/** What a grid value is compared with, in the engine's unit. */
interface Expectations {
  /** The combination one step ahead. */
  readonly nextStep: () => number;
  /** What is usual one step ahead; NaN where that is not known. */
  readonly usualNextStep: () => number;
  /** Typical error of the combination one step ahead, a difference of square roots: it makes an outage clear. */
  readonly typicalError: () => number;
}

/** Judges the value of each grid step, counts what was there, and finds the unit in which the engine calculates. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one judgement and what it counts
export function createGridValueCheck(
  { shortSteps, longSteps, gridSeconds }: Lengths,
  { nextStep, usualNextStep, typicalError }: Expectations,
) {
  const lastingSteps = lastingStepsOf(shortSteps, gridSeconds);
  const credible = new CredibleMaximum(shortSteps, lastingSteps);
  /** The highest row of each step: single requests make rows that are far above any mean. */
  const credibleRow = new CredibleMaximum(shortSteps, lastingSteps);
  const outages = new OutageRule({ shortSteps, longSteps });
  const check = {
    /** Steps for which demand that is incredible must last before it is credible. */
    lastingSteps,
    /** One of the engine's units in demand; 0 before a credible value above zero, because zero has no unit. */
    unit: 0,
    /** Steps with an observed value. */
    observedSteps: 0,
    /** The newest step with any value; −1 before the first. */
    lastPresentStep: -1,
    /** Whether demand far above all before has lasted, and may yet turn out to be an incident. */
    isUnproven: () => credible.isUnproven,
    /** The highest demand that is no outlier; 0 before any. */
    credibleMaximum: 0,
    /** A single row of demand above this is an artefact; Infinity while nothing above 0 is credible. */
    highestCredible: Number.POSITIVE_INFINITY,
    /** A row of demand above this counts as not there; Infinity while nothing above 0 is credible. */
    incredibleAbove: Number.POSITIVE_INFINITY,
    /** Takes demand that is credible before there was any. */
    begin(demand: number): void {
      for (const maximum of [credible, credibleRow]) maximum.begin(demand);
    },
    /**
     * Judges the demand of a step that is one more than the step before; NaN = missing. `highestRow`: the largest of its rows,
     * demand.
     */
    note(step: number, demand: number, isCensored: boolean, highestRow: number): GridValueKind {
      if (Number.isNaN(demand)) return 'missing';
      check.lastPresentStep = step;
      const value = demand / (check.unit || 1);
      if (isOutage(step, value)) return 'outage';
      if (isCensored && value < check.expectedAt(step)) return 'censored';
      credibleRow.note(step, highestRow);
      if (!credible.note(step, demand)) return 'incredible';
      check.credibleMaximum = credible.value;
      if (credible.value > 0) {
        check.highestCredible = credibleRatio * credible.value;
        check.incredibleAbove = incredibleRatio * Math.max(credible.value, credibleRow.value);
      }
      if (check.unit === 0 && demand > 0) check.unit = demand / levelInUnits;
      check.observedSteps++;
      return 'observed';
    },
    copyState(copier: StateCopier): void {
      for (const part of [credible, credibleRow, outages]) part.copyState(copier);
      check.unit = copier.number(check.unit);
      check.observedSteps = copier.number(check.observedSteps);
      check.lastPresentStep = copier.number(check.lastPresentStep);
      check.credibleMaximum = copier.number(check.credibleMaximum);
      check.highestCredible = copier.number(check.highestCredible);
      check.incredibleAbove = copier.number(check.incredibleAbove);
    },
    /** Takes the demand of a step of which nothing is to be learned. */
    ignore(step: number, demand: number): GridValueKind {
      if (!Number.isNaN(demand)) check.lastPresentStep = step;
      return Number.isNaN(demand) ? 'missing' : 'ignored';
    },
    /** What was expected of a step, one step before it, in the engine's unit. */
    expectedAt: (step: number) => (step === 0 ? 0 : nextStep()),
  };

  /** Demand that is back at what is usual is no outage, however much more was expected after an incident. */
  function isOutage(step: number, value: number): boolean {
    if (check.observedSteps < outageSeasons * shortSteps) return false;
    const usual = usualNextStep();
    const expected = Number.isNaN(usual) ? nextStep() : Math.min(nextStep(), usual);
    return outages.masks(step, value, expected, typicalError());
  }
  return check;
}

/**
 * Steps of half an hour, in a compressed day of a 48th of it: how long incredible demand must last. It is one more than the time
 * has, because what begins and ends within steps reaches into one more than it fills: 22 minutes reach into six steps of five.
 */
function lastingStepsOf(shortSteps: number, gridSeconds: number): number {
  const steps = Math.min(Math.round(shortSteps / 48), Math.ceil(1800 / gridSeconds));
  return steps > 1 ? steps + 1 : 1;
}
