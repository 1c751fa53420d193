import { expect, it } from 'vitest';
import { boundedList } from '../../../../src/platform/terminal/bounded-list.ts';

it('names as many as it may, and counts the others', () => {
  expect(boundedList(['a', 'b'], 2)).toEqual(['a', 'b']);
  expect(boundedList(['a', 'b', 'c', 'd'], 2)).toEqual(['a', 'b', 'and 2 more']);
});
