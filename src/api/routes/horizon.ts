import { formatDuration } from '../../platform/duration.ts';
import { ForescaleError } from '../../platform/errors.ts';

/** How many whole steps a horizon has; throws where it is shorter than one or longer than `maxSteps`. */
export function horizonStepsWithin(horizonSeconds: number, stepSeconds: number, maxSteps: number): number {
  // A horizon and a step in fractions of a second divide with a rounding error.
  const steps = Math.floor(horizonSeconds / stepSeconds + 1e-9);
  if (steps >= 1 && steps <= maxSteps) return steps;
  const message = `horizon: ${formatDuration(horizonSeconds)} must be from ${formatDuration(stepSeconds)}, one step, to ${formatDuration(stepSeconds * maxSteps)}`;
  throw new ForescaleError('invalid-argument', message, {
    fieldErrors: [{ field: 'horizon', value: formatDuration(horizonSeconds), message }],
  });
}
