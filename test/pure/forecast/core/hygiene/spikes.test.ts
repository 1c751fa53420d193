import { describe, expect, it } from 'vitest';
import { Spikes } from '../../../../../src/forecast/core/hygiene/spikes.ts';
import { ValueWindow } from '../../../../../src/forecast/core/memory/value-window.ts';

const around = 12;
const day = 288;

/** Ten days of a flat level of 1 with what is put on it; what experts were shown at once, and what is remembered of it. */
function fed(rootAt: (step: number) => number, steps = 10 * day) {
  const series = new ValueWindow(steps);
  const spikes = new Spikes(series, around, day, 7 * day);
  const shown: number[] = [];
  for (let step = 0; step < steps; step++) {
    // A little noise, so that deviations are above zero.
    const root = spikes.credible(step, rootAt(step) * (1 + 0.01 * (step % 3)));
    shown.push(root);
    series.push(root);
    spikes.cut(step);
  }
  return { shown, remembered: (step: number) => series.values[series.start + step] ?? Number.NaN };
}

describe('spikes', () => {
  const at = 9 * day + 50;

  it('that have never been there are shown as high as is credible, and cut an hour later', () => {
    const { shown, remembered } = fed((step) => (step >= at && step < at + 6 ? 20 : 1));
    expect(shown[at]).toBeLessThan(1.3);
    expect(remembered(at)).toBeLessThan(1.3);
    expect(remembered(at + 8)).toBeCloseTo(1, 1);
  });

  it('of a usual height are shown as they are, and cut an hour later', () => {
    // A plateau of four hours each day makes 3 credible; a lonely 3 at another time is a spike all the same.
    const value = (step: number) => (step % day < 48 || step === at + 100 ? 3 : 1);
    const { shown, remembered } = fed(value);
    expect(shown[at + 100]).toBeGreaterThan(2.9);
    expect(remembered(at + 100)).toBeLessThan(1.5);
    expect(remembered(8 * day + 20)).toBeGreaterThan(2.9);
  });

  it('that come every day are a habit from the second time on', () => {
    const { shown, remembered } = fed((step) => (step >= 5 * day && step % day === 100 ? 6 : 1));
    expect(remembered(5 * day + 100)).toBeLessThan(1.5);
    expect(shown[6 * day + 100]).toBeGreaterThan(5.9);
    expect(remembered(7 * day + 100)).toBeGreaterThan(5.9);
  });

  it('that last are a level, accepted after an hour', () => {
    const { shown, remembered } = fed((step) => (step >= at ? 5 : 1));
    expect(shown[at]).toBeLessThan(1.3);
    expect(shown[at + around]).toBeGreaterThan(4.9);
    expect(remembered(at + 40)).toBeGreaterThan(4.9);
  });

  it('are not detected in the first two days', () => {
    const { shown } = fed((step) => (step === day ? 9 : 1), 2 * day);
    expect(shown[day]).toBe(9);
  });
});
