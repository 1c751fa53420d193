import { expect, it } from 'vitest';
import { silentLogger } from '../../../src/platform/log.ts';
import type { Workloads } from '../../../src/scaler/directory/workloads.ts';
import type { Workload } from '../../../src/scaler/workload.ts';
import { warmUp } from '../../../src/server/warm-up.ts';

const openingMs = 1;
const options = { timeoutMs: 1_000, log: silentLogger };

/** Workloads that take a millisecond each to open. */
function createFake() {
  const opened: string[] = [];
  const workloads = {
    open({ name }: { readonly name: string }) {
      if (name === 'bad') throw new Error('bad metadata');
      const untilMs = performance.now() + openingMs;
      while (performance.now() < untilMs);
      opened.push(name);
      return { firstHistory: Promise.resolve() } as Workload;
    },
  };
  return { workloads: workloads as unknown as Workloads, opened };
}

const known = (name: string) => ({ namespace: 'shop', name, scalerMetadata: {}, askedSecondsAgo: 10 });

it('lets the event loop turn while it opens what is known from before a restart', async () => {
  const { workloads, opened } = createFake();
  const names = Array.from({ length: 50 }, (_, index) => `app-${index}`);
  const warm = warmUp(workloads, [], names.map(known), options);
  const perTurn: number[] = [];
  while (opened.length < names.length) {
    const before = opened.length;
    await new Promise((resolve) => setImmediate(resolve));
    perTurn.push(opened.length - before);
  }
  await (await warm).done;
  expect(opened).toEqual(names);
  // A slice is 2 ms, and ends with the workload that exceeds it.
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(3);
});

it('names every declared workload that is wrong, and opens the others', async () => {
  const { workloads, opened } = createFake();
  const declared = ['bad', 'good', 'bad'].map((name) => ({ namespace: 'shop', name, metadata: {} }));
  await expect(warmUp(workloads, declared, [], options)).rejects.toThrow(
    /^configuration: 2 errors: workloads\[0\] .*shop\/bad.*workloads\[2\]/,
  );
  expect(opened).toEqual(['good']);
});
