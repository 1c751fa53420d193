import { expect, it } from 'vitest';
import { historyFrom } from '../../../../../src/forecast/core/answers/history.ts';
import { lengthsOf } from '../../../../../src/forecast/core/clock/lengths.ts';
import { createEngine } from '../../../../../src/forecast/core/engine/engine.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';

it('the history is what was observed in a span, in demand, without what is missing', () => {
  const engine = createEngine(lengthsOf({ stepSeconds: 3600 }), undefined, createScratch());
  for (const [i, value] of [8, 4, Number.NaN, 0, 2].entries()) engine.observe((i + 1) * 3600, value);
  const { timestamps, values } = historyFrom(engine, 2 * 3600, 5 * 3600);
  expect([...timestamps]).toEqual([2, 4, 5].map((i) => i * 3600));
  for (const [i, value] of [4, 0, 2].entries()) expect(values[i]).toBeCloseTo(value, 2);
  expect(historyFrom(engine, 6 * 3600, 9 * 3600).values).toHaveLength(0);
});
