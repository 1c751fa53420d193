import { describe, expect, it } from 'vitest';
import { belongsTo } from '../../../../../src/forecast/core/seasons/season-lines.ts';

function spectrum(lines: Readonly<Record<number, number>>) {
  const power = new Float64Array(2049).fill(0.001, 1, 257);
  for (const [bin, height] of Object.entries(lines)) power[Number(bin)] = height;
  return { power, lastBin: 256, size: 512 };
}
const season = { seasonBin: 14, stepBin: 512 };

describe('a line belongs to a season', () => {
  it('as one of its first harmonics', () => {
    expect(belongsTo(spectrum({ 42: 0.3 }), { place: 42, ...season })).toBe(true);
    expect(belongsTo(spectrum({ 49: 0.3 }), { place: 49, ...season })).toBe(false);
  });

  it('as a later harmonic unless it stands out from its neighbours', () => {
    expect(belongsTo(spectrum({}), { place: 98, ...season })).toBe(true);
    expect(belongsTo(spectrum({ 98: 0.3 }), { place: 98, ...season })).toBe(false);
  });

  it('as an alias of a harmonic that is too fast for the steps', () => {
    // The fifth harmonic of 111 is 555, of which 512 steps show 555 − 512 = 43.
    expect(belongsTo(spectrum({ 43: 0.3 }), { place: 43, seasonBin: 111, stepBin: 512 })).toBe(true);
  });
});
