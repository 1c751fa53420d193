import { describe, expect, it } from 'vitest';
import { commonestDistance } from '../../../src/history/row-distance.ts';

describe('the commonest distance', () => {
  it('is the most frequent one, whatever the gaps', () => {
    expect(commonestDistance([0, 60, 120, 1000, 1060])).toBe(60);
    expect(commonestDistance(Float64Array.of(0, 900, 910, 1810))).toBe(900);
  });

  it('is the shortest on a tie, in whatever order they come', () => {
    expect(commonestDistance([0, 300, 600, 660, 720])).toBe(60);
    expect(commonestDistance([0, 60, 120, 420, 720])).toBe(60);
  });

  it('sees through the noise of binary fractions', () => {
    expect(commonestDistance([0.1, 0.2, 0.3, 0.4])).toBe(0.1);
  });

  it('is unknown of fewer than two times', () => {
    expect(commonestDistance([])).toBeUndefined();
    expect(commonestDistance([60])).toBeUndefined();
  });
});
