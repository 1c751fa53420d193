import type { Policy } from './contract.ts';

/** A fixed number of replicas: what the largest demand before the start of the replay needs, times the knob. */
export const fixed: Policy = {
  title: 'fixed',
  knob: {
    meaning: 'factor on the largest demand so far',
    values: [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.4, 1.6],
    default: 1,
  },
  hpa: 'none',
  create({ settings }) {
    let largest: number | undefined;
    return {
      signals({ rows, rowCount, observed }, into) {
        largest ??= largestOf(rows, rowCount);
        for (let i = 0; i < settings.length; i++) {
          into[i] = (largest ?? observed) * settings[i]!;
        }
      },
    };
  },
};

function largestOf(rows: Float64Array, count: number): number | undefined {
  let largest: number | undefined;
  for (let i = 0; i < count; i++) if (rows[i]! > (largest ?? -1)) largest = rows[i]!;
  return largest;
}
