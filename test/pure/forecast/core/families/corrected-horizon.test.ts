import { describe, expect, it } from 'vitest';
import { CorrectedHorizon } from '../../../../../src/forecast/core/families/corrected-horizon.ts';
import { restoreState, savedState } from '../../../../../src/forecast/core/memory/state-copier.ts';

const [horizonSteps, strideSteps, daySteps] = [144, 12, 288];

/** A horizon after days in which the root of the truth was above that of the combination by `error`, and the correction added `added`. */
function taught(days: number, error: number, added: number) {
  const horizon = new CorrectedHorizon(horizonSteps, strideSteps, daySteps);
  for (let step = 0; step < days * daySteps; step++) follow(horizon, step, error, added);
  return horizon;
}

function follow(horizon: CorrectedHorizon, step: number, error: number, added: number) {
  horizon.mature(step, (10 + error) ** 2);
  if (step % strideSteps === 0) horizon.keep(step, 10, 10 + added);
}

describe('the correction at a far horizon', () => {
  it('is made once some forecasts have come due', () => {
    expect(taught(0.75, 1, 0).isKnown).toBe(false);
    expect(taught(1, 1, 0).isKnown).toBe(true);
  });

  it('knows how far the combination is mostly off, and in which direction', () => {
    const horizon = taught(10, -2, 0);
    expect(horizon.typical).toBeCloseTo(2, 5);
    expect(horizon.ofDay).toBeCloseTo(-2, 5);
    expect(horizon.ofWeek).toBeCloseTo(-2, 5);
  });

  it('is served whole where it has helped, and not at all where it has done harm', () => {
    expect(taught(0.5, 1, 0.5).share).toBe(0.5);
    expect(taught(21, 1, 0.5).share).toBe(1);
    expect(taught(21, -1, 0.5).share).toBe(0);
  });

  it('learns nothing from what is missing', () => {
    const horizon = taught(21, Number.NaN, 0.5);
    expect(horizon.isKnown).toBe(false);
    expect(horizon.share).toBe(0.5);
  });

  it('goes on where it was saved', () => {
    const own = taught(5.3, 1, 0.5);
    const other = new CorrectedHorizon(horizonSteps, strideSteps, daySteps);
    restoreState(other, savedState(own));
    for (let step = 1527; step < 10 * daySteps; step++)
      for (const horizon of [own, other]) follow(horizon, step, -0.3, 0.2);
    expect(savedState(other)).toEqual(savedState(own));
    expect(other.share).toBe(own.share);
  });
});
