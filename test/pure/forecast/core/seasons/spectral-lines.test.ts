import { describe, expect, it } from 'vitest';
import { createSpectralLines, placeOfLine } from '../../../../../src/forecast/core/seasons/spectral-lines.ts';

function spectrum(lines: Readonly<Record<number, number>>) {
  const power = new Float64Array(2049).fill(0.001, 1, 257);
  for (const [bin, height] of Object.entries(lines)) power[Number(bin)] = height;
  return { power, lastBin: 256, size: 512 };
}

describe('lines of a spectrum', () => {
  it('are the bins that stand out from the noise, the highest first, within the range', () => {
    const lines = createSpectralLines(spectrum({ 30: 0.1, 80: 0.2, 200: 0.3 }));
    expect(lines.peaks(1, 100)).toEqual([80, 30]);
    expect(createSpectralLines(spectrum({})).peaks(1, 256)).toEqual([]);
  });

  it('are above the noise by a factor, and not beyond the last bin', () => {
    const lines = createSpectralLines(spectrum({ 30: 0.1 }));
    expect([29, 30, 300].map((bin) => lines.isAboveNoise(bin, 4))).toEqual([false, true, false]);
  });

  it('lie between two bins by the ratio of their amplitudes', () => {
    expect(placeOfLine(spectrum({ 29: 0, 30: 0.04, 31: 0.01 }), 30)).toBeCloseTo(30 + 1 / 3, 9);
    expect(placeOfLine(spectrum({ 29: 0.01, 30: 0.04, 31: 0 }), 30)).toBeCloseTo(30 - 1 / 3, 9);
  });
});
