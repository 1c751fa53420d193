import { describe, expect, it } from 'vitest';
import { createForecaster, type Forecaster } from '../../../../src/forecast/core/index.ts';
import { day, faultAt, hour, minute, nonsense, start, stepSeconds, within } from './hygiene/faulty-walk.ts';
import { noisyWeek } from './made-series.ts';

describe('a row', () => {
  const value = noisyWeek(7);
  const times = Array.from({ length: 4 * 288 }, (_, i) => start + (i + 1) * stepSeconds);
  const rows = times.map((t) => [t, value(t)] as const);
  const answers = (forecaster: Forecaster) => [
    forecaster.forecast({ horizonSteps: 48 }),
    forecaster.peak({ windowSeconds: 600 }),
  ];

  it('that comes twice, late or from a clock set back changes nothing', () => {
    const [once, often] = [createForecaster({ stepSeconds }), createForecaster({ stepSeconds })];
    for (const [t, one] of rows) {
      once.observe(t, one);
      often.observe(t, one);
      expect(often.observe(t, 9 * one)).toBe(false);
      expect(often.observe(t - 7 * minute, 9 * one)).toBe(false);
      expect(often.observe(t - 400 * day, Number.NaN)).toBe(false);
    }
    expect(answers(often)).toEqual(answers(once));
  });

  it('that is NaN, negative or infinite is as good as none', () => {
    const [without, withThem] = [createForecaster({ stepSeconds }), createForecaster({ stepSeconds })];
    for (const [t, one] of rows) {
      const isBad = t % hour === 0;
      without.observe(t, isBad ? Number.NaN : one);
      withThem.observe(t, isBad ? nonsense(t / 12) : one);
    }
    expect(answers(withThem)).toEqual(answers(without));
  });

  it('at ×100, as a counter reset makes it, does not ask for a hundred times the replicas a step later', () => {
    const told = (isReset: boolean) => {
      const forecaster = createForecaster({ stepSeconds: minute });
      const noisy = noisyWeek(8);
      // Nine and a half days hold more than a week, and only one answer is compared.
      for (let t = start + 7 * day + minute; t <= faultAt + 10 * minute; t += minute) {
        forecaster.observe(t, noisy(t) * (isReset && within(t, minute) ? 100 : 1));
      }
      const peak = forecaster.peak({ windowSeconds: 5 * minute, quantiles: [0.99] });
      return peak.status === 'ok' ? (peak.quantiles['0.99'] ?? Number.NaN) : Number.NaN;
    };
    expect(told(true) / told(false)).toBeLessThan(1.5);
  });
});
