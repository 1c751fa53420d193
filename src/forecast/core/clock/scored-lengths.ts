/** Horizons at which forecasts are scored, in 288ths of the short season: 5 min … 24 h of a day. */
const scoredShares = [1, 2, 3, 6, 12, 24, 48, 72, 144, 288];
/** Horizons in steps where the short season has few of them, such as a day of hours. */
const scoredOfFewSteps = [1, 2, 3, 6, 12, 24, 48];
/** A short season of fewer steps than this has few of them. */
const manySteps = 144;
/** Windows whose peaks are calibrated, in minutes of a short season that is a day. */
const peakMinutes = [1, 2, 3, 5, 10, 15, 30, 60, 120];

/** Horizons at which every forecast is scored, in steps, rising up to the farthest. */
export function scoredHorizonsFor(shortSteps: number, horizonSteps: number): number[] {
  const shares = scoredShares.map((share) => Math.max(1, Math.round((share * shortSteps) / 288)));
  const wanted = new Set(shortSteps < manySteps ? scoredOfFewSteps : shares);
  return [...[...wanted].filter((steps) => steps < horizonSteps), horizonSteps];
}

/** Windows whose peaks are scored, in seconds, rising, whole rows; `timeScale` is the short season's share of a day. */
export function peakWindowsFor(stepSeconds: number, timeScale: number): number[] {
  const rows = peakMinutes.map((minutes) =>
    Math.max(1, Math.round((minutes * 60 * timeScale) / stepSeconds)),
  );
  return [...new Set(rows)].map((count) => count * stepSeconds);
}
