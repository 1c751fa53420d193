import { expect, it } from 'vitest';
import { lengthsOf } from '../../../../../src/forecast/core/clock/lengths.ts';
import { whyNoForecast, whyNoPeak } from '../../../../../src/forecast/core/engine/readiness.ts';

const lengths = lengthsOf({ stepSeconds: 300 });
const enough = { steps: 576, observedSteps: 288, silentSteps: 0, residuals: 96, peakResiduals: 96 };

it('a forecast needs two days, half of them observed, and a value within six hours', () => {
  expect(whyNoForecast(enough, lengths)).toBeUndefined();
  for (const lack of [{ steps: 575 }, { observedSteps: 287 }, { residuals: 95 }]) {
    expect(whyNoForecast({ ...enough, ...lack }, lengths)?.code).toBe('insufficient-history');
  }
  expect(whyNoForecast({ ...enough, silentSteps: 72 }, lengths)).toBeUndefined();
  expect(whyNoForecast({ ...enough, steps: 575 }, lengths)?.message).toMatch(
    /^has 1 day of history, .* 2 days /,
  );
  expect(whyNoForecast({ ...enough, silentSteps: 73 }, lengths)?.message).toContain('6.1 hours');
  // Silence is counted up to the question, not up to the newest row.
  expect(whyNoForecast({ ...enough, silentSteps: 71 }, lengths, 300)).toBeUndefined();
  expect(whyNoForecast({ ...enough, silentSteps: 71 }, lengths, 600)?.code).toBe('no-recent-data');
});

it('a bound of the peak needs as many matured peaks besides', () => {
  expect(whyNoPeak(enough, lengths)).toBeUndefined();
  expect(whyNoPeak({ ...enough, peakResiduals: 95 }, lengths)?.message).toContain('95 peaks');
  expect(whyNoPeak({ ...enough, silentSteps: 999 }, lengths)?.code).toBe('no-recent-data');
});
