import { afterEach, expect, it } from 'vitest';
import { createDemandModels, type ModelRequest } from '../../../../src/forecast/demand-models.ts';
import { createSources } from '../../../../src/history/profiles.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { type Logger, silentLogger } from '../../../../src/platform/log.ts';
import { startFakeApi } from '../prometheus/fake-api.ts';
import { type Behaviour, fakeEvaluator } from './fake-evaluator.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const queryOf = (app: string) => `sum(rate(m{app="${app}"}[2m]))`;

it('keeps what the user says of each workload, and names its own query where it fails', async () => {
  const behaviours: Readonly<Record<string, Behaviour>> = {
    [queryOf('empty')]: { kind: 'empty' },
    [queryOf('zero')]: { kind: 'empty' },
    [queryOf('nan')]: { kind: 'value', text: 'NaN' },
    [queryOf('asleep')]: { kind: 'empty' },
    [queryOf('refused')]: { kind: 'status', status: 422 },
    [queryOf('secret')]: { kind: 'status', status: 422 },
    'sum(ready)': { kind: 'value', text: '0' },
  };
  const api = await startFakeApi(fakeEvaluator((query) => behaviours[query] ?? { kind: 'value', text: '7' }));
  opened.push(() => api.close());
  const sources = createSources({ defaultUrl: api.url, profiles: [], allowedAddresses: [] });
  opened.push(() => sources.close());
  const logged: Readonly<Record<string, unknown>>[] = [];
  const warn = ((fields: Readonly<Record<string, unknown>>) => void logged.push(fields)) as Logger['warn'];
  const models = createDemandModels({
    resolveSource: sources.resolve,
    refreshIntervalSeconds: 10,
    freshSeconds: 15,
    clock: systemClock,
    log: { ...silentLogger, warn },
    onRefresh: () => undefined,
  });
  opened.push(() => models.close());
  const hold = (app: string, wishes: Partial<ModelRequest> = {}) =>
    models.hold(
      {
        source: { namespace: 'shop', headers: {}, parameters: {} },
        query: queryOf(app),
        replicasQuery: undefined,
        emptyIsZero: false,
        stepSeconds: 60,
        historySeconds: 7_200,
        model: {},
        ...wishes,
      },
      () => undefined,
    );
  const held = {
    well: hold('well'),
    other: hold('other'),
    empty: hold('empty'),
    zero: hold('zero', { emptyIsZero: true }),
    nan: hold('nan', { emptyIsZero: true }),
    asleep: hold('asleep', { replicasQuery: 'sum(ready)' }),
    refused: hold('refused'),
    secret: hold('secret', {
      shownQuery: '(from the environment)',
      source: { namespace: 'shop', headers: {}, parameters: {}, concealed: 'words' },
    }),
  };
  await Promise.all(Object.values(held).map(({ firstObserved }) => firstObserved));

  const observed = Object.fromEntries(
    Object.entries(held).map(([name, { model }]) => [name, model.observed()?.value]),
  );
  expect(observed).toEqual({ well: 7, other: 7, zero: 0, nan: 0, asleep: 0 });
  expect(held.empty.model.health().lastError).toMatchObject({
    code: 'no-data',
    message: expect.stringMatching(/^the query gives no series/),
  });
  const failures = logged.filter(({ what }) => what === 'observed');
  expect(failures.map(({ query, code }) => [query, code]).toSorted()).toEqual([
    ['(from the environment)', 'source-rejected'],
    [queryOf('empty'), 'no-data'],
    [queryOf('refused'), 'source-rejected'],
  ]);
  // All but the secret one began in one request, and that one never stands beside another.
  const instants = api.requests.filter(({ url }) => url.endsWith('/query'));
  expect(instants[0]?.form.get('query')).toContain('well|');
  expect(instants.filter(({ form }) => form.get('query')?.includes('secret')).length).toBeGreaterThan(0);
  for (const { form } of instants.filter((one) => one.form.get('query')?.includes('secret'))) {
    expect(form.get('query')).not.toMatch(/well|other|empty|refused/);
  }
});
