import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFourier } from '../../../../../src/forecast/core/seasons/fourier.ts';

describe('the fast Fourier transform', () => {
  it('is the sum of the definition, at every size', () => {
    const fourier = createFourier(64);
    const values = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(values, fc.constantFrom(16, 32, 64), (all, size) => {
        fourier.real.set(all.slice(0, size));
        fourier.transformReal(size);
        for (let k = 0; k <= size / 2; k++) {
          let [re, im] = [0, 0];
          for (const [i, value] of all.slice(0, size).entries()) {
            re += value * Math.cos((2 * Math.PI * k * i) / size);
            im -= value * Math.sin((2 * Math.PI * k * i) / size);
          }
          expect(fourier.real[k]).toBeCloseTo(re, 8);
          expect(fourier.imaginary[k]).toBeCloseTo(im, 8);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('refuses more values than it has room for', () => {
    expect(() => createFourier(16).transformReal(32)).toThrow(RangeError);
  });
});
