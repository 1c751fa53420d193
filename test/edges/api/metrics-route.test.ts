import { Readable } from 'node:stream';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createApiApp } from '../../../src/api/app.ts';
import type { ApiOptions } from '../../../src/api/ports.ts';
import { createScalerMetrics } from '../../../src/scaler/index.ts';
import { apiOptions, directoryOf, modelOf, nowSeconds, problemOf, taught, workloadOf } from './fixture.ts';

const model = modelOf(taught(2));
const directory = directoryOf([
  workloadOf(model),
  workloadOf(model, { trigger: 'other' }),
  workloadOf(model, { name: 'cart' }),
  workloadOf(model, { namespace: 'bank', name: 'ledger' }),
]);
const metrics = createScalerMetrics(new Registry(), '1.2.3');
const options = apiOptions({
  directory,
  metrics: {
    all: () => metrics.scrape(directory, nowSeconds),
    of: (workloads) => metrics.scrapeWorkloads(workloads, nowSeconds),
  },
});

/** Names of the workloads that have a weight of a model, or a threshold. */
function namesIn(text: string, metric: string): readonly string[] {
  const names = [...text.matchAll(new RegExp(`^${metric}\\{namespace="(\\w+)",name="(\\w+)"`, 'gm'))];
  return [...new Set(names.map(([, namespace, name]) => `${namespace}/${name}`))];
}

describe('GET /metrics', () => {
  it('tells of the server and of every workload what dashboards use', async () => {
    const app = await createApiApp(options);
    const { body, headers } = await app.inject('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(body).toContain('\nforescale_workloads 4\n');
    expect(namesIn(body, 'forescale_threshold')).toEqual(['shop/checkout', 'shop/cart', 'bank/ledger']);
    expect(namesIn(body, 'forescale_model_weight')).toEqual([]);
    await app.close();
  });

  it('tells everything of the workloads that are named, with all of their triggers, and nothing of the server', async () => {
    const app = await createApiApp(options);
    const one = await app.inject('/metrics?workload=shop/checkout');
    expect(namesIn(one.body, 'forescale_model_weight')).toEqual(['shop/checkout']);
    expect(one.body.match(/^forescale_threshold\{.*$/gm)).toHaveLength(2);
    expect(one.body).not.toContain('forescale_workloads');
    const two = await app.inject('/metrics?workload=bank/ledger&workload=shop/cart&workload=bank/ledger');
    expect(namesIn(two.body, 'forescale_model_weight')).toEqual(['bank/ledger', 'shop/cart']);
    expect(two.body.match(/^forescale_threshold\{.*$/gm)).toHaveLength(2);
    await app.close();
  });

  it.each(['shop/checkot', 'checkout', 'shop/checkout/x', ''])(
    'refuses the workload "%s", and says what to write',
    async (value) => {
      const app = await createApiApp(options);
      const { status, code, faults } = await problemOf(
        app,
        `/metrics?workload=shop/cart&workload=${encodeURIComponent(value)}`,
      );
      expect([status, code]).toEqual([404, 'not-found']);
      expect(faults).toEqual([
        {
          field: 'workload',
          value,
          message: `workload: there is none that is called "${value}"; write namespace/name as GET /api/v1/workloads lists them`,
        },
      ]);
      await app.close();
    },
  );

  it('refuses parameters that there are not, and more names than one answer tells of', async () => {
    const app = await createApiApp(options);
    expect(await problemOf(app, '/metrics?name=checkout')).toMatchObject({ status: 400 });
    const many = Array.from({ length: 101 }, (_, index) => `workload=shop/a${index}`).join('&');
    expect(await problemOf(app, `/metrics?${many}`)).toMatchObject({ status: 400 });
    await app.close();
  });

  it('writes a bounded number of answers at once, and another when one is over', async () => {
    const endless: Readable[] = [];
    const all: ApiOptions['metrics']['all'] = () => {
      const body = new Readable({ objectMode: true, read() {} });
      endless.push(body);
      body.push('up 1\n');
      return { contentType: 'text/plain', body };
    };
    const app = await createApiApp({
      ...options,
      metrics: { ...options.metrics, all },
      limits: { scrapesAtOnce: 2 },
    });
    const first = [app.inject('/metrics'), app.inject('/metrics')];
    await expect.poll(() => endless.length).toBe(2);
    expect(await problemOf(app, '/metrics')).toMatchObject({ status: 429, code: 'limit-reached' });
    for (const body of endless) body.push(null);
    for (const answer of await Promise.all(first)) expect(answer.body).toBe('up 1\n');
    const another = async () => (await app.inject('/metrics?workload=shop/cart')).statusCode;
    await expect.poll(another).toBe(200);
    await app.close();
  });

  it('cuts an answer that is not taken in time, so that others get theirs', async () => {
    let isCut = false;
    const all: ApiOptions['metrics']['all'] = () => ({
      contentType: 'text/plain',
      body: (async function* () {
        try {
          while (!isCut) yield await new Promise<string>((resolve) => setTimeout(resolve, 1, 'up 1\n'));
        } finally {
          isCut = true;
        }
      })(),
    });
    const app = await createApiApp({
      ...options,
      metrics: { ...options.metrics, all },
      limits: { scrapesAtOnce: 1, scrapeTimeoutMs: 100 },
    });
    const slow = app.inject('/metrics').catch(() => undefined);
    await expect.poll(async () => (await app.inject('/metrics?workload=shop/cart')).statusCode).toBe(200);
    expect(isCut).toBe(true);
    await slow;
    await app.close();
  });
});
