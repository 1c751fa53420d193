import { expect, it } from 'vitest';
import { pathTableFor } from '../../../../../src/forecast/core/combination/path-table.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';

it('the path table of a scratch is shared where it is long enough, and made anew where it is not', () => {
  const scratch = createScratch();
  const table = pathTableFor(scratch, 3, 48);
  expect(pathTableFor(scratch, 3, 24)).toBe(table);
  const longer = pathTableFor(scratch, 3, 96);
  expect(longer.horizonSteps).toBe(96);
  expect(pathTableFor(scratch, 2, 24).ofExpert).toHaveLength(2);
  expect(pathTableFor(createScratch(), 3, 48)).not.toBe(table);
});

it('the path of an expert is its part of the table', () => {
  const { ofExpert, values, horizonSteps } = pathTableFor(createScratch(), 3, 48);
  ofExpert[2]?.fill(5);
  expect(values[2 * horizonSteps]).toBe(5);
  expect(values[2 * horizonSteps - 1]).toBe(0);
});
