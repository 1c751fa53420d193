import { describe, expect, it } from 'vitest';
import { runBacktest } from '../../../../../src/forecast/core/batch/backtest.ts';
import { residualsOf } from '../../../../../src/forecast/core/batch/intervals.ts';
import { prepare } from '../../../../../src/forecast/core/batch/prepared.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';
import { normal } from '../made-series.ts';

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
const residual = residualsOf({ horizonSteps: 3, origins, lessons: 0, paths: [] }, prepared, combined);

describe('residuals of a batch', () => {
  it('are 0 at the median and rise with the level at every horizon', () => {
    for (const horizon of [1, 2, 3]) {
      expect(residual(0.5, horizon)).toBe(0);
      const levels = [0.05, 0.2, 0.5, 0.8, 0.95].map((level) => residual(level, horizon));
      expect(levels).toEqual([...levels].sort((a, b) => a - b));
    }
  });

  it('are those of the errors, wider at the ends than in the middle', () => {
    // Sizes are 0.01 … 0.2 alike, so that 0.19 is the 0.9 of sizes between the 0.95 and the 0.05 of signed errors.
    expect(Math.abs(residual(0.95, 2) - 1.127 * 0.185)).toBeLessThan(0.01);
    // Of sizes 0.06 is the 0.3 quantile, 0.055 between the 0.65 and 0.35 of signed errors.
    expect(Math.abs(residual(0.65, 2) - 0.925 * 0.06)).toBeLessThan(0.01);
  });

  it('give the quantiles of the errors that were made', () => {
    const random = createRandom(3);
    const season = 24;
    const noisy = Array.from({ length: 700 }, () => 100 + 10 * normal(random));
    const prepared = prepare(noisy, season);
    const backtest = runBacktest(
      prepared,
      { shortSteps: season, longSteps: 7 * season },
      48,
      [],
      createScratch(),
    );
    const level = backtest.origins.map(() =>
      new Float64Array(48).fill((100 - prepared.base) / prepared.scale),
    );
    const residual = residualsOf(backtest, prepared, level);
    const bound = (q: number) =>
      prepared.base +
      prepared.scale * (Math.sqrt((100 - prepared.base) / prepared.scale) + residual(q, 24)) ** 2;
    // 1.645 and 1.282 standard deviations, widened by a seventh; a few hundred values say it to about 3.
    expect(Math.abs(bound(0.95) - 118.9)).toBeLessThan(4);
    expect(Math.abs(bound(0.1) - 85.3)).toBeLessThan(4);
    expect(residual(0.5, 24)).toBe(0);
  });
});
