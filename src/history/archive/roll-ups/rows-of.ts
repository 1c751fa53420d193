import type { RollUp } from './roll-up.ts';

/** Rows that are made of roll-ups, in order of time. */
export interface MadeRows {
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly isCensored: Uint8Array;
}

/**
 * Rows with the mean and the peak of each roll-up. The last row of each is the peak, so that peaks are learned as high as they were;
 * the others share the rest evenly. Missing rows are missing at the begin.
 */
export function rowsOf(rollUps: readonly RollUp[], stepSeconds: number): MadeRows {
  const count = rollUps.reduce((sum, { rows }) => sum + rows, 0);
  const timestamps = new Float64Array(count);
  const values = new Float64Array(count);
  const isCensored = new Uint8Array(count);
  let index = 0;
  for (const rollUp of rollUps) {
    const { atSeconds, mean, rows } = rollUp;
    const peak = Math.min(rollUp.peak, rows * mean);
    const other = rows === 1 ? peak : (rows * mean - peak) / (rows - 1);
    for (let row = rows - 1; row >= 0; row--) {
      timestamps[index] = atSeconds - row * stepSeconds;
      values[index] = row === 0 ? peak : other;
      isCensored[index] = rollUp.isCensored ? 1 : 0;
      index++;
    }
  }
  return { timestamps, values, isCensored };
}
