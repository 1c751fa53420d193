import { describe, expect, it } from 'vitest';
import { lengthsOf } from '../../../../src/forecast/core/clock/lengths.ts';
import { createEngine } from '../../../../src/forecast/core/engine/engine.ts';
import { createForecaster, type Forecaster } from '../../../../src/forecast/core/index.ts';
import { createScratch } from '../../../../src/forecast/core/memory/scratch.ts';
import { createRandom } from '../../../../src/load-shapes/index.ts';
import { workingWeek } from './made-series.ts';

const day = 86_400;
const hour = 3600;
const stepSeconds = 300;
/** A Saturday's midnight. */
const start = 19_000 * day;

/** The working week with up to 10 % of noise, the same whatever is done to it. */
function steady(seed: number): (unixSeconds: number) => number {
  const random = createRandom(seed);
  return (t) => workingWeek(t) * (0.9 + 0.2 * random());
}

function feed(forecaster: Forecaster, days: number, value: (unixSeconds: number) => number): Forecaster {
  for (let t = start + stepSeconds; t <= start + days * day; t += stepSeconds)
    forecaster.observe(t, value(t));
  return forecaster;
}

/** WAPE of the forecast six hours ahead against the clean week, over the 24 hours after `incident` is six hours old. */
function errorAfter(incident: (t: number, value: number) => number): number {
  const forecaster = createForecaster({ stepSeconds });
  const clean = steady(7);
  const from = start + 15.66 * day;
  let error = 0;
  let demand = 0;
  for (let t = start + stepSeconds; t <= from + day; t += stepSeconds) {
    forecaster.observe(t, incident(t, clean(t)));
    if (t <= from) continue;
    const result = forecaster.forecast({ horizonSteps: 72 });
    if (result.status !== 'ok') throw new Error(result.reasons[0]?.message);
    error += Math.abs((result.median[71] ?? 0) - workingWeek(t + 6 * hour));
    demand += workingWeek(t + 6 * hour);
  }
  return error / demand;
}

describe('time that jumps', () => {
  it('starts anew after a silence longer than the memory, at once', () => {
    const forecaster = feed(createForecaster({ stepSeconds }), 3, steady(1));
    // Milliseconds in place of seconds: 5.7 thousand million grid steps, which no loop may walk through.
    expect(forecaster.observe((start + 3 * day) * 1000, 50)).toBe(true);
    expect(forecaster.forecast({ horizonSteps: 1 })).toMatchObject({
      status: 'learning',
      reasons: [{ code: 'insufficient-history' }],
    });
  });

  it('goes on from what it knows after a silence that it remembers', () => {
    const forecaster = feed(createForecaster({ stepSeconds }), 10, steady(1));
    forecaster.observe(start + 11 * day, workingWeek(start + 11 * day));
    expect(forecaster.forecast({ horizonSteps: 1 }).status).toBe('ok');
  });
});

describe('an outage', () => {
  const outageFrom = start + 15 * day + 10 * hour;

  it('of three hours hardly changes the forecasts after it', () => {
    const undisturbed = errorAfter((_t, value) => value);
    const disturbed = errorAfter((t, value) => (t > outageFrom && t <= outageFrom + 3 * hour ? 0 : value));
    expect(disturbed - undisturbed).toBeLessThan(0.015);
  });

  it('says nothing of peaks', () => {
    const lowPeak = (hours: number) => {
      const value = steady(3);
      const forecaster = feed(createForecaster({ stepSeconds }), 15.6, (t) =>
        t > outageFrom && t <= outageFrom + hours * hour ? 0 : value(t),
      );
      const peak = forecaster.peak({ windowSeconds: stepSeconds, quantiles: [0.001] });
      return peak.status === 'ok' ? (peak.quantiles['0.001'] ?? Number.NaN) : Number.NaN;
    };
    expect(lowPeak(3) / lowPeak(0)).toBeGreaterThan(0.8);
  });

  const value = steady(3);
  /** A forecaster that has seen zeros for a week; tests only ask it. */
  const gone = feed(createForecaster({ stepSeconds }), 22, (t) => (t > outageFrom ? 0 : value(t)));

  it('that lasts counts as the end of the demand', () => {
    const result = gone.forecast({ horizonSteps: 12 });
    expect(result.status === 'ok' && result.median[11]).toBeLessThan(2);
  });

  it('is remembered as the zeros that were observed', () => {
    expect([...gone.history(outageFrom + 1, outageFrom + 900).values]).toEqual([0, 0, 0]);
  });

  it('is not seen where zeros are usual', () => {
    const random = createRandom(11);
    const forecaster = feed(createForecaster({ stepSeconds }), 15, () => (random() < 0.3 ? 0 : 2));
    const accuracy = forecaster.accuracy()[0];
    // Nothing was masked: every forecast has matured.
    expect(accuracy?.count).toBe(15 * 288 - 1);
  });
});

