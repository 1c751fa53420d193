import { describe, expect, it } from 'vitest';
import { coprimeNear } from '../../../../../src/forecast/core/arithmetic/coprime.ts';

describe('coprimeNear', () => {
  it('gives steps that visit every slot of a day and every phase of short waves', () => {
    for (const wanted of [4, 6, 12, 24]) {
      const distance = coprimeNear(wanted, 5 * 288);
      expect(Math.abs(distance - wanted)).toBeLessThanOrEqual(3);
      const visited = new Set(Array.from({ length: 288 }, (_, i) => (i * distance) % 288));
      expect(visited.size).toBe(288);
      for (const wave of [5, 10]) {
        expect(new Set(Array.from({ length: wave }, (_, i) => (i * distance) % wave)).size).toBe(wave);
      }
    }
  });

  it('is 1 where less than 4 was wanted', () => {
    expect([0.2, 1, 2, 3.9].map((wanted) => coprimeNear(wanted, 1440))).toEqual([1, 1, 1, 1]);
  });

  it('takes the nearest, the smaller of two that are equally near', () => {
    // 10 shares 2 with 12, and 9 shares 3; 11 does not. 6 shares with 12, 5 and 7 do not.
    expect(coprimeNear(10, 12)).toBe(11);
    expect(coprimeNear(6, 12)).toBe(5);
    expect(coprimeNear(7.9, 12)).toBe(7);
  });
});
