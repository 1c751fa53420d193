import { describe, expect, it } from 'vitest';
import { ScoredHorizon } from '../../../../../src/forecast/core/calibration/scored-horizon.ts';
import { expertNames } from '../../../../../src/forecast/core/experts/index.ts';
import { createArena } from '../../../../../src/forecast/core/memory/arena.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';

const lengths = { shortSteps: 288, longSteps: 2016 };
const horizonOf = (steps: number) => new ScoredHorizon(steps, lengths, createArena(), createScratch());

/** Keeps `combined` at every step and lets `truth` come due; every expert predicts the combination. */
function play(steps: number, horizonSteps: number, combined: number, truth: (step: number) => number) {
  const horizon = horizonOf(horizonSteps);
  const predictions = new Float64Array(expertNames.length).fill(combined);
  for (let step = 0; step < steps; step++) {
    horizon.mature(step, truth(step));
    if (step % horizon.strideSteps !== 0) continue;
    horizon.weigh(step, predictions);
    horizon.keep(step, predictions, combined, { newest: truth(step), held: combined });
  }
  return horizon;
}

describe('a scored horizon', () => {
  it('matures each forecast when its horizon has passed', () => {
    expect(play(10, 3, 50, () => 50).residualCount).toBe(7);
  });

  it('keeps far forecasts less often, at strides that visit every time of day', () => {
    const { strideSteps } = horizonOf(288);
    expect(strideSteps).toBeGreaterThan(10);
    expect(new Set(Array.from({ length: 288 }, (_, i) => (i * strideSteps) % 288)).size).toBe(288);
    expect(horizonOf(12).strideSteps).toBe(1);
  });

  it('has the residuals that came: truths of 64 for predictions of 49 lie a root of 1 above', () => {
    const horizon = play(400, 3, 49, () => 64);
    expect(Math.abs(horizon.residualQuantile(0.9) - 1)).toBeLessThan(0.25);
    expect(horizon.typicalError).toBeCloseTo(1, 6);
    expect(horizon.accuracy(300)).toMatchObject({ horizonSeconds: 900, count: 397 });
  });

  it('learns nothing from a missing truth, nor from a forecast made while the newest value was missing', () => {
    expect(play(50, 3, 50, () => Number.NaN).residualCount).toBe(0);
    const everyOther = play(50, 3, 50, (step) => (step % 2 === 0 ? 50 : Number.NaN));
    // A forecast made at an even step comes due at an odd one, where the truth is missing.
    expect(everyOther.residualCount).toBe(0);
  });

  it('judges neither bound nor accuracy by demand that may yet be an incident, nor by forecasts made from it', () => {
    const horizon = horizonOf(3);
    const predictions = new Float64Array(expertNames.length).fill(49);
    const counts: number[] = [];
    for (let step = 0; step < 60; step++) {
      horizon.isUnproven = step >= 20 && step < 40;
      horizon.mature(step, 64);
      horizon.weigh(step, predictions);
      horizon.keep(step, predictions, 49, { newest: 64, held: 49 });
      counts.push(horizon.residualCount);
    }
    expect([counts[19], counts[39], counts[42], counts[43]]).toEqual([17, 17, 17, 18]);
    expect(horizon.accuracy(300).count).toBe(horizon.residualCount);
    expect(horizon.weights.of(0)).toBeGreaterThan(0);
  });

  it('has weights that sum to 1 once experts were weighed', () => {
    const horizon = play(200, 3, 50, () => 51);
    const sum = expertNames.reduce((total, _name, e) => total + horizon.weights.of(e), 0);
    expect(sum).toBeCloseTo(1, 5);
  });
});
