import { decisionWindowSeconds } from '../scaler/decision/policy.ts';
import { readTiming, workloadDefaults } from '../server/timing.ts';

const { lags, leadTimeSeconds } = workloadDefaults(readTiming());
/** The range of the `rate()` in most queries. */
const usualRateWindowSeconds = 120;

/** The decision window of `serve` where trigger and server leave everything at its default, seconds. */
export const usualWindowSeconds = decisionWindowSeconds(
  { leadTimeSeconds, rateWindowSeconds: usualRateWindowSeconds, peakWindowSeconds: undefined },
  lags,
);
