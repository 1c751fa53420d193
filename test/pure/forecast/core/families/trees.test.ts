import { describe, expect, it } from 'vitest';
import { farFeatureNames } from '../../../../../src/forecast/core/families/far-features.ts';
import { farTrees } from '../../../../../src/forecast/core/families/far-trees.ts';
import { readTrees, sumOfTrees } from '../../../../../src/forecast/core/families/trees.ts';

/** Four trees that LightGBM 4.7 learned from 600 random rows, and what it predicts itself for some others. */
const texts = [
  '2:-294 -105175 1:549 0:385 276350 -227050 0:385 -194875 595700',
  '2:-294 -79222 1:1011 0:385 156645 -33285 0:385 -171787 465690',
  '1:-133 0:385 210751 1:-564 -487400 17800 0:385 -153551 325383',
  '2:-64 1:-631 33719 -73606 1:1700 42226 0:463 -110786 433268',
];
const predictions: [readonly number[], number][] = [
  [[0, 0, 0], 0.32167],
  [[1.5, -2, 0.5], -0.705508],
  [[-1.5, 2, -0.5], -0.411555],
  [[2.9, 2.9, 2.9], 1.820041],
  [[-2.9, -2.9, -2.9], 0.060073],
  [[0.4, 1, 0.1], 0.930024],
  [[0.402, 1, -0.1], 0.814192],
  [[0.39, -1.2, 2], -0.705508],
];

describe('boosted trees', () => {
  it('answer what LightGBM answers', () => {
    const trees = readTrees(texts);
    for (const [features, expected] of predictions)
      expect(sumOfTrees(trees, Float64Array.from(features))).toBeCloseTo(expected, 5);
  });

  it('go on below a split with what equals its threshold', () => {
    const trees = readTrees(['0:500 1000000 2000000']);
    expect(sumOfTrees(trees, Float64Array.of(0.5))).toBe(1);
    expect(sumOfTrees(trees, Float64Array.of(0.501))).toBe(2);
  });

  it.each(['0:500 1000000', '0:500 1000000 2000000 3', 'nothing', ''])('are not read from %j', (text) => {
    expect(() => readTrees([text])).toThrow(RangeError);
  });
});

describe('the trees that are shipped', () => {
  it('are few, ask only for features that there are, and answer within a few units', () => {
    const { roots, features, numbers } = farTrees;
    expect(roots.length).toBeGreaterThan(10);
    expect(features.length).toBeLessThanOrEqual(2000);
    expect(Math.max(...features)).toBeLessThan(farFeatureNames.length);
    const leaves = [...numbers].filter((_, node) => features[node] === -1);
    expect(Math.max(...leaves.map(Math.abs))).toBeLessThan(0.5);
  });

  it('were learned with these features: where this fails, learn them anew (node bench/families/learn-far-trees.ts --write)', () => {
    expect(farFeatureNames.join(' ')).toBe(
      'horizon days noise height spread error-of-day error-of-week usual newest hour quarter-day day-on-day week-on-week yesterday-on-week ' +
        'persistence damped-level day-naive week-naive seven-day-mean usual-week profile analog day-deviation-ar week-deviation-ar ' +
        'day-state-ar week-state-ar found-seasons',
    );
  });

  it('forecast a series higher of which all experts expect more than their combination than one of which all expect less', () => {
    const at = (units: number) => {
      const values = new Float64Array(farFeatureNames.length);
      const set = (name: string, value: number) => {
        values[farFeatureNames.indexOf(name)] = value;
      };
      for (const name of ['horizon', 'height']) set(name, 1);
      set('days', 30);
      for (const name of ['noise', 'spread']) set(name, 0.2);
      for (const name of farFeatureNames.slice(5)) set(name, units);
      return sumOfTrees(farTrees, values);
    };
    expect(at(1)).toBeGreaterThan(at(0));
    expect(at(0)).toBeGreaterThan(at(-1));
  });
});
