import { describe, expect, it } from 'vitest';
import { createPower, createSpectrumMaker } from '../../../../../src/forecast/core/seasons/spectrum.ts';

const wave = (length: number, period: number, trend = 0) =>
  Float64Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * i) / period) + trend * i);

describe('a spectrum', () => {
  const spectra = createSpectrumMaker();

  it('has all power of a wave on the bin of its cycles, with a trend or without', () => {
    for (const trend of [0, 0.5]) {
      const window = { values: wave(640, 64, trend), period: 64, cycles: 10 };
      const { power } = spectra.spectrumOf(window, createPower());
      expect(power[10]).toBeGreaterThan(0.99);
    }
  });

  it('puts a wave of any period on the bin of its cycles, because the window is stretched', () => {
    const { power } = spectra.spectrumOf(
      { values: wave(1000, 71.3), period: 71.3, cycles: 14 },
      createPower(),
    );
    expect(power[14]).toBeGreaterThan(0.98);
  });

  it('sums to 1 and ends at half of the steps of the window', () => {
    const { power, lastBin } = spectra.spectrumOf(
      { values: wave(100, 7), period: 10, cycles: 10 },
      createPower(),
    );
    expect(lastBin).toBe(50);
    expect(power.subarray(0, lastBin + 1).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  });
});
