import { expect, it } from 'vitest';
import { createRefreshes } from '../../../src/forecast/refresh.ts';
import { ForescaleError } from '../../../src/platform/errors.ts';

it('logs a failure once, counts it each time, and says how many there were', async () => {
  let now = 0;
  const lines: string[] = [];
  const outcomes: (string | undefined)[] = [];
  const write = (fields: object, event: string) =>
    void lines.push(
      `${event} ${'code' in fields ? fields.code : ''} ${'failures' in fields ? fields.failures : ''}`,
    );
  const refreshes = createRefreshes({
    query: 'up',
    sourceName: 'prometheus',
    clock: () => now,
    log: { debug: write, info: write, warn: write, error: write },
    onRefresh: ({ error }) => outcomes.push(error?.code),
  });
  const { signal } = new AbortController();
  const fail = (code: 'source-timeout' | 'source-rejected') =>
    refreshes.attempt('observed', signal, () => Promise.reject(new ForescaleError(code, 'no')));
  const missing = () =>
    refreshes.attempt('observed', signal, async () => ({
      code: 'no-data',
      message: 'no series',
      atSeconds: now,
    }));
  const well = () => refreshes.attempt('observed', signal, async () => undefined);

  await well();
  for (let i = 0; i < 3; i++) await fail('source-timeout');
  for (let i = 0; i < 3; i++) await missing();
  now += 3_600;
  await missing();
  await refreshes.attempt('history', signal, async () => undefined);
  await well();
  await well();
  expect(lines).toEqual([
    'refresh-failed source-timeout 1',
    'refresh-failed no-data 4',
    'refresh-failed no-data 7',
    'refresh-recovered  7',
  ]);
  expect(outcomes.filter((code) => code === 'no-data')).toHaveLength(4);
  expect(outcomes.filter((code) => code === 'source-timeout')).toHaveLength(3);
});
