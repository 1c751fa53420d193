/** Variances of the steps of level and trend and of a measurement, and measurements before the first prediction: Dynamo's defaults. */
const levelVariance = 1;
const trendVariance = 0.1;
const measurementVariance = 10;
const fewestPoints = 5;

/**
 * A Kalman filter with a local linear trend, the predictor `kalman` of NVIDIA Dynamo's planner: predicts the next value, ≥ 0, or NaN
 * before it has seen five. Its gains depend on the ratios of the variances alone, not on the unit of demand.
 */
export function createKalman() {
  let seen = 0;
  let [level, trend] = [0, 0];
  // Covariance of level and trend.
  let [levels, both, trends] = [1, 0, 1];

  function predict(): void {
    level += trend;
    levels += 2 * both + trends + levelVariance;
    both += trends;
    trends += trendVariance;
  }

  return {
    observe(value: number): void {
      seen++;
      if (seen === 1) {
        level = value;
        return;
      }
      predict();
      const total = levels + measurementVariance;
      const [levelGain, trendGain] = [levels / total, both / total];
      const error = value - level;
      level += levelGain * error;
      trend += trendGain * error;
      trends -= trendGain * both;
      both *= 1 - levelGain;
      levels *= 1 - levelGain;
    },
    next: () => (seen < fewestPoints ? Number.NaN : Math.max(0, level + trend)),
  };
}
