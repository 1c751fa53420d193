import { expect, it } from 'vitest';
import { createRotation } from '../../../src/platform/turns/rotation.ts';

const member = (group: string, name: string) => ({ group, name });
const [a1, a2, a3] = [member('a', 'a1'), member('a', 'a2'), member('a', 'a3')];
const [b1, c1] = [member('b', 'b1'), member('c', 'c1')];

it('lets groups take turns, and the members of a group in the order of coming', () => {
  const rotation = createRotation<typeof a1>();
  for (const one of [a1, a2, a3, b1, c1]) rotation.add(one);
  expect(rotation.size).toBe(5);
  const taken = Array.from({ length: 6 }, () => rotation.take()?.name);
  expect(taken).toEqual(['a1', 'b1', 'c1', 'a2', 'a3', undefined]);
  expect(rotation.size).toBe(0);
});

it('knows who waits, counts nobody twice, and forgets who has left', () => {
  const rotation = createRotation<typeof a1>();
  for (const one of [a1, a1, a2]) rotation.add(one);
  expect([rotation.size, rotation.has(a1), rotation.has(a3), rotation.has(b1)]).toEqual([
    2,
    true,
    false,
    false,
  ]);
  for (const one of [a1, a1, b1]) rotation.delete(one);
  expect([rotation.size, rotation.take(), rotation.take()]).toEqual([1, a2, undefined]);
});

it('gives a group that comes back its turn after the others', () => {
  const rotation = createRotation<typeof a1>();
  for (const one of [a1, b1]) rotation.add(one);
  expect(rotation.take()).toBe(a1);
  rotation.add(a2);
  expect([rotation.take(), rotation.take()]).toEqual([b1, a2]);
});

it('passes over groups that are not ready, which keep their place', () => {
  const rotation = createRotation<typeof a1>();
  for (const one of [a1, b1, c1]) rotation.add(one);
  expect(rotation.take((group) => group !== 'a')).toBe(b1);
  expect(rotation.take(() => false)).toBeUndefined();
  expect([rotation.take(), rotation.take()]).toEqual([a1, c1]);
});
