import { Gauge, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createScalerMetrics } from '../../../../src/scaler/index.ts';
import { directoryOf, modelOf, nowSeconds, taught, workloadOf } from '../../api/fixture.ts';

const model = modelOf(taught(0));
const directory = directoryOf([workloadOf(model)]);
const scrape = async (of: typeof directory) =>
  (await createScalerMetrics(new Registry(), '1.2.3').scrape(of, nowSeconds)).body;

it('writes each metric once, with the series of every workload below it, however many there are', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `web-${index}`);
  const body = await scrape(directoryOf(names.map((name) => workloadOf(model, { name }))));
  const heads = body.split('\n').filter((line) => line.startsWith('# HELP'));
  expect(new Set(heads).size).toBe(heads.length);
  const metrics = body.trimEnd().split('\n\n');
  const alone = (await scrape(directory)).trimEnd().split('\n\n');
  expect(metrics).toHaveLength(alone.length);
  const thresholds = metrics.find((text) => text.includes('TYPE forescale_threshold ')) ?? '';
  const [help, type, ...series] = thresholds.split('\n');
  expect([help, type]).toEqual([
    expect.stringMatching(/^# HELP forescale_threshold /),
    '# TYPE forescale_threshold gauge',
  ]);
  expect(series.map((line) => /[{,]name="([^"]*)"/.exec(line)?.[1])).toEqual(names);
  for (const text of metrics) {
    const [name = ''] = /(?<=^# HELP )\S+/.exec(text) ?? [];
    const rows = text.split('\n').slice(2);
    expect(
      rows.filter((line) => !line.startsWith(name)),
      name,
    ).toEqual([]);
  }
});

it('lets the event loop turn while it writes the series of workloads', async () => {
  const many = directoryOf(
    Array.from({ length: 200 }, (_, index) => workloadOf(model, { name: `web-${index}` })),
  );
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await scrape(many);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
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
