import { expect, it } from 'vitest';
import { createStandings } from '../../../src/history/joint/standing.ts';

it('remembers the callers that asked last, and not all that ever asked', () => {
  const standings = createStandings();
  const [steady, left] = [standings.of('steady', 2_000), standings.of('left', 2_000)];
  for (let index = 0; index < 10_000; index++) {
    standings.of(`edited ${index}`, 2_000);
    expect(standings.of('steady', 2_000)).toBe(steady);
  }
  expect(standings.of('left', 2_000)).not.toBe(left);
});
