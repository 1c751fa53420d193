import { CredibleMaximum } from '../hygiene/credible-maximum.ts';
import { createOutageRule } from '../hygiene/outage.ts';

/** A single row may be this many times the highest credible demand. */
const credibleRatio = 1.5;
/** After this many short seasons every hour's demand is known, so that an outage differs from demand that is gone. */
const outageSeasons = 7;

/**
 * What a grid value is worth. Only an observed one is learned: nothing is known of a missing one, a censored one was cut
 * off at capacity below what was expected, and an outage is next to nothing where clearly something was expected.
 */
type GridValueKind = 'observed' | 'missing' | 'censored' | 'outage';

/**
 * Judges the value of each grid step, and counts what was there, in the engine's unit. `nearest`: the horizon whose typical
 * error makes an outage clear; `nextStep`: the combination one step ahead.
 */
export function createGridValueCheck(
  shortSteps: number,
  nearest: { readonly typicalError: number },
  nextStep: () => number,
) {
  const credible = new CredibleMaximum(shortSteps);
  const outages = createOutageRule(Math.floor(shortSteps / 2));
  const check = {
    /** Steps with an observed value. */
    observedSteps: 0,
    /** The newest step with any value; −1 before the first. */
    lastPresentStep: -1,
    /** The highest value that is no outlier; 0 before any. */
    credibleMaximum: 0,
    /** A single row above this is no demand; Infinity while nothing above 0 is credible. */
    highestCredible: Number.POSITIVE_INFINITY,
    /** Judges the value of a step that is one more than the step before; NaN = missing. */
    note(step: number, value: number, isCensored: boolean): GridValueKind {
      if (Number.isNaN(value)) return 'missing';
      check.lastPresentStep = step;
      const knowsEveryHour = check.observedSteps >= outageSeasons * shortSteps;
      if (knowsEveryHour && outages.masks(value, check.expectedAt(step), nearest.typicalError))
        return 'outage';
      if (isCensored && value < check.expectedAt(step)) return 'censored';
      check.observedSteps++;
      credible.note(step, value);
      check.credibleMaximum = credible.highest;
      check.highestCredible =
        credible.highest > 0 ? credibleRatio * credible.highest : Number.POSITIVE_INFINITY;
      return 'observed';
    },
    /** What was expected of a step, one step before it. */
    expectedAt: (step: number) => (step === 0 ? 0 : nextStep()),
  };
  return check;
}
