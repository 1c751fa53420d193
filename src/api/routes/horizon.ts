import { formatDuration } from '../../platform/duration.ts';
import { invalidField } from '../../platform/errors.ts';

/** Number of whole steps in a horizon. Throws `invalid-argument` where it is below one or above `maxSteps`. */
export function horizonStepsWithin(horizonSeconds: number, stepSeconds: number, maxSteps: number): number {
  // The small addition absorbs the rounding error of fractions of a second.
  const steps = Math.floor(horizonSeconds / stepSeconds + 1e-9);
  if (steps >= 1 && steps <= maxSteps) return steps;
  const message = `horizon: ${formatDuration(horizonSeconds)} must be from ${formatDuration(stepSeconds)}, one step, to ${formatDuration(stepSeconds * maxSteps)}`;
  throw invalidField('horizon', message, formatDuration(horizonSeconds));
}
