import { expect, it } from 'vitest';
import { silentLogger } from '../../../src/platform/log.ts';
import type { Workloads } from '../../../src/scaler/directory/workloads.ts';
import type { Workload } from '../../../src/scaler/workload.ts';
import { warmUp } from '../../../src/server/warm-up.ts';

const openingMs = 1;
const options = { timeoutMs: 1_000, log: silentLogger };

/** Workloads that take a millisecond each to open. */
function createFake(firstHistoryOf: (name: string) => Promise<void> = async () => undefined) {
  const opened: string[] = [];
  const workloads = {
    expect: () => undefined,
    open({ name }: { readonly name: string }) {
      if (name === 'bad') throw new Error('bad metadata');
      const untilMs = performance.now() + openingMs;
      while (performance.now() < untilMs);
      opened.push(name);
      return { firstHistory: firstHistoryOf(name) } as Workload;
    },
  };
  return { workloads: workloads as unknown as Workloads, opened };
}

const known = (name: string, askedSecondsAgo = 10) => ({
  namespace: 'shop',
  name,
  scalerMetadata: {},
  askedSecondsAgo,
});

it('lets the event loop turn while it opens what is known from before a restart', async () => {
  const { workloads, opened } = createFake();
  const names = Array.from({ length: 50 }, (_, index) => `app-${index}`);
  const warm = warmUp(
    workloads,
    [],
    names.map((name) => known(name)),
    options,
  );
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

it('opens first what KEDA asked for last', async () => {
  const { workloads, opened } = createFake();
  const all = [known('idle', 50_000), known('b', 20), known('bad', 15), known('a', 12), known('c', 40)];
  await warmUp(workloads, [], all, options);
  expect(opened).toEqual(['a', 'b', 'c', 'idle']);
});

it('is done when what KEDA asked for lately is read, however long ago that is, and waits for nothing else', async () => {
  const never = new Promise<void>(() => undefined);
  const { workloads } = createFake((name) => (name === 'idle' ? never : Promise.resolve()));
  // The server was away for an hour.
  const warm = await warmUp(workloads, [], [known('a', 3_600), known('idle', 4_000), known('b', 3_700)], {
    ...options,
    timeoutMs: 60_000,
  });
  await warm.done;
  expect(warm.pending()).toEqual([]);
});

it('waits for declared workloads, and names what it waits for', async () => {
  let read = (): void => undefined;
  const reading = new Promise<void>((resolve) => {
    read = resolve;
  });
  const { workloads } = createFake((name) => (name === 'slow' ? reading : Promise.resolve()));
  const declared = ['slow', 'fast'].map((name) => ({ namespace: 'shop', name, metadata: {} }));
  const warm = await warmUp(workloads, declared, [known('a')], { ...options, timeoutMs: 60_000 });
  await Promise.resolve();
  expect(warm.pending()).toEqual(['the history of shop/slow is being read']);
  read();
  await warm.done;
  expect(warm.pending()).toEqual([]);
});

it('names some of the workloads that it waits for, and says how many more there are', async () => {
  const { workloads } = createFake(() => new Promise(() => undefined));
  const all = Array.from({ length: 300 }, (_, index) => known(`app-${index}`));
  const warm = await warmUp(workloads, [], all, options);
  expect(warm.pending()).toHaveLength(21);
  expect(warm.pending().at(-1)).toBe('and 280 more');
});

it('opens nothing more once the server closes', async () => {
  const { workloads, opened } = createFake();
  const closing = new AbortController();
  const names = Array.from({ length: 200 }, (_, index) => `app-${index}`);
  const warming = warmUp(
    workloads,
    [],
    names.map((name) => known(name)),
    { ...options, signal: closing.signal },
  );
  await new Promise((resolve) => setImmediate(resolve));
  closing.abort();
  expect(await (await warming).opened).toBe(false);
  expect(opened.length).toBeLessThan(names.length);
});
