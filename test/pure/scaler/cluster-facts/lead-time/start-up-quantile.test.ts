import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../../src/load-shapes/random.ts';
import { startUpQuantile } from '../../../../../src/scaler/cluster-facts/lead-time/start-up-quantile.ts';
import { drawStarts, startUpTimes } from '../../../../support/start-up-times.ts';

const seeds = Array.from({ length: 60 }, (_, seed) => seed);
const doubled = (durations: readonly number[]) => durations.map((duration) => 2 * duration);
const halved = (durations: readonly number[]) => durations.map((duration) => duration / 2);
const p95Of = (durations: readonly number[]) => startUpQuantile(durations.slice(-300), 0.95);

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Share of the values within a tenth of 1. */
function shareNearOne(ratios: readonly number[]): number {
  return ratios.filter((ratio) => Math.abs(ratio - 1) <= 0.1).length / ratios.length;
}

describe.each(Object.entries(startUpTimes))('the p95 of %s starts', (name, times) => {
  it('is within a tenth of the true p95', () => {
    const ratios = seeds.map((seed) => p95Of(drawStarts(times, 300, seed)) / times.p95Seconds);
    expect(Math.abs(median(ratios) - 1)).toBeLessThan(0.02);
    expect(shareNearOne(ratios)).toBeGreaterThanOrEqual(name === 'wide lognormal' ? 0.85 : 0.95);
  });

  it('follows a doubling within ten starts', () => {
    const ratios = seeds.map((seed) => {
      const durations = drawStarts(times, 210, seed);
      return p95Of([...durations.slice(0, 200), ...doubled(durations.slice(200))]) / (2 * times.p95Seconds);
    });
    // Ten starts of a wide distribution say little of its p95, and four in ten times too little of the change.
    expect(Math.abs(median(ratios) - 1)).toBeLessThan(name === 'wide lognormal' ? 0.2 : 0.1);
    const followed = ratios.filter((ratio) => ratio > 0.7).length / ratios.length;
    const few = ['wide lognormal', 'with node delay'].includes(name);
    expect(followed).toBeGreaterThanOrEqual(few ? 0.6 : 0.95);
  });

  it('has followed a doubling after forty starts, and a halving after a hundred', () => {
    const ratiosAfter = (count: number, change: typeof doubled, ratio: number) =>
      seeds.map((seed) => {
        const durations = drawStarts(times, 200 + count, seed);
        return (
          p95Of([...durations.slice(0, 200), ...change(durations.slice(200))]) / (ratio * times.p95Seconds)
        );
      });
    expect(Math.abs(median(ratiosAfter(40, doubled, 2)) - 1)).toBeLessThan(0.05);
    expect(Math.abs(median(ratiosAfter(100, halved, 0.5)) - 1)).toBeLessThan(0.05);
  });
});

describe('the p95 of starts that come in batches', () => {
  it('is not drawn down by those without a wait for a node', () => {
    // Every tenth scale-up needs nodes: its five pods wait for them together.
    const random = createRandom(3);
    const batches = Array.from({ length: 60 }, (_, batch) =>
      Array.from({ length: 5 }, () => Math.round((batch % 10 === 3 ? 200 : 30) + 5 * random())),
    ).flat();
    for (let count = 60; count <= batches.length; count++)
      expect(p95Of(batches.slice(0, count))).toBeGreaterThan(150);
  });
});
