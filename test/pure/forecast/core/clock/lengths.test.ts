import { describe, expect, it } from 'vitest';
import { lengthsOf } from '../../../../../src/forecast/core/clock/lengths.ts';

const day = 86_400;

describe('lengths', () => {
  it('of five-minute rows are a day of 288 steps and a week of 2016', () => {
    expect(lengthsOf({ stepSeconds: 60 })).toMatchObject({
      gridSeconds: 300,
      shortSteps: 288,
      longSteps: 2016,
      horizonSteps: 288,
      rememberedSteps: 2 * 2016 + 288 + 2,
    });
  });

  it('reach at least 48 steps ahead, and as far as was asked', () => {
    expect(lengthsOf({ stepSeconds: 3600 }).horizonSteps).toBe(48);
    expect(lengthsOf({ stepSeconds: 3600, maxHorizonSeconds: 3 * day }).horizonSteps).toBe(72);
  });

  it('have no long season where one season is given', () => {
    expect(lengthsOf({ stepSeconds: 300, seasonsSeconds: [day] })).toMatchObject({
      longSteps: 0,
      rememberedSteps: 3 * 288 + 2,
    });
  });

  it.each([
    [{ stepSeconds: 0 }, 'stepSeconds'],
    [{ stepSeconds: Number.NaN }, 'stepSeconds'],
    [{ stepSeconds: 60, seasonsSeconds: [19 * 60] }, 'at least 20 steps'],
    [{ stepSeconds: 60, seasonsSeconds: [day, day] }, 'rising'],
    [{ stepSeconds: 60, seasonsSeconds: [day, 2 * day, 7 * day] }, 'at most two'],
  ])('refuse %j and say why', (options, reason) => {
    expect(() => lengthsOf(options)).toThrow(reason);
  });
});
