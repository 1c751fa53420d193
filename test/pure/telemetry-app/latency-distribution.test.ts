import { describe, expect, it } from 'vitest';
import { createLuck, fateOf } from '../../../src/telemetry-app/faults/fate.ts';
import {
  latency,
  latencyQuantile,
  longestWaitMs,
} from '../../../src/telemetry-app/faults/latency-distribution.ts';

/** So many that 2 % of the p99 of the widest distribution, lognormal:100,1, is 2.4 standard errors. */
const draws = 200_000;

/** Waits of so many requests, shortest first. */
function waitsOf(text: string): Float64Array {
  const distribution = latency.parse(text);
  if (distribution === undefined) throw new Error(`${text} is no distribution`);
  const luck = createLuck(11);
  const behaviour = {
    latency: distribution,
    errors: { percent: 0, kinds: [], delayMs: 0 },
    cpuMs: 0,
    memoryMib: 0,
  };
  return Float64Array.from({ length: draws }, () => fateOf(behaviour, luck()).waitMs).sort();
}

const measured = (waits: Float64Array, probability: number) =>
  waits[Math.floor(probability * waits.length)] ?? Number.NaN;

describe('latencies', () => {
  it.each([
    ['fixed:20', 20, 20, 20],
    ['uniform:0-50', 25, 45, 49.5],
    ['uniform:100-200', 150, 190, 199],
    ['quantiles:20/80/300', 20, 80, 300],
    ['quantiles:5/5/5', 5, 5, 5],
    // exp(z σ) of the median, with z of 1.281552 and 2.326348 from a table of the normal distribution.
    ['lognormal:20,0.5', 20, 20 * Math.exp(0.5 * 1.281552), 20 * Math.exp(0.5 * 2.326348)],
    ['lognormal:100,1', 100, 100 * Math.exp(1.281552), 100 * Math.exp(2.326348)],
  ])('of %s have the quantiles asked for, within two percent', (text, p50, p90, p99) => {
    const waits = waitsOf(text);
    expect(Math.abs(measured(waits, 0.5) / p50 - 1)).toBeLessThan(0.02);
    expect(Math.abs(measured(waits, 0.9) / p90 - 1)).toBeLessThan(0.02);
    expect(Math.abs(measured(waits, 0.99) / p99 - 1)).toBeLessThan(0.02);
  });

  it('of given quantiles reach from half of the median to half as much again as the p99', () => {
    const waits = waitsOf('quantiles:20/80/300');
    expect(waits[0]).toBeGreaterThanOrEqual(10);
    expect(waits[0]).toBeLessThan(10.01);
    expect(waits.at(-1)).toBeLessThanOrEqual(450);
    expect(waits.at(-1)).toBeGreaterThan(449);
  });

  it('of a log-normal have its mean', () => {
    const waits = waitsOf('lognormal:20,0.5');
    const mean = waits.reduce((sum, ms) => sum + ms, 0) / waits.length;
    expect(Math.abs(mean / (20 * Math.exp(0.5 ** 2 / 2)) - 1)).toBeLessThan(0.02);
  });

  it.each(['fixed:7', 'uniform:3-9', 'quantiles:1/20/600000', 'lognormal:1000,3', 'lognormal:600000,3'])(
    'of %s never fall with the draw, nor go beyond their longest, which is bounded',
    (text) => {
      const distribution = latency.parse(text);
      if (distribution === undefined) throw new Error(`${text} is no distribution`);
      const quantiles = Array.from({ length: 10_000 }, (_, i) => latencyQuantile(distribution, i / 10_000));
      // Written so that a quantile that is no number is among them.
      const falling = quantiles.filter((ms, i) => !(ms >= (quantiles[i - 1] ?? 0)));
      expect(falling).toEqual([]);
      const longest = quantiles.at(-1) ?? Number.NaN;
      expect(longest).toBeLessThanOrEqual(longestWaitMs(distribution));
      expect(longestWaitMs(distribution)).toBeLessThanOrEqual(600_000);
    },
  );

  it.each([
    '',
    '20',
    'fixed',
    'fixed:',
    'fixed:-1',
    'fixed:20ms',
    'fixed:1,2',
    'fixed:600001',
    'uniform:50',
    'uniform:50-20',
    'quantiles:20/80',
    'quantiles:80/20/300',
    'quantiles:1/2/3/4',
    'lognormal:20',
    'lognormal:20,4',
    'lognormal:20,0.5,1',
    'gamma:1,2',
    'fixed:1:2',
  ])('are refused as "%s"', (text) => {
    expect(latency.parse(text)).toBeUndefined();
  });
});
