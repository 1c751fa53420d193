import { expect, it } from 'vitest';
import { createApiApp } from '../../../src/api/app.ts';
import { apiOptions, directoryOf, modelOf, nowSeconds, taught, workloadOf } from './fixture.ts';

const forecaster = taught(0);

it('tells of the archive of demand, of the server and of a workload', async () => {
  const day = { kind: 'month-end', name: 'end of the month', ratio: 1.3, occurrences: 12 } as const;
  const dayAt = (startSeconds: number) => ({ ...day, startSeconds, endSeconds: startSeconds + 86_400 });
  const health = () => ({
    ...modelOf(forecaster).health(),
    archivedSinceSeconds: nowSeconds - 1_000,
    effects: [dayAt(nowSeconds - 86_400), dayAt(nowSeconds)],
  });
  const app = await createApiApp(
    apiOptions({
      directory: directoryOf([workloadOf(modelOf(forecaster, { health }))]),
      archive: () => ({
        bytes: 4096,
        series: 1,
        oldestSeconds: nowSeconds - 2_000,
        warning: 'the disk is full',
      }),
    }),
  );
  expect((await app.inject('/api/v1/status')).json()).toMatchObject({
    archive: { bytes: 4096, series: 1, since: nowSeconds - 2_000, warning: 'the disk is full' },
  });
  expect((await app.inject('/api/v1/workloads/shop/checkout')).json().health).toMatchObject({
    archivedSince: nowSeconds - 1_000,
    effects: [{ ...day, start: nowSeconds, end: nowSeconds + 86_400 }],
  });
  await app.close();
});

it('tells of no archive where there is none', async () => {
  const app = await createApiApp(apiOptions({ directory: directoryOf([workloadOf(modelOf(forecaster))]) }));
  expect((await app.inject('/api/v1/status')).json()).not.toHaveProperty('archive');
  const { health } = (await app.inject('/api/v1/workloads/shop/checkout')).json();
  expect(health).not.toHaveProperty('archivedSince');
  expect(health).not.toHaveProperty('effects');
  await app.close();
});
