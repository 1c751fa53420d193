import type { GridSeries } from '../trace.ts';
import { calendarOf, type Opponent } from './contract.ts';

/** What a streaming opponent says at the origins: `paths[horizon]`, one value an origin. One walk through the grid. */
export function streamOpponent(
  opponent: Opponent & { kind: 'streaming' },
  grid: GridSeries,
  origins: Int32Array,
  horizonsSeconds: readonly number[],
): Float64Array[] {
  const model = opponent.create(calendarOf(grid.stepSeconds));
  const steps = horizonsSeconds.map((seconds) => seconds / grid.stepSeconds);
  const paths = horizonsSeconds.map(() => new Float64Array(origins.length));
  let next = 0;
  for (let index = 0; index < grid.values.length && next < origins.length; index++) {
    model.observe(grid.values[index] ?? Number.NaN);
    if (index !== origins[next]) continue;
    for (let h = 0; h < steps.length; h++) {
      const path = paths[h];
      if (path !== undefined) path[next] = model.at(steps[h] ?? 1);
    }
    next++;
  }
  return paths;
}
