import { Gauge, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createScalerMetrics } from '../../../../src/scaler/index.ts';
import { workloadMetrics } from '../../../../src/scaler/metrics/workload-metrics.ts';
import {
  directoryOf,
  goodDecision,
  goodOutcome,
  modelOf,
  nowSeconds,
  taught,
  workloadOf,
} from '../../api/fixture.ts';
import { scraped, scrapedByName, textOf } from './scraped.ts';

const model = modelOf(taught(0));
const learned = modelOf(taught(2));

/** Metrics of a text: the two lines that say what it is, and its samples. */
function familiesOf(text: string) {
  return text
    .trimEnd()
    .split('\n\n')
    .map((family) => {
      const [help = '', type = '', ...samples] = family.split('\n');
      return { name: /(?<=^# HELP )\S+/.exec(help)?.[0] ?? '', help, type, samples };
    });
}

describe('a scrape', () => {
  it('writes each metric once, with the series of every workload below it, however many there are', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `web-${index}`);
    const families = familiesOf(await scraped(...names.map((name) => workloadOf(model, { name }))));
    expect(new Set(families.map(({ name }) => name)).size).toBe(families.length);
    expect(families).toHaveLength(familiesOf(await scraped(workloadOf(model))).length);
    const thresholds = families.find(({ name }) => name === 'forescale_threshold');
    expect(thresholds).toMatchObject({
      help: '# HELP forescale_threshold Demand one replica should carry, in the unit of the query',
      type: '# TYPE forescale_threshold gauge',
    });
    expect(thresholds?.samples.map((line) => /[{,]name="([^"]*)"/.exec(line)?.[1])).toEqual(names);
    for (const { name, samples } of families) {
      expect(
        samples.filter((line) => !line.startsWith(name)),
        name,
      ).toEqual([]);
    }
  });

  it('has at most twenty series of a workload of which everything is known, and all of them by name', async () => {
    const workload = workloadOf(learned, { outcome: () => goodOutcome });
    const ofWorkload = (text: string) => text.match(/^forescale_\w+\{namespace="shop",.*$/gm) ?? [];
    expect(ofWorkload(await scraped(workload))).toHaveLength(20);
    const byName = await scrapedByName(workload);
    expect(ofWorkload(byName).length).toBeGreaterThan(100);
    expect(familiesOf(byName).map(({ name }) => name)).toEqual(Object.keys(workloadMetrics));
    expect(familiesOf(byName).filter(({ samples }) => samples.length === 0)).toEqual([]);
  });

  it('writes what prom-client writes of the same numbers, whatever the labels and values are', async () => {
    const name = 'we"b\\\n{1}';
    const values = [0, -0.5, 1e-9, 1e21, 123456.789, 0.1 + 0.2];
    const workloads = values.map((signal, index) =>
      workloadOf(model, { name: `${name}${index}`, decision: () => ({ ...goodDecision, signal }) }),
    );
    const { help } = workloadMetrics.forescale_signal;
    const registry = new Registry();
    const gauge = new Gauge({
      ...{ name: 'forescale_signal', help, registers: [registry] },
      labelNames: ['namespace', 'name', 'trigger'],
    });
    for (const [index, value] of values.entries())
      gauge.set({ namespace: 'shop', name: `${name}${index}`, trigger: 'a1b2c3d4' }, value);
    const expected = await registry.getSingleMetricAsString('forescale_signal');
    expect(`\n${await scraped(...workloads)}`).toContain(`\n${expected}\n`);
  });

  it('writes nothing of a number that is none', async () => {
    const odd = (signal: number) =>
      scraped(workloadOf(model, { decision: () => ({ ...goodDecision, signal }) }));
    expect(await odd(5)).toContain('\nforescale_signal{');
    for (const none of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(await odd(none)).not.toContain('\nforescale_signal{');
    }
  });

  it('reads again what new rows change, and only then', async () => {
    let newestSeconds = nowSeconds;
    let asked = 0;
    const counting = {
      ...learned,
      newestSeconds: () => newestSeconds,
      forecast: (request: Parameters<typeof learned.forecast>[0]) => {
        asked++;
        return learned.forecast(request);
      },
    };
    let outcome = goodOutcome;
    const workload = workloadOf(counting, { outcome: () => outcome });
    const before = await scraped(workload);
    expect(await scraped(workload)).toMatch(/^forescale_error_budget_left_ratio\{.*\} 0\.1\d*$/m);
    expect(asked).toBe(1);
    outcome = { ...goodOutcome, serviceLevel: 0.95 };
    newestSeconds += 60;
    const after = await scraped(workload);
    expect(asked).toBe(2);
    expect(after).not.toBe(before);
    expect(after).toMatch(/^forescale_error_budget_left_ratio\{.*\} 0\.8\d*$/m);
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
      await textOf(metrics.scrape(directoryOf([workloadOf(model)]), nowSeconds));
    } finally {
      clearInterval(timer);
    }
    const [one = 0, two = 0] = turnsOfCollection;
    expect(turnsOfCollection).toHaveLength(2);
    expect(two).toBeGreaterThan(one);
  });
});
