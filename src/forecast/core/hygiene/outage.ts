/** An outage is next to nothing where clearly something was expected. */
const nothingRatio = 0.01;
/** Clearly: this many typical errors in square-root space, where the errors of counts are alike at every level. */
const clearlyErrors = 10;

/**
 * Tells an outage (of the workload or of its measurement) from demand that is gone. Strict, because a loose rule
 * feeds on itself: what is masked is not learned, and what is not learned goes on looking like an outage.
 */
export interface OutageRule {
  /** True: the value is to be taken for missing. Values and expectations are in the forecaster's unit. */
  masks(value: number, expected: number, typicalError: number): boolean;
}

/** After `patienceSteps` in a row the nothing is believed, until demand has been seen to come back. */
export function createOutageRule(patienceSteps: number): OutageRule {
  let masked = 0;
  return {
    masks(value, expected, typicalError) {
      const isClear = Math.sqrt(expected) - Math.sqrt(nothingRatio * expected) > clearlyErrors * typicalError;
      if (!isClear) return false;
      if (value >= nothingRatio * expected) {
        masked = 0;
        return false;
      }
      masked = Math.min(masked + 1, patienceSteps + 1);
      return masked <= patienceSteps;
    },
  };
}
