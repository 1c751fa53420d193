import { formatDuration } from '../../platform/duration.ts';
import type { CommandIo } from '../command-io.ts';
import type { Flag, FlagReading } from '../flags.ts';

/** Whole grid steps of `--horizon`. What lies beyond the last whole step is left out, which stderr says. */
export function readHorizonSteps(
  flags: FlagReading<{ readonly horizonSeconds: Flag<number> }>,
  horizonSeconds: number,
  gridSeconds: number,
  io: CommandIo,
): number {
  const text = flags.textOf('horizonSeconds');
  // A horizon in fractions of a second divides with a rounding error.
  const steps = Math.floor(horizonSeconds / gridSeconds + 1e-9);
  const step = formatDuration(gridSeconds);
  if (steps < 1) flags.wrong('--horizon', `"${text}" is shorter than one step, ${step}`);
  flags.check();
  if (Math.abs(steps * gridSeconds - horizonSeconds) > 1e-6) {
    const used = formatDuration(steps * gridSeconds);
    io.stderr(`--horizon ${text} is no multiple of the step, ${step}: the forecast ends at ${used}\n`);
  }
  return steps;
}
