import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomRuns } from '../../../support/random-runs.ts';
import { play, type Tally } from './play.ts';
import { scenario } from './scenario.ts';

/** Test files that share the lives, so that as many processor cores play them. */
const files = 2;

/** Tests the promises with the share of one file, 0 or 1, in random lives. A seed that is given is that of the first file. */
export function describeLives(file: number): void {
  const { numRuns: all, seed } = randomRuns('FORESCALE_SCENARIOS', 300);
  const runs = {
    numRuns: Math.ceil(all / files),
    ...(seed === undefined ? {} : { seed: seed + file }),
  };

  describe('the promises of docs/promises.md', () => {
    it(`hold through ${runs.numRuns} random lives of workloads, sources, models and replicas`, {
      timeout: 1_800_000,
    }, async () => {
      const tally: Tally = { polls: 0, errors: 0, blind: 0, zeros: 0, aboveObserved: 0, compared: 0 };
      await fc.assert(
        fc.asyncProperty(scenario, (life) => play(life, tally)),
        runs,
      );
      // The lives have led into every kind of situation, so that the promises were put to the test.
      for (const count of Object.values(tally))
        expect(count, JSON.stringify(tally)).toBeGreaterThan(runs.numRuns / 10);
    });
  });
}
