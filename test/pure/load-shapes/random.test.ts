import { describe, expect, it } from 'vitest';
import { createRandom, hashUniform, smoothNoise } from '../../../src/load-shapes/index.ts';

const draws = 100_000;

function chiSquare(values: readonly number[], bins: number): number {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.floor(value * bins);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const expected = values.length / bins;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const product = a.reduce((sum, value, i) => sum + (value - 0.5) * ((b[i] ?? Number.NaN) - 0.5), 0);
  return (12 * product) / a.length;
}

describe('hashUniform', () => {
  it.each([0, 1, 2, 12_345, 4_294_967_295])('is uniform and free of memory for seed %i', (seed) => {
    const values = Array.from({ length: draws }, (_, i) => hashUniform(seed, i));
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    // 99.9 % of the chi-square distribution with 99 degrees of freedom is below 149.
    expect(chiSquare(values, 100)).toBeLessThan(149);
    // One standard deviation of the correlation of independent draws is 1/√100,000 ≈ 0.0032.
    expect(Math.abs(correlation(values.slice(1), values))).toBeLessThan(0.0128);
  });

  it('gives neighbouring seeds streams that have nothing to do with each other', () => {
    const streams = [7, 8].map((seed) => Array.from({ length: draws }, (_, i) => hashUniform(seed, i)));
    expect(Math.abs(correlation(streams[0] ?? [], streams[1] ?? []))).toBeLessThan(0.0128);
  });

  it('tells apart places beyond 32 bits, and before zero', () => {
    const places = [5, 5 + 2 ** 32, 5 + 2 ** 33, -5, -5 - 2 ** 32];
    expect(new Set(places.map((place) => hashUniform(1, place))).size).toBe(places.length);
  });
});

describe('smoothNoise', () => {
  it('goes through its draws without a jump and never leaves [-1, 1)', () => {
    const positions = Array.from({ length: 10_000 }, (_, i) => -50 + 0.01 * i);
    const isWithin = (value: number) => value >= -1 && value < 1;
    expect(positions.filter((position) => !isWithin(smoothNoise(3, position)))).toEqual([]);
    const change = (position: number) => Math.abs(smoothNoise(3, position + 1e-6) - smoothNoise(3, position));
    expect(Math.max(...positions.map(change))).toBeLessThan(1e-5);
    expect(smoothNoise(3, 17)).toBe(2 * hashUniform(3, 17) - 1);
  });
});

describe('createRandom', () => {
  it('repeats itself for the same seed, and keeps streams apart', () => {
    const take = (seed: number, stream?: number) => {
      const random = createRandom(seed, stream);
      return Array.from({ length: 20 }, () => random());
    };
    expect(take(5)).toEqual(take(5));
    expect(take(5, 1)).not.toEqual(take(5, 0));
    expect(take(6)).not.toEqual(take(5));
  });
});
