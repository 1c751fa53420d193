import { calendarOf } from '../../../src/what-if/models/index.ts';
import { horizonsOn } from '../../horizons.ts';
import type { Trace } from '../../replay/trace.ts';
import type { Predictions } from '../ask-opponent.ts';
import { spreadOver, windowBefore } from '../window.ts';
import { startOutsideForecaster } from './outside-forecaster.ts';

/** Name of the outside forecaster in tables. */
export const outsideName = 'outside forecaster';

/** Asks an outside forecaster at a sample of the origins of one trace. */
export async function askOutside(
  command: string,
  { grid }: Trace,
  origins: Int32Array,
  originsAtMost: number,
): Promise<Predictions> {
  const horizonsSeconds = horizonsOn(grid.stepSeconds);
  const steps = horizonsSeconds.map((seconds) => seconds / grid.stepSeconds);
  const horizonSteps = Math.max(1, ...steps);
  const usable = origins.filter((origin) => origin + horizonSteps < grid.values.length);
  const asked = spreadOver(usable.length, originsAtMost, calendarOf(grid.stepSeconds).daySteps);
  const paths = horizonsSeconds.map(() => new Float64Array(origins.length).fill(Number.NaN));
  const forecaster = startOutsideForecaster(command);
  try {
    for (const index of asked) {
      const task = windowBefore(grid, usable[index]!, horizonSteps);
      const median = (await forecaster.ask(task, grid.stepSeconds))?.['0.5'];
      if (median === undefined) continue;
      for (const [h, column] of paths.entries()) column[index] = median[steps[h]! - 1]!;
    }
  } finally {
    await forecaster.close();
  }
  return { opponent: outsideName, paths, isSampled: true, milliseconds: Number.NaN };
}
