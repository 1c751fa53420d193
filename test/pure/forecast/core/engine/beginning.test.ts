import { describe, expect, it } from 'vitest';
import { holdingBeginning } from '../../../../../src/forecast/core/engine/beginning.ts';

function begin(values: readonly number[], enough = 6) {
  const taken: number[] = [];
  const credible: number[] = [];
  const beginning = holdingBeginning(
    enough,
    (demand) => credible.push(demand),
    (_time, value) => taken.push(value),
  );
  for (const [index, value] of values.entries()) beginning.take(index * 300, value, false);
  return { taken, credible };
}

describe('the beginning of a history', () => {
  it('is held back until there is enough of it, and then handed on in order', () => {
    expect(begin([1, 2, 3, 4, 5])).toEqual({ taken: [], credible: [] });
    expect(begin([1, 2, 3, 4, 5, 6, 7])).toEqual({ taken: [1, 2, 3, 4, 5, 6, 7], credible: [3] });
  });

  it('is no more credible for bad values at its start', () => {
    expect(begin([1e9, 1e9, 1e9, 20, 21, 22]).credible).toEqual([22]);
  });

  it('starts at the first value, and keeps gaps after it', () => {
    const gap = Number.NaN;
    expect(begin([gap, gap, 1, gap, 2], 2)).toEqual({ taken: [1, gap, 2], credible: [1] });
  });
});
