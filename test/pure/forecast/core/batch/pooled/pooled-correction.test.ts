import { describe, expect, it } from 'vitest';
import { candidates } from '../../../../../../src/forecast/core/batch/candidates.ts';
import {
  fewestPooledSeries,
  pooledCorrections,
} from '../../../../../../src/forecast/core/batch/pooled/pooled-correction.ts';
import {
  featuresFrom,
  pooledFeatureNames,
} from '../../../../../../src/forecast/core/batch/pooled/pooled-features.ts';
import { pooledSeries } from '../../../../../../src/forecast/core/batch/pooled/pooled-series.ts';
import { prepare } from '../../../../../../src/forecast/core/batch/prepared.ts';
import { createRandom } from '../../../../../../src/load-shapes/index.ts';
import { normal } from '../../made-series.ts';

const day = 24;
const length = 500;
const horizonSteps = 12;
const origins = [...Array.from({ length: 30 }, (_, i) => 170 + 11 * i), length];

/** A series of noise around 1 and what was said of it at its origins: 1, less `missed` from the second half of the path on. */
function made(seed: number, { missed = 0, factor = 1 } = {}) {
  const random = createRandom(seed);
  const values = Array.from({ length }, () => factor * (1 + 0.1 * normal(random)) ** 2);
  const prepared = prepare(values, day);
  const paths = Object.keys(candidates).map(() => origins.map(() => undefined));
  const said = Float64Array.from({ length: horizonSteps }, (_, h) => 1 - (h < horizonSteps / 2 ? 0 : missed));
  const combined = origins.map(() => said.slice());
  return pooledSeries(prepared, { horizonSteps, origins, lessons: 0, paths }, combined, day);
}
const many = (missed: number, count = fewestPooledSeries) =>
  Array.from({ length: count }, (_, i) => made(i, { missed }));

describe('what series have in common', () => {
  const series = many(0.2);
  const corrections = pooledCorrections(series) ?? [];

  it('is added to the root of each forecast, where it is proven', () => {
    expect(corrections).toHaveLength(fewestPooledSeries);
    const meanOf = (from: number, to: number) =>
      corrections.reduce((sum, path) => sum + path.slice(from, to).reduce((a, b) => a + b, 0), 0) /
      (corrections.length * (to - from));
    expect(Math.abs(meanOf(0, 6))).toBeLessThan(0.01);
    expect(meanOf(6, 12)).toBeGreaterThan(0.8 * (1 - Math.sqrt(0.8)));
    expect(meanOf(6, 12)).toBeLessThan(1.1 * (1 - Math.sqrt(0.8)));
  });

  it('is nothing where forecasts err by chance alone', () => {
    expect(pooledCorrections(many(0))).toBeUndefined();
  });

  it('is not asked for with few series', () => {
    expect(pooledCorrections(many(0.2, fewestPooledSeries - 1))).toBeUndefined();
  });

  it('is the same in any order of the series', () => {
    const turned = pooledCorrections([...series].reverse());
    expect(turned?.toReversed()).toEqual(corrections);
  });
});

describe('the features of a step', () => {
  it('are all written, and have no unit of demand', () => {
    const read = (factor: number) => {
      const into = new Float64Array(pooledFeatureNames.length).fill(1e9);
      featuresFrom(made(3, { factor }), 20)(5, into);
      return into;
    };
    expect(read(1)).not.toContain(1e9);
    read(1000).forEach((feature, f) => {
      const before = read(1)[f] ?? 0;
      if (Number.isNaN(before)) expect(feature).toBeNaN();
      else expect(feature).toBeCloseTo(before, 6);
    });
  });

  it('know nothing of what comes after the origin', () => {
    const [one, other] = [made(3), made(3)];
    const o = 20;
    other.roots.fill(7, origins[o]);
    const features = [one, other].map((series) => {
      const into = new Float64Array(pooledFeatureNames.length);
      featuresFrom(series, o)(5, into);
      return into;
    });
    expect(features[1]).toEqual(features[0]);
  });
});
