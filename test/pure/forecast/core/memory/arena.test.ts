import { expect, it } from 'vitest';
import { createArena } from '../../../../../src/forecast/core/memory/arena.ts';

it('an arena keeps what its parts hold when it grows, and gives new room that is 0', () => {
  const { numbers, codes } = createArena();
  const first = numbers.reserve(2);
  numbers.values[first] = 7;
  numbers.values[first + 1] = 8;
  const second = numbers.reserve(3);
  expect(second).toBe(first + 2);
  expect([...numbers.values]).toEqual([7, 8, 0, 0, 0]);
  expect(codes.values).toHaveLength(0);
});

it('an arena that is trimmed keeps what its parts hold and no room for more', () => {
  const arena = createArena();
  const at = arena.numbers.reserve(3);
  arena.numbers.values[at] = 7;
  arena.trim();
  expect([...arena.numbers.values]).toEqual([7, 0, 0]);
  expect(arena.numbers.values.buffer.byteLength).toBe(3 * 4);
  expect(arena.numbers.reserve(1)).toBe(3);
  expect([...arena.numbers.values]).toEqual([7, 0, 0, 0]);
});
