import { describe, expect, it } from 'vitest';
import { createForecaster, type Forecaster } from '../../../../src/forecast/core/index.ts';
import { createRandom } from '../../../../src/load-shapes/index.ts';

const minute = 60;
const day = 86_400;
const start = 19_000 * day;
const usual = 120;

type Demand = (unixSeconds: number) => number;

/** 20 … 120 by day with a little noise. */
function made(seed: number): Demand {
  const random = createRandom(seed);
  return (t) => 70 - 50 * Math.cos((2 * Math.PI * (t - start)) / day) + 4 * (random() - 0.5);
}

/** Demand with `rows` of `value` from `at` on. */
function glitched(demand: Demand, at: number, rows: number, value: number): Demand {
  return (t) => {
    const clean = demand(t);
    return t >= at && t < at + rows * minute ? value : clean;
  };
}

function peakOf(forecaster: Forecaster) {
  const peak = forecaster.peak({ windowSeconds: 310, quantiles: [0.99] });
  if (peak.status !== 'ok') throw new Error(peak.reasons[0]?.message);
  return { bound: peak.quantiles['0.99'] ?? Number.NaN, credible: peak.credibleMaximum };
}

/** The 0.99 bounds of the peak at each minute of `[fromSeconds, toSeconds)`. */
function boundsOf(demand: Demand, fromSeconds: number, toSeconds: number): number[] {
  const forecaster = createForecaster({ stepSeconds: minute });
  const bounds: number[] = [];
  for (let t = start + minute; t < toSeconds; t += minute) {
    forecaster.observe(t, demand(t));
    if (t >= fromSeconds) bounds.push(peakOf(forecaster).bound);
  }
  return bounds;
}

describe('a glitch of the source', () => {
  const morning = start + 3 * day + 9 * 3600;
  const clean = boundsOf(made(7), morning, morning + 80 * minute);
  // Length, phase and height vary together, so that every length, phase and height comes.
  const glitches = Array.from({ length: 10 }, (_, i) => ({
    rows: 1 + i,
    phase: i % 5,
    value: [1e3, 1e6, 1e9, 1e12, 1e308][(3 * i) % 5] ?? 0,
  }));

  it.each(glitches)(
    'of $rows minutes at $value raises no bound above three times the highest demand, and is over at once',
    ({ phase, rows, value }) => {
      const at = morning + phase * minute;
      const bounds = boundsOf(glitched(made(7), at, rows, value), at, at + (rows + 60) * minute);
      expect(bounds).toHaveLength(rows + 60);
      expect(Math.max(...bounds)).toBeLessThanOrEqual(3 * usual);
      // Ten minutes after the glitch the bound is what it would have been.
      for (let i = rows + 10; i < bounds.length; i++) {
        const usualBound = clean[phase + i] ?? Number.NaN;
        expect(bounds[i]).toBeLessThanOrEqual(1.2 * usualBound);
        expect(bounds[i]).toBeGreaterThanOrEqual(0.9 * usualBound);
      }
    },
  );

  it.each([
    { when: 'the first ten minutes of all', at: start + minute, rows: 10 },
    { when: 'the first 25 minutes of all', at: start + minute, rows: 25 },
    { when: 'a minute of the first day', at: start + 0.4 * day, rows: 1 },
    { when: 'a minute of the second day', at: start + 1.4 * day, rows: 1 },
  ])('in $when costs no forecast when two days are over', ({ at, rows }) => {
    for (const value of [1e6, 1.7e308]) {
      const demand = glitched(made(8), at, rows, value);
      const forecaster = createForecaster({ stepSeconds: minute });
      for (let t = start + minute; t <= start + 2.1 * day; t += minute) forecaster.observe(t, demand(t));
      const { bound, credible } = peakOf(forecaster);
      expect(bound).toBeLessThan(usual);
      expect(credible).toBeLessThan(1.2 * usual);
    }
  });

  it('of 22 minutes that reaches into a sixth step has not lasted for half an hour', () => {
    const at = start + 3 * day + 9 * 3600;
    const forecaster = createForecaster({ stepSeconds: minute });
    const demand = glitched(made(7), at, 22, 1e6);
    for (let t = start + minute; t < at + 2 * 3600; t += minute) forecaster.observe(t, demand(t));
    expect(peakOf(forecaster).credible).toBeLessThan(1.2 * usual);
  });

  it('as high as numbers go makes nothing infinite, however long it lasts', () => {
    const at = start + 3 * day;
    const bounds = boundsOf(glitched(made(9), at, 60, 1.7e308), at, at + 90 * minute);
    expect(bounds.every((bound) => bound <= 3 * usual)).toBe(true);
  });
});

describe('demand far above all before', () => {
  it('is believed row by row where single requests make rows far above any mean', () => {
    const random = createRandom(11);
    const sparse = () => (random() < 0.05 ? 30 : 0);
    const at = start + 4 * day;
    const bounds = boundsOf(sparse, at, at + 60 * minute);
    expect(Math.min(...bounds)).toBeGreaterThan(25);
  });

  it('is believed when it lasts for half an hour', () => {
    const at = start + 3 * day;
    const bounds = boundsOf(glitched(made(10), at, 120, 1000), at, at + 90 * minute);
    expect(bounds[20]).toBeLessThan(3 * usual);
    expect(bounds[75]).toBeGreaterThan(900);
  });
});
