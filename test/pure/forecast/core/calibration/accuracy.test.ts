import { describe, expect, it } from 'vitest';
import { Accuracy, pinballLoss } from '../../../../../src/forecast/core/calibration/accuracy.ts';
import { createArena } from '../../../../../src/forecast/core/memory/arena.ts';

const usual = { truth: 20, combined: 16, persistence: 28, seasonalNaive: 18 };

/** The report after the same matured forecast `count` times. */
function reportAfter(count: number, given: Partial<typeof usual>, bound = 30) {
  const { truth, combined, persistence, seasonalNaive } = { ...usual, ...given };
  const arena = createArena();
  const at = arena.numbers.reserve(6);
  const accuracy = new Accuracy(arena);
  arena.numbers.values.set([combined, persistence, bound, bound, bound, bound], at);
  for (let i = 0; i < count; i++) accuracy.learn(truth, at, seasonalNaive, 1);
  return { ...accuracy.report(300, { persistence: 1 }), typicalError: accuracy.typicalError };
}

describe('accuracy', () => {
  it('is relative to demand and to the naive forecasts', () => {
    const report = reportAfter(10, {});
    expect(report).toMatchObject({
      horizonSeconds: 300,
      count: 10,
      weights: { persistence: 1 },
      distrust: [],
    });
    expect(report.wape).toBeCloseTo(4 / 20, 6);
    expect(report.bias).toBeCloseTo(-4 / 20, 6);
    expect(report.relativeToPersistence).toBeCloseTo(4 / 8, 6);
    expect(report.relativeToSeasonalNaive).toBeCloseTo(4 / 2, 6);
    expect(report.typicalError).toBeCloseTo(Math.sqrt(20) - Math.sqrt(16), 6);
  });

  it('counts the bounds that covered the truth, and their pinball loss', () => {
    expect(reportAfter(10, {}).coverage).toEqual({ '0.5': 1, '0.9': 1, '0.95': 1, '0.99': 1 });
    const { coverage, pinball } = reportAfter(10, {}, 10);
    expect(coverage['0.99']).toBe(0);
    expect(pinball['0.9']).toBeCloseTo((0.9 * 10) / 20, 6);
  });

  it('gives reasons for distrust from 96 matured forecasts on', () => {
    const bad = { combined: 60, persistence: 21, seasonalNaive: 19 };
    expect(reportAfter(95, bad, 10).distrust).toEqual([]);
    expect(reportAfter(96, bad, 10).distrust).toEqual([
      'worse-than-persistence',
      'worse-than-seasonal-naive',
      'bounds-exceeded-too-often',
    ]);
  });

  it('leaves the seasonal naive out where it had no value', () => {
    expect(reportAfter(10, { seasonalNaive: Number.NaN }).relativeToSeasonalNaive).toBe(1);
  });

  it('of no demand is that of a faultless forecast', () => {
    const report = reportAfter(3, { truth: 0, combined: 0, persistence: 0, seasonalNaive: 0 });
    expect(report).toMatchObject({ wape: 0, bias: 0, relativeToPersistence: 1 });
  });
});

it('pinball loss weighs what lies above a bound by its level, and what lies below by the rest', () => {
  expect(pinballLoss(12, 10, 0.9)).toBeCloseTo(1.8, 12);
  expect(pinballLoss(8, 10, 0.9)).toBeCloseTo(0.2, 12);
});
