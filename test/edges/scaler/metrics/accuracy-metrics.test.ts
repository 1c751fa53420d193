import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import type { HorizonAccuracy } from '../../../../src/forecast/index.ts';
import { createScalerMetrics } from '../../../../src/scaler/index.ts';
import { directoryOf, modelOf, nowSeconds, taught, workloadOf } from '../../api/fixture.ts';

const learned = modelOf(taught(2));

async function scrape(accuracy: readonly HorizonAccuracy[]): Promise<string> {
  const directory = directoryOf([workloadOf({ ...learned, accuracy: () => accuracy })]);
  return (await createScalerMetrics(new Registry(), '1.2.3').scrape(directory, nowSeconds)).body;
}

it('shows no accuracy of forecasts of which none has come due: a coverage of 0 would be an alert', async () => {
  const scored = learned.accuracy();
  expect(scored.length).toBeGreaterThan(3);
  expect(await scrape(scored)).toMatch(/^forescale_forecast_coverage\{.*quantile="0.99".*\} /m);
  const unscored = scored.map((one) => ({ ...one, count: 0, coverage: { '0.99': 0 } }));
  expect(await scrape(unscored)).not.toMatch(
    /^forescale_(?:forecast_coverage|forecast_wape|model_weight)\{/m,
  );
});
