import { createRandom } from '../../../../src/load-shapes/index.ts';

/** Roughly normal, mean 0, standard deviation 1: the sum of twelve uniforms less six. */
export function normal(random: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random();
  return sum;
}

const day = 86_400;

/** A clean working week: a hump by day, half as high at weekends. Unix 0 is a Thursday. */
export function workingWeek(unixSeconds: number, level = 100): number {
  const days = unixSeconds / day;
  const weekday = (Math.floor(days) + 4) % 7;
  const isWeekend = weekday === 0 || weekday === 6;
  const hour = (days % 1) * 24;
  const hump = Math.max(0, Math.sin(((hour - 6) / 14) * Math.PI));
  return level * (0.2 + (isWeekend ? 0.35 : 0.8) * hump);
}

/** The working week with noise whose size follows the square root of the level, as counts have it. */
export function noisyWeek(seed: number, noise = 1): (unixSeconds: number) => number {
  const random = createRandom(seed);
  return (unixSeconds) => {
    const value = workingWeek(unixSeconds);
    return Math.max(0, value + noise * Math.sqrt(value) * normal(random));
  };
}
