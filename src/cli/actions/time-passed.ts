import type { Forecaster } from '../../forecast/index.ts';

/** Lets the forecaster know that time went by without rows, in whole steps of the rows so that their phase is kept. */
export function passTime(forecaster: Forecaster, atSeconds: number): void {
  const { newestSeconds, stepSeconds } = forecaster;
  const steps = Math.floor((atSeconds - newestSeconds) / stepSeconds);
  if (Number.isFinite(steps) && steps > 0)
    forecaster.observe(newestSeconds + steps * stepSeconds, Number.NaN);
}
