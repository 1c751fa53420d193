import { describe, expect, it } from 'vitest';
import { residualsOf } from '../../../../../src/forecast/core/batch/intervals.ts';
import { prepare } from '../../../../../src/forecast/core/batch/prepared.ts';

/** Values whose square roots lie 0.1, 0.2 … above and below that of the prediction, 1, in turn. */
const roots = Array.from({ length: 200 }, (_, i) => 1 + ((i % 2 === 0 ? 1 : -1) * ((i % 20) + 1)) / 100);
const prepared = {
  ...prepare(
    roots.map((root) => root ** 2),
    1,
  ),
  values: Float64Array.from(roots, (root) => root ** 2),
};
const origins = Array.from({ length: 100 }, (_, i) => i + 1);
const combined = origins.map(() => Float64Array.of(1, 1, 1));
const residual = residualsOf({ horizonSteps: 3, origins, paths: [] }, prepared, combined);

describe('residuals of a batch', () => {
  it('are 0 at the median and rise with the level at every horizon', () => {
    for (const horizon of [1, 2, 3]) {
      expect(residual(0.5, horizon)).toBe(0);
      const levels = [0.05, 0.2, 0.5, 0.8, 0.95].map((level) => residual(level, horizon));
      expect(levels).toEqual([...levels].sort((a, b) => a - b));
    }
  });

  it('are those of the errors, wider by 1.18', () => {
    // Sizes are 0.01 … 0.2 alike, so that 0.19 is the 0.9 of sizes between the 0.95 and the 0.05 of signed errors.
    expect(Math.abs(residual(0.95, 2) - 1.18 * 0.185)).toBeLessThan(0.02);
  });
});
