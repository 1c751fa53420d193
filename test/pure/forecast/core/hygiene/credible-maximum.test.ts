import { describe, expect, it } from 'vitest';
import { CredibleMaximum } from '../../../../../src/forecast/core/hygiene/credible-maximum.ts';

describe('the credible maximum', () => {
  it('is the highest median of three values in a row, so that a single spike does not count', () => {
    const maximum = new CredibleMaximum(288);
    for (const [step, value] of [5, 7, 100, 6].entries()) maximum.note(step, value);
    expect(maximum.highest).toBe(7);
  });

  it('follows what lasts for two values', () => {
    const maximum = new CredibleMaximum(288);
    for (const [step, value] of [5, 7, 100, 90].entries()) maximum.note(step, value);
    expect(maximum.highest).toBe(90);
  });
});
