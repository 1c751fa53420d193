import type { Trace } from '../../replay/trace.ts';
import { askAtSample, type Predictions } from '../ask-opponent.ts';
import { askTasks } from './ask-tasks.ts';
import { startOutsideForecaster } from './outside-forecaster.ts';

/** Name of the outside forecaster in tables. */
export const outsideName = 'outside forecaster';

/** Asks an outside forecaster at a sample of the origins of one trace. */
export async function askOutside(
  command: string,
  trace: Trace,
  origins: Int32Array,
  { originsAtMost, signal }: { readonly originsAtMost: number; readonly signal?: AbortSignal | undefined },
): Promise<Predictions> {
  const forecaster = startOutsideForecaster(command, signal);
  try {
    const asked = await askAtSample(trace, origins, originsAtMost, (tasks) =>
      askTasks(forecaster, tasks, trace.grid.stepSeconds),
    );
    return { opponent: outsideName, ...asked };
  } finally {
    await forecaster.close();
  }
}
