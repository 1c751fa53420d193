import { expect, it } from 'vitest';
import { nextPeak, recentPeak } from '../../../../src/api/answers/next-peak.ts';
import { demandAt, modelOf, nowSeconds, stepSeconds, taught } from '../fixture.ts';

it('the next peak is looked for once in a step of the grid, and again when it is over', () => {
  const forecaster = taught(9);
  let asked = 0;
  const model = modelOf(forecaster, {
    forecast: (request) => {
      asked += 1;
      return forecaster.forecast(request);
    },
  });
  const first = nextPeak(model, nowSeconds);
  // The shop is busiest at 14:00, in five hours.
  expect(Math.abs((first?.atSeconds ?? 0) - (nowSeconds + 5 * 3600))).toBeLessThan(2 * 3600);
  expect(first?.value).toBeGreaterThan(190);
  expect([nextPeak(model, nowSeconds + 60), recentPeak(model, nowSeconds + 60), asked]).toEqual([
    first,
    first,
    1,
  ]);

  const learn = () => {
    const next = forecaster.newestSeconds + stepSeconds;
    forecaster.observe(next, demandAt(next));
  };
  learn();
  expect([recentPeak(model, nowSeconds + 400), asked]).toEqual([first, 1]);
  learn();
  recentPeak(model, nowSeconds + 700);
  expect(asked).toBe(2);
  nextPeak(model, nowSeconds + 8 * 3600);
  expect(asked).toBe(3);
});

it('there is no next peak without a forecast', () => {
  expect(nextPeak(modelOf(taught(0)), nowSeconds)).toBeUndefined();
});

it('there is no next peak of a model that fails, so that a list shows it beside the others', () => {
  const failing = modelOf(taught(9), {
    forecast: () => {
      throw new RangeError('the model is told to fail');
    },
  });
  expect([nextPeak(failing, nowSeconds), recentPeak(failing, nowSeconds)]).toEqual([undefined, undefined]);
});
