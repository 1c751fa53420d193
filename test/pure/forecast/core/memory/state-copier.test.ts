import { describe, expect, it } from 'vitest';
import {
  createStateReader,
  createStateWriter,
  type StateCopier,
} from '../../../../../src/forecast/core/memory/state-copier.ts';

it('numbers in a state are read to the bit', () => {
  const numbers = [
    0,
    -0,
    7,
    -7,
    0.1,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    2 ** 53,
    5e-324,
    Number.NaN,
    Infinity,
    -Infinity,
  ];
  const partOf = (values: number[]) => ({ copyState: (copier: StateCopier) => copier.list(values) });
  const read: number[] = [];
  createStateReader().restore(partOf(read), createStateWriter().written(partOf(numbers)));
  for (const [i, number] of numbers.entries()) expect(read[i]).toBe(number);
});

describe('counts in a state', () => {
  const made = Uint16Array.of(9, 0, 254, 255, 256, 65_535, 1, 9);
  const partOf = (values: Uint16Array, from: number, to: number) => ({
    copyState: (copier: StateCopier) => copier.counts(values, from, to),
  });

  it('are read as they were written, and leave the others', () => {
    const written = createStateWriter().written(partOf(made, 1, 7));
    const read = new Uint16Array(made.length);
    createStateReader().restore(partOf(read, 1, 7), written);
    expect([...read]).toEqual([0, 0, 254, 255, 256, 65_535, 1, 0]);
  });

  it('take a byte each where they are small, as nearly all are', () => {
    expect(createStateWriter().written(partOf(made, 1, 3))).toHaveLength(2);
    expect(createStateWriter().written(partOf(made, 1, 7))).toHaveLength(3 + 3 * 3);
    expect(createStateWriter().written(partOf(made, 3, 3))).toHaveLength(0);
  });
});
