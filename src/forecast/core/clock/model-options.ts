import type { ModelOptions } from '../contract.ts';
import { daySeconds } from './grid.ts';

/**
 * The model options among what a user asked, calibrated as far ahead as `horizonSeconds`. Only a horizon beyond the shortest
 * season, which is the default, makes another model.
 */
export function modelOptionsFor(
  { seasonsSeconds, timeZone }: Omit<ModelOptions, 'maxHorizonSeconds'>,
  horizonSeconds: number,
): ModelOptions {
  const isFar = horizonSeconds > (seasonsSeconds?.[0] ?? daySeconds);
  return { seasonsSeconds, timeZone, maxHorizonSeconds: isFar ? horizonSeconds : undefined };
}
