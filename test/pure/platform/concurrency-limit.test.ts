import { expect, it } from 'vitest';
import { createConcurrencyLimit } from '../../../src/platform/turns/concurrency-limit.ts';

/** Work that ends when the test says so, and the order in which pieces of it began. */
function createWork() {
  const began: string[] = [];
  const endings = new Map<string, () => void>();
  return {
    began,
    start: (name: string) => () => {
      began.push(name);
      return new Promise<string>((resolve) => endings.set(name, () => resolve(name)));
    },
    end: (name: string) => endings.get(name)?.(),
  };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

it('runs at most so many at once, in the order of asking', async () => {
  const limit = createConcurrencyLimit(2);
  const work = createWork();
  const all = ['a', 'b', 'c', 'd'].map((name) => limit.run(work.start(name)));
  await nextTurn();
  expect(work.began).toEqual(['a', 'b']);
  work.end('b');
  await nextTurn();
  expect(work.began).toEqual(['a', 'b', 'c']);
  work.end('a');
  await nextTurn();
  for (const name of ['c', 'd']) work.end(name);
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
});

it('lets the next one run when work has failed', async () => {
  const limit = createConcurrencyLimit(1);
  await expect(limit.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await limit.run(async () => 7)).toBe(7);
});

it('rejects at once whoever gives up waiting, and loses no turn by it', async () => {
  const limit = createConcurrencyLimit(1);
  const work = createWork();
  const first = limit.run(work.start('first'));
  const caller = new AbortController();
  const second = limit.run(work.start('second'), caller.signal);
  const third = limit.run(work.start('third'));
  await nextTurn();
  caller.abort('gone');
  await expect(second).rejects.toBe('gone');
  work.end('first');
  await first;
  await nextTurn();
  expect(work.began).toEqual(['first', 'third']);
  work.end('third');
  expect(await third).toBe('third');
});

it('hands a turn on that comes in the same moment as the abort', async () => {
  const limit = createConcurrencyLimit(1);
  const work = createWork();
  const caller = new AbortController();
  const first = limit.run(work.start('first'));
  const second = limit.run(work.start('second'), caller.signal);
  const third = limit.run(work.start('third'));
  await nextTurn();
  caller.abort('gone');
  work.end('first');
  await expect(second).rejects.toBe('gone');
  await first;
  await nextTurn();
  expect(work.began).toEqual(['first', 'third']);
  work.end('third');
  expect(await third).toBe('third');
});

it('gives a group no more than its share, and lets groups take turns whoever asked first', async () => {
  const limit = createConcurrencyLimit(4, 2);
  const work = createWork();
  const all = [
    ...[1, 2, 3, 4, 5].map((n) => limit.run(work.start(`a${n}`), undefined, 'a')),
    ...[1, 2, 3].map((n) => limit.run(work.start(`b${n}`), undefined, 'b')),
    limit.run(work.start('c1'), undefined, 'c'),
  ];
  await nextTurn();
  expect(work.began).toEqual(['a1', 'a2', 'b1', 'b2']);
  for (const [ended, begins] of [
    ['a1', 'a3'],
    ['b1', 'b3'],
    ['a2', 'c1'],
    ['c1', 'a4'],
    ['b2', undefined],
    ['a3', 'a5'],
  ]) {
    const before = work.began.length;
    work.end(ended ?? '');
    await nextTurn();
    expect(work.began.slice(before), `after ${ended}`).toEqual(begins === undefined ? [] : [begins]);
  }
  for (const name of ['a4', 'a5', 'b3']) work.end(name);
  expect(await Promise.all(all)).toHaveLength(9);
});

it('forgets a group whose work is over, and one that has given up waiting', async () => {
  const limit = createConcurrencyLimit(2, 1);
  const work = createWork();
  const caller = new AbortController();
  const first = limit.run(work.start('a1'), undefined, 'a');
  const gone = limit.run(work.start('a2'), caller.signal, 'a');
  await nextTurn();
  caller.abort('gone');
  await expect(gone).rejects.toBe('gone');
  work.end('a1');
  await first;
  const [next, other] = [
    limit.run(work.start('a3'), undefined, 'a'),
    limit.run(work.start('b1'), undefined, 'b'),
  ];
  await nextTurn();
  expect(work.began).toEqual(['a1', 'a3', 'b1']);
  for (const name of ['a3', 'b1']) work.end(name);
  await Promise.all([next, other]);
});
