/** Horizons that are scored, in two bands, and windows whose peaks are scored. */
export const shortHorizonsSeconds: readonly number[] = [300, 600, 900, 1800, 3600];
export const longHorizonsSeconds: readonly number[] = [10_800, 21_600, 43_200, 86_400];
const peakWindowsSeconds: readonly number[] = [300, 600, 900, 1800];

/** The scored horizons that are whole steps of the grid. */
export function horizonsOn(gridSeconds: number): number[] {
  return [...shortHorizonsSeconds, ...longHorizonsSeconds].filter((seconds) => seconds % gridSeconds === 0);
}

/** The scored peak windows that are whole steps of the rows. */
export function windowsOn(stepSeconds: number): number[] {
  return peakWindowsSeconds.filter((seconds) => seconds % stepSeconds === 0);
}

/** Levels that are scored: deciles for the WQL, the levels by which capacity is set, and low ones. */
export const levels: readonly number[] = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
export const decileLevels = levels.slice(1, 10);
export const lowLevels = [0.05, 0.1] as const;
export const boundLevels = [0.9, 0.95, 0.99] as const;
