import { expect, it } from 'vitest';
import { inLinear, inLog, inSqrt } from '../../../../../src/forecast/core/experts/spaces.ts';

it.each([
  ['square root', inSqrt],
  ['logarithm', inLog],
  ['linear', inLinear],
])('the %s space maps values there and back, from roots as well', (_name, space) => {
  for (const value of [0, 0.25, 9, 1e6]) {
    expect(space.toValue(space.fromValue(value))).toBeCloseTo(value, 6);
    expect(space.fromRoot(Math.sqrt(value))).toBeCloseTo(space.fromValue(value), 9);
  }
});

it('the square root space has no negative values', () => {
  expect(inSqrt.toValue(-3)).toBe(0);
});
