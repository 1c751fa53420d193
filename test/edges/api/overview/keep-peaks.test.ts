import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ApiInstance } from '../../../../src/api/instance.ts';
import { keepPeaks } from '../../../../src/api/overview/keep-peaks.ts';
import type { WorkloadView } from '../../../../src/forecast/index.ts';

const hourMs = 3_600_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** Peaks that are kept for a server with these models, and how the server starts and stops. */
function keeping(list: Parameters<typeof keepPeaks>[1]['directory']['list']) {
  const hooks = new Map<string, (done: () => void) => void>();
  const app = { addHook: (name: string, hook: (done: () => void) => void) => void hooks.set(name, hook) };
  const noteAsked = keepPeaks(app as unknown as Pick<ApiInstance, 'addHook'>, {
    directory: { list },
    clock: () => 1,
  });
  const run = (name: string) => hooks.get(name)?.(() => undefined);
  return { noteAsked, start: () => run('onListen'), stop: () => run('preClose') };
}

it('forecasts the day of each workload in the background only while somebody looks at the list', () => {
  let looks = 0;
  const { noteAsked, start, stop } = keeping(() => {
    looks++;
    return [];
  });
  start();
  vi.advanceTimersByTime(hourMs);
  expect(looks).toBe(0);
  noteAsked();
  vi.advanceTimersByTime(15_000);
  expect(looks).toBe(1);
  vi.advanceTimersByTime(2 * hourMs);
  looks = 0;
  vi.advanceTimersByTime(hourMs);
  expect(looks).toBe(0);
  stop();
});

it('goes on with the others where a model fails, which stops no server', async () => {
  const asked: string[] = [];
  const workload = (name: string) => {
    const forecast = () => {
      asked.push(name);
      throw new RangeError(`${name} fails`);
    };
    return { model: { gridSeconds: 300, newestSeconds: () => 0, forecast } } as unknown as WorkloadView;
  };
  const workloads = [workload('one'), workload('other')];
  const { noteAsked, start, stop } = keeping(() => workloads);
  start();
  noteAsked();
  vi.advanceTimersByTime(15_000);
  // Vitest fails where a rejection has nobody who handles it.
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toEqual(['one', 'other']);
  stop();
});
