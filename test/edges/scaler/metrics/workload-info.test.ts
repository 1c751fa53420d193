import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createScalerMetrics } from '../../../../src/scaler/index.ts';
import { directoryOf, modelOf, nowSeconds, taught, workloadOf } from '../../api/fixture.ts';

const model = modelOf(taught(0));

async function scrape(unit: string | undefined): Promise<string> {
  const directory = directoryOf([workloadOf(model, { unit })]);
  return (await createScalerMetrics(new Registry(), '1.2.3').scrape(directory, nowSeconds)).body;
}

it('says what demand is counted in, in words that a title of a dashboard can have where the trigger has none', async () => {
  expect(await scrape('tokens/s')).toMatch(/^forescale_workload_info\{.*unit="tokens\/s"\} 1$/m);
  expect(await scrape(undefined)).toMatch(/^forescale_workload_info\{.*unit="units of the query"\} 1$/m);
});
