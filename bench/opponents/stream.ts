import { calendarOf } from '../../src/what-if/models/index.ts';
import type { GridSeries } from '../replay/trace.ts';
import type { Opponent } from './contract.ts';

/** Predictions of a streaming opponent in one pass over the grid: `paths[horizon]` holds one value per origin. */
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
    model.observe(grid.values[index]!);
    if (index !== origins[next]) continue;
    for (let h = 0; h < steps.length; h++) {
      const path = paths[h];
      if (path !== undefined) path[next] = model.at(steps[h]!);
    }
    next++;
  }
  return paths;
}
