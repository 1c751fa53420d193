import { describe, expect, it } from 'vitest';
import {
  interpolate,
  NeighbourTable,
  neighboursOf,
} from '../../../../../src/forecast/core/combination/interpolation.ts';

describe('the neighbours of a place', () => {
  const at = (place: number) => {
    const { below, above, share } = neighboursOf([1, 4, 16], place, (entry) => entry);
    return [below, above, share];
  };

  it('have shares that are linear in the logarithm of the place', () => {
    expect(at(2)).toEqual([1, 4, 0.5]);
    expect(at(8)).toEqual([4, 16, 0.5]);
  });

  it('are the entry itself at its place, and the first or last one beyond the ends', () => {
    expect(at(4)).toEqual([4, 4, 1]);
    expect(at(0.1)).toEqual([1, 1, 1]);
    expect(at(100)).toEqual([16, 16, 1]);
  });

  it('give a number between theirs by their shares', () => {
    const beside = neighboursOf([1, 4, 16], 8, (entry) => entry);
    expect(interpolate(beside, (entry) => 10 * entry)).toBe(0.5 * 40 + 0.5 * 160);
  });

  it('are both the only entry where there is one', () => {
    expect(neighboursOf([7], 3, (entry) => entry)).toEqual({ below: 7, above: 7, share: 1 });
  });

  it('are the same in a table', () => {
    const places = [2, 3, 6, 12];
    const table = new NeighbourTable(places);
    const numbers = Float64Array.of(0.3, 5, -7, 11);
    const along = new Float64Array(21);
    table.along(2, 20, numbers, along);
    for (let place = 2; place < 22; place++) {
      const neighbours = neighboursOf(places, place, (entry) => entry);
      const between = interpolate(neighbours, (entry) => numbers[places.indexOf(entry)] ?? 0);
      expect(along[place - 2]).toBe(between);
    }
    expect(along[20]).toBe(0);
  });
});
