import { candidates } from './candidates.ts';
import type { RelativeErrors } from './expert-errors.ts';

/**
 * Errors of the experts that are usual on hourly series with a day and a week: the logarithm of each one's error ÷ the geometric mean of
 * all experts' errors, at the groups of horizons that end at an eighth, a quarter, a half, one, one and a half and two days. Means over
 * families of real traces, by `node bench/families/learn-usual-errors.ts --write`, which proves them on families left out.
 */
const table = {
  // the table
  'day-naive': [0.34, 0.14, 0.05, 0.02, 0.26, 0.23],
  'week-naive': [0.19, -0.01, -0.11, -0.13, -0.25, -0.27],
  'damped-level': [0.58, 0.95, 1.2, 1.02, 0.99, 0.97],
  'day-mean': [0.42, 0.22, 0.13, 0.11, 0.05, 0.02],
  'week-mean': [0.23, 0.0, -0.09, -0.11, -0.22, -0.25],
  'recent-week-mean': [0.22, 0.0, -0.1, -0.11, -0.23, -0.25],
  'fading-week-mean': [0.2, -0.02, -0.12, -0.14, -0.25, -0.28],
  profile: [-0.15, -0.17, -0.18, -0.16, -0.19, -0.2],
  analog: [-0.33, -0.36, -0.27, -0.18, -0.15, -0.1],
  'ridge-ar-two-weeks-log': [-0.22, -0.05, -0.04, 0.0, 0.18, 0.22],
  'linear-ar-week': [-0.3, -0.13, -0.08, -0.06, -0.06, -0.03],
  'gauge-ar': [-0.12, 0.08, 0.08, 0.1, 0.21, 0.26],
  'day-state-ar-linear': [-0.18, 0.01, 0.07, 0.1, 0.12, 0.12],
  'week-state-ar-sqrt': [-0.46, -0.33, -0.26, -0.22, -0.22, -0.2],
  'week-state-ar-linear': [-0.37, -0.24, -0.19, -0.16, -0.15, -0.14],
} satisfies Record<keyof typeof candidates, readonly number[]>;

/** The table, in the order of the experts. */
export const usualErrors: RelativeErrors = Object.keys(candidates).map(
  (name) => table[name as keyof typeof candidates],
);

/** Errors of which nothing is known beforehand: all experts are alike. */
export const alikeErrors: RelativeErrors = usualErrors.map((ofExpert) => ofExpert.map(() => 0));
