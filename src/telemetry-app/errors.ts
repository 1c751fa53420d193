import type { Random } from '../load/random.ts';

/** Whether the next request fails. */
export type ErrorInjection = () => boolean;

/**
 * An independent draw for each request, so that any share is met, decimals included; a counter with a modulo
 * would turn 40 % into 50 % and 70 % into 100 %.
 */
export function errorShare(percent: number, random: Random): ErrorInjection {
  return percent === 0 ? () => false : () => random() * 100 < percent;
}
