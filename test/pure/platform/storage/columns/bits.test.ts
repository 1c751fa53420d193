import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBitReader, createBitWriter } from '../../../../../src/platform/storage/columns/bits.ts';

const groups = fc.array(
  fc
    .integer({ min: 0, max: 53 })
    .chain((count) => fc.tuple(fc.integer({ min: 0, max: 2 ** count - 1 }), fc.constant(count))),
  { maxLength: 400 },
);

it('reads back groups of up to 53 bits, whatever their number', () => {
  fc.assert(
    fc.property(groups, (given) => {
      const writer = createBitWriter();
      for (const [value, count] of given) writer.bits(value, count);
      const reader = createBitReader(writer.bytes());
      for (const [value, count] of given) expect(reader.bits(count)).toBe(value);
    }),
    { numRuns: 200, seed: 1 },
  );
});

it('has the last bits where all before them fill whole bytes', () => {
  for (let ones = 4_080; ones < 4_120; ones++) {
    const writer = createBitWriter();
    for (let bit = 0; bit < ones; bit++) writer.bits(1, 1);
    const reader = createBitReader(writer.bytes());
    expect(Array.from({ length: ones }, () => reader.bits(1)).every((bit) => bit === 1)).toBe(true);
    expect(reader.bits(1)).toBe(0);
  }
});
