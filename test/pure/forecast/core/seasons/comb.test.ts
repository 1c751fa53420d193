import { describe, expect, it } from 'vitest';
import { combEvidence, createComb, standsOut } from '../../../../../src/forecast/core/seasons/comb.ts';

/** A flat spectrum with higher power on some bins. */
function spectrum(lines: Readonly<Record<number, number>>, lastBin = 256) {
  const power = new Float64Array(2049).fill(0.001, 1, lastBin + 1);
  for (const [bin, height] of Object.entries(lines)) power[Number(bin)] = height;
  return { power, lastBin, size: 2 * lastBin };
}

describe('evidence of a comb', () => {
  it('is next to nothing in flat noise and large for a line that stands out', () => {
    expect(combEvidence(spectrum({}), 10, 1).evidence).toBeLessThan(3);
    expect(combEvidence(spectrum({ 10: 0.5 }), 10, 1).evidence).toBeGreaterThan(20);
  });

  it('leaves out lines that a shorter season can explain', () => {
    expect(combEvidence(spectrum({ 20: 0.5 }), 10, 2).evidence).toBeLessThan(3);
    expect(combEvidence(spectrum({ 20: 0.5 }), 10, 1).evidence).toBeGreaterThan(15);
  });

  it('is the same whatever else was asked of the comb', () => {
    const noisy = spectrum({ 10: 0.5, 20: 0.1, 25: 0.3, 30: 0.2 });
    const comb = createComb(noisy, 10);
    for (const except of [2, 1, 3]) {
      expect(comb.evidenceAlone(except)).toBe(combEvidence(noisy, 10, except).evidence);
      expect(comb.evidence(except)).toEqual(combEvidence(noisy, 10, except));
    }
    // What varies, without every 20th bin: two lines of 0.5 and 0.2, one beside them of 0.3, and noise.
    const varying = 1 + 0.001 * (250 - 12 - 3);
    expect(combEvidence(noisy, 10, 2).strength).toBeCloseTo(0.7 / varying, 2);
  });

  it('has a strength that is the share of the power on the lines', () => {
    // The line has 0.25 of all power that varies within a period and a half, which is the line and 249 bins of 0.001.
    expect(combEvidence(spectrum({ 10: 0.083 }), 10, 1).strength).toBeCloseTo(0.25, 1);
  });
});

describe('a comb beside a longer season', () => {
  it('stands out by the ratio of its lines to the neighbouring ones', () => {
    const flat = standsOut(spectrum({}), 70, 10);
    expect(flat).toBeCloseTo(1, 9);
    expect(standsOut(spectrum({ 70: 0.004 }), 70, 10)).toBeGreaterThan(1.4);
  });
});
