/** In an outage demand is below this share of what was expected. */
const nothingRatio = 0.01;
/**
 * The fall must be more than this many typical errors in square-root space, where errors of counts are alike at every level.
 */
const clearlyErrors = 10;

/**
 * Distinguishes an outage (of the workload or of its measurement) from demand that has ended. The rule is strict, because
 * masked values are not learned and values that were not learned look like an outage again. After `patienceSteps` in a row
 * the absence of demand counts as real, until demand has come back.
 */
export function createOutageRule(patienceSteps: number) {
  let masked = 0;
  return {
    /** Whether a value is to be treated as missing. All three are in the forecaster's unit, the error in square roots. */
    masks(value: number, expected: number, typicalError: number): boolean {
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
