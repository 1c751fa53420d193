import { expect, it } from 'vitest';
import type { HorizonAccuracy } from '../../../../src/forecast/index.ts';
import { modelOf, taught, workloadOf } from '../../api/fixture.ts';
import { samplesOf, scraped, scrapedByName } from './scraped.ts';

const learned = modelOf(taught(2));
const withAccuracy = (accuracy: readonly HorizonAccuracy[]) =>
  workloadOf({ ...learned, accuracy: () => accuracy });

it('shows no accuracy of forecasts of which none has come due: a coverage of 0 would be an alert', async () => {
  const scored = learned.accuracy();
  expect(scored.length).toBeGreaterThan(3);
  expect(await scrapedByName(withAccuracy(scored))).toMatch(
    /^forescale_forecast_coverage\{.*quantile="0.99".*\} /m,
  );
  const unscored = withAccuracy(scored.map((one) => ({ ...one, count: 0, coverage: { '0.99': 0 } })));
  for (const text of [await scraped(unscored), await scrapedByName(unscored)]) {
    expect(text).not.toMatch(/^forescale_(?:forecast_coverage(?:_lowest)?|forecast_wape|model_weight)\{/m);
  }
});

it('tells everybody of the horizon at which a bound holds least', async () => {
  const scored = learned
    .accuracy()
    .map((one, index) => ({ ...one, coverage: { '0.9': 0.9 - index / 100, '0.99': 0.97 + index / 1000 } }));
  const samples = samplesOf(await scraped(withAccuracy(scored)));
  const byName = samplesOf(await scrapedByName(withAccuracy(scored)));
  for (const quantile of ['0.9', '0.99']) {
    const ofHorizons = [...byName].filter(
      ([key]) => key.startsWith('forescale_forecast_coverage horizon') && key.endsWith(`"${quantile}"`),
    );
    expect(ofHorizons.length).toBeGreaterThan(2);
    const lowest = Math.min(...ofHorizons.map(([, share]) => share));
    expect(samples.get(`forescale_forecast_coverage_lowest quantile="${quantile}"`)).toBe(lowest);
  }
});

it('forecasts an hour ahead, and the highest demand up to the horizon of the trigger', async () => {
  const workload = workloadOf(learned, { horizonSeconds: 6 * 3_600 });
  const forecast = learned.forecast({ horizonSteps: 72, quantiles: [0.5, 0.9, 0.99] });
  if (forecast.status !== 'ok') throw new Error('two days are enough for a forecast');
  const samples = samplesOf(await scraped(workload));
  const ahead = [...samples].filter(([key]) => key.startsWith('forescale_forecast '));
  expect(ahead).toEqual([
    ['forescale_forecast horizon="3600",quantile="0.5"', forecast.quantiles['0.5']?.[11]],
    ['forescale_forecast horizon="3600",quantile="0.99"', forecast.quantiles['0.99']?.[11]],
  ]);
  expect(samples.get('forescale_forecast_highest quantile="0.9"')).toBe(
    Math.max(...(forecast.quantiles['0.9'] ?? [])),
  );
  const horizons = [...samplesOf(await scrapedByName(workload)).keys()].flatMap(
    (key) => /^forescale_forecast horizon="(\d+)",quantile="0.9"/.exec(key)?.[1] ?? [],
  );
  expect(horizons).toEqual(['900', '2700', '3600', '5400', '10800', '21600']);
  const near = samplesOf(await scraped(workloadOf(learned, { horizonSeconds: 1_800 })));
  expect(near.get('forescale_forecast horizon="1800",quantile="0.5"')).toBe(forecast.quantiles['0.5']?.[5]);
});
