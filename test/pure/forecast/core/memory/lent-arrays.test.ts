import { describe, expect, it } from 'vitest';
import { LentArrays } from '../../../../../src/forecast/core/memory/lent-arrays.ts';

describe('arrays that series lend', () => {
  const parts = () => [
    { values: Float32Array.of(0.5, Number.NaN, 2) },
    { values: Uint8Array.of(7) },
    { values: Uint16Array.of(65_535, 1, 2) },
  ];

  it('begin as the engine was made', () => {
    const engine = parts();
    const lent = new LentArrays(engine);
    lent.workIn(lent.blank());
    expect(engine).toEqual(parts());
  });

  it('keep what was written for each series apart, wherever the engine works meanwhile', () => {
    const engine = parts();
    const lent = new LentArrays(engine);
    const [one, other] = [lent.blank(), lent.blank()];
    lent.workIn(one);
    for (const part of engine) part.values[0] = 3;
    lent.workIn(other);
    expect(engine).toEqual(parts());
    for (const part of engine) part.values[0] = 4;
    lent.workIn(one);
    expect(engine.map(({ values }) => values[0])).toEqual([3, 3, 3]);
  });

  it('are lent in part where only the first are needed', () => {
    const engine = parts();
    const lent = new LentArrays(engine);
    const [memory, other] = [lent.blank(), lent.blank()];
    lent.workIn(memory);
    for (const part of engine) part.values[0] = 3;
    lent.workIn(other);
    lent.workIn(memory, 2);
    expect(engine.map(({ values }) => values[0])).toEqual([3, 3, 65_535]);
  });
});
