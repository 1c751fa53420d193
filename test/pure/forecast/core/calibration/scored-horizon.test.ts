import { describe, expect, it } from 'vitest';
import { ScoredHorizon } from '../../../../../src/forecast/core/calibration/scored-horizon.ts';
import { expertNames } from '../../../../../src/forecast/core/experts/index.ts';
import { createArena } from '../../../../../src/forecast/core/memory/arena.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';

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

  describe('below the median', () => {
    const random = createRandom(7);
    const values = Float64Array.from({ length: 8002 }, () => random() - 0.5);
    const noise = (step: number) => values[step] ?? 0;

    /** Share of the truths at or below the bound for `level`, of the last 4,000 steps at which `predicted` is above 0. */
    function coveredAt(level: number, predicted: (step: number) => number, truth: (step: number) => number) {
      const horizon = horizonOf(1);
      const counts = { covered: 0, all: 0 };
      for (let step = 0; step < 8000; step++) {
        const combined = predicted(step + 1);
        const predictions = new Float64Array(expertNames.length).fill(combined);
        horizon.mature(step, truth(step));
        horizon.weigh(step, predictions);
        horizon.keep(step, predictions, combined, { newest: truth(step), held: combined });
        if (step < 4000 || combined === 0) continue;
        counts.all++;
        if (Math.sqrt(truth(step + 1)) <= Math.sqrt(combined) + horizon.residualQuantile(level))
          counts.covered++;
      }
      return counts.covered / counts.all;
    }

    it('covers what a level says while demand drifts in waves that are longer than the window', () => {
      const wave = (step: number) => (10 + 2 * Math.sin((2 * Math.PI * step) / 1152) + noise(step)) ** 2;
      expect(Math.abs(coveredAt(0.1, () => 100, wave) - 0.1)).toBeLessThan(0.015);
      expect(Math.abs(coveredAt(0.05, () => 100, wave) - 0.05)).toBeLessThan(0.015);
    });

    it('takes nights without demand for no sign that the bounds of days are too high', () => {
      const isDay = (step: number) => step % 288 >= 144;
      const byDay = (root: number) => (step: number) => (isDay(step) ? (root + noise(step)) ** 2 : 0);
      const days = coveredAt(0.1, (step) => (isDay(step) ? 100 : 0), byDay(10));
      expect(Math.abs(days - 0.1)).toBeLessThan(0.03);
    });
  });

  it('has wider bounds in restless hours than in calm ones', () => {
    const random = createRandom(11);
    const horizon = horizonOf(1);
    const predictions = new Float64Array(expertNames.length).fill(100);
    const width = { calm: 0, restless: 0 };
    for (let step = 0; step < 4000; step++) {
      const isRestless = step % 96 >= 48;
      const truth = (10 + (isRestless ? 4 : 1) * (random() - 0.5)) ** 2;
      horizon.mature(step, truth);
      horizon.weigh(step, predictions);
      horizon.keep(step, predictions, 100, { newest: truth, held: 100 });
      if (step >= 2000 && step % 48 >= 24)
        width[isRestless ? 'restless' : 'calm'] += horizon.residualQuantile(0.9);
    }
    expect(width.restless / width.calm).toBeGreaterThan(1.4);
  });

  it('has weights that sum to 1 once experts were weighed', () => {
    const horizon = play(200, 3, 50, () => 51);
    const sum = expertNames.reduce((total, _name, e) => total + horizon.weights.of(e), 0);
    expect(sum).toBeCloseTo(1, 5);
  });
});
