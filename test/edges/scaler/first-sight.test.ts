import { expect, it } from 'vitest';
import { createFirstSight } from '../../../src/scaler/first-sight.ts';
import type { Workload } from '../../../src/scaler/workload.ts';

const ref = (name: string, namespace = 'shop') => ({ namespace, name, scalerMetadata: {} });

/** Workloads of which `known` are open, and a clock on which opening one takes 4 ms. */
function createFake(known: readonly string[] = [], options: { readonly mostWaiting?: number } = {}) {
  const opened: string[] = [];
  let nowMs = 0;
  const workload = (name: string) => ({ name }) as Workload;
  const firstSight = createFirstSight(
    {
      opened: ({ name }) => (known.includes(name) ? workload(name) : undefined),
      open({ name }) {
        nowMs += 4;
        if (name === 'bad') throw new Error('bad metadata');
        opened.push(name);
        return workload(name);
      },
    },
    { sliceMs: 10, nowMs: () => nowMs, ...options },
  );
  return { firstSight, opened };
}

const eventLoopTurn = () => new Promise((resolve) => setImmediate(resolve));

it('opens a slice of workloads in a turn of the event loop, in the order of asking', async () => {
  const { firstSight, opened } = createFake();
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const all = Promise.all(names.map((name) => firstSight.open(ref(name))));
  const perTurn: number[] = [];
  while (opened.length < names.length) {
    const before = opened.length;
    await eventLoopTurn();
    perTurn.push(opened.length - before);
  }
  expect(opened).toEqual(names);
  // Three of 4 ms each fill a slice of 10 ms.
  expect(Math.max(...perTurn)).toBe(3);
  expect((await all).map(({ name }) => name)).toEqual(names);
});

it('gives a workload that is open at once, without a promise', () => {
  const { firstSight, opened } = createFake(['a']);
  expect(firstSight.opened(ref('a'))).toEqual({ name: 'a' });
  expect(opened).toEqual([]);
});

it('refuses one that cannot be opened and opens those after it', async () => {
  const { firstSight } = createFake();
  const [bad, good] = [firstSight.open(ref('bad')), firstSight.open(ref('good'))];
  await expect(bad).rejects.toThrow('bad metadata');
  expect((await good).name).toBe('good');
});

it('lets namespaces take turns, whatever number of workloads one of them asks for', async () => {
  const { firstSight, opened } = createFake();
  const greedy = Array.from({ length: 100 }, (_, index) => firstSight.open(ref(`greedy-${index}`, 'greedy')));
  await firstSight.open(ref('honest'));
  expect(opened.length).toBeLessThanOrEqual(4);
  await Promise.all(greedy);
  expect(opened).toHaveLength(101);
});

it('does not open a workload for which nobody waits any more', async () => {
  const { firstSight, opened } = createFake();
  const caller = new AbortController();
  const first = firstSight.open(ref('a'));
  const gone = firstSight.open(ref('b'), caller.signal);
  const last = firstSight.open(ref('c'));
  caller.abort('gone');
  await expect(gone).rejects.toBe('gone');
  await Promise.all([first, last]);
  expect(opened).toEqual(['a', 'c']);
});

it('refuses more calls of a namespace than may wait, and none of another', async () => {
  const { firstSight, opened } = createFake([], { mostWaiting: 2 });
  const [, , third] = ['a', 'b', 'c'].map((name) => firstSight.open(ref(name)));
  await expect(third).rejects.toThrow(/^shop\/c: nothing observed yet; .* ask again$/);
  await firstSight.open(ref('d', 'other'));
  await firstSight.open(ref('e'));
  expect(opened.sort()).toEqual(['a', 'b', 'd', 'e']);
});
