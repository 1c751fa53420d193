import { expect, it } from 'vitest';
import { createFirstSight } from '../../../src/scaler/first-sight.ts';
import type { Workload } from '../../../src/scaler/workload.ts';

const ref = (name: string) => ({ namespace: 'shop', name, scalerMetadata: {} });

/** Workloads of which `known` are open, and a clock on which opening one takes 4 ms. */
function createFake(known: readonly string[] = []) {
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
    { sliceMs: 10, nowMs: () => nowMs },
  );
  return { firstSight, opened };
}

const eventLoopTurn = () => new Promise((resolve) => setImmediate(resolve));

it('opens a slice of workloads in a turn of the event loop, in the order of asking', async () => {
  const { firstSight, opened } = createFake();
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const all = Promise.all(names.map((name) => firstSight(ref(name))));
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
  expect(firstSight(ref('a'))).toEqual({ name: 'a' });
  expect(opened).toEqual([]);
});

it('refuses one that cannot be opened and opens those after it', async () => {
  const { firstSight } = createFake();
  const [bad, good] = [firstSight(ref('bad')), firstSight(ref('good'))];
  await expect(bad).rejects.toThrow('bad metadata');
  expect((await good).name).toBe('good');
});
