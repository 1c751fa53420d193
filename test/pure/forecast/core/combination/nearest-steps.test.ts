import { describe, expect, it } from 'vitest';
import { NearestSteps, nearestSteps } from '../../../../../src/forecast/core/combination/nearest-steps.ts';
import { pathTableFor } from '../../../../../src/forecast/core/combination/path-table.ts';
import { expertNames } from '../../../../../src/forecast/core/experts/index.ts';
import { createForecaster } from '../../../../../src/forecast/core/index.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';

const dayRows = 288;
const demandAt = (row: number, phase: number) => 100 + 40 * Math.sin((2 * Math.PI * row) / dayRows + phase);

/** Two forecasters that have learned four days of different demand and share one scratch, and the table of its paths. */
function createTwo() {
  const scratch = createScratch();
  const [one, other] = [0, 1].map((phase) => {
    const forecaster = createForecaster({ stepSeconds: 300 }, scratch);
    let row = 0;
    const step = () => {
      row++;
      forecaster.observe(300 * row, demandAt(row, phase));
    };
    for (let i = 0; i < 4 * dayRows; i++) step();
    return { forecaster, step };
  }) as [ReturnTypeOfTwo, ReturnTypeOfTwo];
  return { one, other, table: pathTableFor(scratch, expertNames.length, 1) };
}
interface ReturnTypeOfTwo {
  readonly forecaster: ReturnType<typeof createForecaster>;
  readonly step: () => void;
}

const decision = { windowSeconds: 310, leadSeconds: 60, quantiles: [0.5, 0.99] } as const;

describe('the question behind a decision', () => {
  it('makes no expert predict, whichever forecaster was asked before', () => {
    const { one, other, table } = createTwo();
    const before = one.forecaster.peak(decision);
    other.forecaster.peak(decision);
    other.forecaster.forecast({ horizonSteps: 5 });
    const owner = table.owner;
    for (let time = 0; time < 1_000; time++) expect(one.forecaster.peak(decision)).toEqual(before);
    expect(table.owner).toBe(owner);
    // A question about the whole day takes the table.
    one.forecaster.forecast({ horizonSteps: dayRows });
    expect(table.owner).not.toBe(owner);
  });

  it('has the same answer to the bit as without another forecaster, after each row', () => {
    const { one, other } = createTwo();
    const alone = createTwo().one;
    for (let row = 0; row < 30; row++) {
      one.step();
      alone.step();
      if (row % 3 === 0) other.forecaster.forecast({ horizonSteps: 7 });
      expect(one.forecaster.peak(decision)).toEqual(alone.forecaster.peak(decision));
      if (row % 5 === 0) {
        const far = { horizonSteps: 2 * nearestSteps };
        expect(one.forecaster.forecast(far)).toEqual(alone.forecaster.forecast(far));
      }
    }
  });
});

describe('the nearest steps', () => {
  it('are those that were kept, until the version is another or they are forgotten', () => {
    const nearest = new NearestSteps();
    expect(nearest.at(1, 0)).toBeUndefined();
    nearest.keep(Float64Array.of(5, 6, 7), 2, 0);
    expect([1, 2, 3].map((h) => nearest.at(h, 0))).toEqual([5, 6, undefined]);
    expect(nearest.at(1, 1)).toBeUndefined();
    nearest.forget();
    expect(nearest.at(1, 0)).toBeUndefined();
    const long = Float64Array.from({ length: 100 }, (_, i) => i);
    nearest.keep(long, 100, 3);
    expect(nearest.at(nearestSteps, 3)).toBe(nearestSteps - 1);
    expect(nearest.at(nearestSteps + 1, 3)).toBeUndefined();
  });
});
