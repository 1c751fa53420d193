import { expect, it } from 'vitest';
import { createCounts } from '../../../../src/platform/turns/counts.ts';

it('forgets names that have come and gone', () => {
  const counts = createCounts();
  for (let index = 0; index < 1_000; index++) {
    counts.add(`namespace-${index}`, 2);
    counts.add(`namespace-${index}`, -1);
    if (index > 0) counts.add(`namespace-${index}`, -1);
  }
  expect([counts.size, counts.of('namespace-0'), counts.of('namespace-1')]).toEqual([1, 1, 0]);
});
