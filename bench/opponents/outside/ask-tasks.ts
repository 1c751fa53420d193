import type { WindowAnswer, WindowTask } from '../contract.ts';
import type { OutsideForecaster } from './outside-forecaster.ts';

/** Asks an outside forecaster for medians, one task after the other. */
export async function askTasks(
  forecaster: OutsideForecaster,
  tasks: readonly WindowTask[],
  stepSeconds: number,
): Promise<WindowAnswer[]> {
  const answers: WindowAnswer[] = [];
  for (const task of tasks) {
    const { quantiles, cpuMilliseconds } = await forecaster.ask(task, stepSeconds, [0.5]);
    answers.push({ path: quantiles?.['0.5'], milliseconds: cpuMilliseconds });
  }
  return answers;
}
