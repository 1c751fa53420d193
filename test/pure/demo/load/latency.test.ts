import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLatencyWindow } from '../../../../demo/load/latency-window.ts';
import { createLatencyHistogram } from '../../../../src/telemetry-app/page/latency-histogram.ts';

describe('the latency histogram', () => {
  it('knows no quantile before anything was recorded', () => {
    expect(createLatencyHistogram().quantileMs(0.5)).toBeUndefined();
  });

  it('gives every quantile within 2.5 % of the exact one', () => {
    const latencies = fc.array(fc.double({ min: 0.1, max: 100_000, noNaN: true }), {
      minLength: 1,
      maxLength: 500,
    });
    fc.assert(
      fc.property(latencies, fc.constantFrom(0.5, 0.95, 0.99, 1), (values, q) => {
        const histogram = createLatencyHistogram();
        for (const value of values) histogram.record(value);
        const exact = values.toSorted((a, b) => a - b)[Math.ceil(q * values.length) - 1] ?? Number.NaN;
        expect((histogram.quantileMs(q) ?? Number.NaN) / exact).toBeGreaterThan(0.975);
        expect((histogram.quantileMs(q) ?? Number.NaN) / exact).toBeLessThan(1.0251);
      }),
    );
  });

  it('counts what lies outside its range at the nearest end', () => {
    const histogram = createLatencyHistogram();
    histogram.record(0);
    expect(histogram.quantileMs(1)).toBeLessThan(0.11);
    histogram.record(1e9);
    expect(histogram.quantileMs(1)).toBeGreaterThan(110_000);
  });
});

describe('the latency window', () => {
  it('forgets what is older than the window, and not what is younger than half of it', () => {
    let now = 1000;
    const window = createLatencyWindow(10, () => now);
    window.record(5);
    now = 1004.9;
    window.record(500);
    expect(window.recent().quantileMs(0.5)).toBeCloseTo(5, 0);
    now = 1009.9;
    expect(window.recent().quantileMs(1)).toBeGreaterThan(480);
    now = 1010;
    expect(window.recent().quantileMs(1)).toBeUndefined();
  });

  it('starts afresh after a pause or a clock set back', () => {
    let now = 1000;
    const window = createLatencyWindow(10, () => now);
    window.record(5);
    now = 5000;
    expect(window.recent().quantileMs(1)).toBeUndefined();
    window.record(7);
    now = 900;
    expect(window.recent().quantileMs(1)).toBeUndefined();
  });
});
