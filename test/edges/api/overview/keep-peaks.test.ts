import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ApiInstance } from '../../../../src/api/instance.ts';
import { keepPeaks } from '../../../../src/api/overview/keep-peaks.ts';

const hourMs = 3_600_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

it('forecasts the day of each workload in the background only while somebody looks at the list', () => {
  const hooks = new Map<string, (done: () => void) => void>();
  const app = { addHook: (name: string, hook: (done: () => void) => void) => void hooks.set(name, hook) };
  let looks = 0;
  const list = () => {
    looks++;
    return [];
  };
  const noteAsked = keepPeaks(app as unknown as Pick<ApiInstance, 'addHook'>, {
    directory: { list },
    clock: () => 1,
  });
  hooks.get('onListen')?.(() => undefined);
  vi.advanceTimersByTime(hourMs);
  expect(looks).toBe(0);
  noteAsked();
  vi.advanceTimersByTime(15_000);
  expect(looks).toBe(1);
  vi.advanceTimersByTime(2 * hourMs);
  looks = 0;
  vi.advanceTimersByTime(hourMs);
  expect(looks).toBe(0);
  hooks.get('preClose')?.(() => undefined);
});
