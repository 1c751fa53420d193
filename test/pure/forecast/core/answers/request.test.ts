import { describe, expect, it } from 'vitest';
import { boundAt, checkRequest, risingLevels } from '../../../../../src/forecast/core/answers/request.ts';

describe('a request', () => {
  it('is returned as it is where it can be answered', () => {
    const request = { horizonSteps: 3, quantiles: [0.9, 0.5] };
    expect(checkRequest(request)).toBe(request);
    expect(request.quantiles).toEqual([0.9, 0.5]);
  });

  it('is refused with the value that cannot be answered', () => {
    expect(() => checkRequest({ horizonSteps: 1.5 })).toThrow(/horizonSteps .* not 1\.5/);
    expect(() => checkRequest({ windowSeconds: 0 })).toThrow(/windowSeconds .* not 0/);
    expect(() => checkRequest({ quantiles: [0.5, 1] })).toThrow(/quantiles .* not 1/);
  });
});

it('levels rise, and the list that was given stays as it was', () => {
  const levels = [0.99, 0.5];
  expect(risingLevels(levels)).toEqual([0.5, 0.99]);
  expect(levels).toEqual([0.99, 0.5]);
});

it('a bound is the square of root plus residual, and never below 0', () => {
  expect(boundAt(3, 1)).toBe(16);
  expect(boundAt(3, -5)).toBe(0);
});
