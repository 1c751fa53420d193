import { formatDuration } from '../platform/duration.ts';
import type { CommandIo } from './command-io.ts';
import type { FlagValues } from './flag-values.ts';

/** Whole grid steps of `--horizon`; what is beyond the last one is left out and said. */
export function readHorizonSteps(
  text: string,
  horizonSeconds: number,
  gridSeconds: number,
  values: FlagValues,
  io: CommandIo,
): number {
  // A horizon in fractions of a second divides with a rounding error.
  const steps = Math.floor(horizonSeconds / gridSeconds + 1e-9);
  const step = formatDuration(gridSeconds);
  if (steps < 1) values.fault('--horizon', `"${text}" is shorter than one step, ${step}`, text);
  values.check();
  if (Math.abs(steps * gridSeconds - horizonSeconds) > 1e-6) {
    const used = formatDuration(steps * gridSeconds);
    io.stderr(`--horizon ${text} is no multiple of the step, ${step}: the forecast ends at ${used}\n`);
  }
  return steps;
}