describe('while nothing is seen', () => {
  /** The bounds of a forecaster beside its medians. */
  function marginsOf(forecaster: Forecaster) {
    const next = forecaster.forecast({ horizonSteps: 1, quantiles: [0.99] });
    const peak = forecaster.peak({ windowSeconds: 600, quantiles: [0.5, 0.99] });
    if (next.status !== 'ok' || peak.status !== 'ok') throw new Error('learning');
    const median = next.median[0] ?? Number.NaN;
    const bound = peak.quantiles['0.99'] ?? Number.NaN;
    return {
      next: (next.quantiles['0.99']?.[0] ?? Number.NaN) / median,
      peak: bound / (peak.quantiles['0.5'] ?? Number.NaN),
      peakOverNext: bound / median,
    };
  }

  /** Those after ten days and a half, of which the last hours are without a value; demand is one of several draws. */
  function marginsAfter(blindHours: number, draw: number) {
    const value = steady(draw);
    const seenUntil = start + 10.5 * day - blindHours * hour;
    return marginsOf(
      feed(createForecaster({ stepSeconds }), 10.5, (t) => (t > seenUntil ? Number.NaN : value(t))),
    );
  }

  const draws = [4, 5, 6, 7];

  it('the bounds widen', () => {
    const widened = (which: 'next' | 'peak') =>
      draws.reduce((sum, draw) => sum + marginsAfter(3, draw)[which] / marginsAfter(0, draw)[which], 0) /
      draws.length;
    expect(widened('next')).toBeGreaterThan(1.03);
    expect(widened('peak')).toBeGreaterThan(1.01);
  });

  it.each(draws)('no bound narrows, by the hour (draw %i)', (draw) => {
    // The same at all hours, because the root of demand decides how far a bound is from it.
    const random = createRandom(draw);
    const forecaster = feed(createForecaster({ stepSeconds }), 10.5, () => 90 + 20 * random());
    const seen = marginsOf(forecaster);
    const seenUntil = forecaster.newestSeconds;
    for (let t = seenUntil + stepSeconds; t <= seenUntil + 5 * hour; t += stepSeconds) {
      forecaster.observe(t, Number.NaN);
      if ((t - seenUntil) % hour !== 0) continue;
      const blind = marginsOf(forecaster);
      expect(blind.next / seen.next).toBeGreaterThan(0.9999);
      expect(blind.peakOverNext / seen.peakOverNext).toBeGreaterThan(0.9999);
    }
  });

  it('no forecast is made that is judged later', () => {
    const engine = createEngine(lengthsOf({ stepSeconds }), undefined, createScratch());
    let told = 0;
    for (let i = 1; i <= 2 * 288; i++) {
      const isSeen = i % 10 !== 0;
      engine.observe(start + i * stepSeconds, isSeen ? workingWeek(start + i * stepSeconds) : Number.NaN);
      // The peak of the one row after it is told where that row and the origin before it are there.
      if (isSeen && i > 1 && (i - 1) % 10 !== 0) told++;
    }
    expect(engine.peaks[0]?.residualCount).toBe(told);
  });
});

describe('requests', () => {
  const forecaster = feed(createForecaster({ stepSeconds }), 15.25, workingWeek);

  it('that cannot be answered are refused, naming the value', () => {
    expect(() => forecaster.forecast({ horizonSteps: 0 })).toThrow(/horizonSteps.*not 0/);
    expect(() => forecaster.forecast({ horizonSteps: 1.5 })).toThrow(RangeError);
    expect(() => forecaster.forecast({ horizonSteps: 1, quantiles: [1.5] })).toThrow(/not 1.5/);
    expect(() => forecaster.peak({ windowSeconds: Number.NaN })).toThrow(/windowSeconds/);
    expect(() => forecaster.peak({ windowSeconds: 600, quantiles: [0] })).toThrow(RangeError);
  });

  it('beyond the farthest calibrated horizon repeat its last season', () => {
    const result = forecaster.forecast({ horizonSteps: 576 });
    if (result.status !== 'ok') throw new Error('learning');
    for (let h = 289; h <= 576; h++)
      expect(result.median[h - 1]).toBeCloseTo(result.median[h - 289] ?? Number.NaN, 3);
  });

  it('of a peak count the open grid step', () => {
    const fine = createForecaster({ stepSeconds: 60 });
    // 20 within every hour but for its last five minutes, which are at 100.
    const value = (t: number) => ((t - 1) % hour >= 3300 ? 100 : 20);
    for (let t = start + 60; t <= start + 9 * day; t += 60) fine.observe(t, value(t));
    // The newest grid time is :50; four rows later ten minutes reach to 1:04 and hold all of the last five.
    for (let t = start + 9 * day + 60; t <= start + 9 * day + 3000 + 240; t += 60) fine.observe(t, value(t));
    const peak = fine.peak({ windowSeconds: 300, quantiles: [0.5] });
    expect(peak.status === 'ok' && peak.quantiles['0.5']).toBeGreaterThan(90);
  });
});

describe('accuracy', () => {
  it('of a workload without demand is finite', () => {
    const [nearest] = feed(createForecaster({ stepSeconds }), 3, () => 0).accuracy();
    expect(nearest).toMatchObject({ wape: 0, bias: 0, relativeToPersistence: 1 });
  });
});
