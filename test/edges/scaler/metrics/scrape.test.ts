import { Gauge, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createScalerMetrics } from '../../../../src/scaler/index.ts';
import { directoryOf, modelOf, nowSeconds, taught, workloadOf } from '../../api/fixture.ts';

const directory = directoryOf([workloadOf(modelOf(taught(0)))]);
const withoutProcess = (body: string) =>
  body.split('\n').filter((line) => !/^(?:process|nodejs)_/.test(line) && line !== '');

it('writes what the registry writes', async () => {
  const registry = new Registry();
  const { body } = await createScalerMetrics(registry, '1.2.3').scrape(directory, nowSeconds);
  expect(withoutProcess(body)).toEqual(withoutProcess(await registry.metrics()));
  expect(body.endsWith('\n')).toBe(true);
});

it('lets the event loop turn between metrics that take long to write', async () => {
  const registry = new Registry();
  const metrics = createScalerMetrics(registry, '1.2.3');
  let turn = 0;
  const turnsOfCollection: number[] = [];
  for (const name of ['slow_one', 'slow_two']) {
    const collect = () => {
      turnsOfCollection.push(turn);
      const untilMs = performance.now() + 5;
      while (performance.now() < untilMs);
    };
    new Gauge({ name, help: 'takes more than a slice', registers: [registry], collect });
  }
  const timer = setInterval(() => turn++, 0);
  try {
    await metrics.scrape(directory, nowSeconds);
  } finally {
    clearInterval(timer);
  }
  const [one = 0, two = 0] = turnsOfCollection;
  expect(turnsOfCollection).toHaveLength(2);
  expect(two).toBeGreaterThan(one);
});
