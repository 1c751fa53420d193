import { createRandom, type Random } from '../../src/load-shapes/random.ts';

/** Durations of starts, seconds, drawn from a distribution whose p95 is known. */
export interface StartUpTimes {
  readonly p95Seconds: number;
  draw(random: Random): number;
}

/** A draw from the standard normal distribution (Box and Muller). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The 95th percentile of the standard normal distribution. */
const z95 = 1.6449;

function lognormal(medianSeconds: number, sigma: number): StartUpTimes {
  return {
    p95Seconds: medianSeconds * Math.exp(z95 * sigma),
    draw: (random) => medianSeconds * Math.exp(sigma * normal(random)),
  };
}

/** Known distributions of start-up times. */
export const startUpTimes = {
  constant: { p95Seconds: 60, draw: () => 60 },
  lognormal: lognormal(60, 0.3),
  'wide lognormal': lognormal(60, 0.5),
  uniform: { p95Seconds: 87, draw: (random) => 30 + 60 * random() },
  /** One start in five waits for a node: 160 to 220 s more. The p95 is then the third quartile of those that wait. */
  'with node delay': {
    p95Seconds: 30 + 160 + 45,
    draw: (random) => 30 + (random() < 0.2 ? 160 + 60 * random() : 0),
  },
} satisfies Record<string, StartUpTimes>;

/** Draws as many starts, in whole seconds as kube-state-metrics has them. */
export function drawStarts(times: StartUpTimes, count: number, seed: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => Math.max(1, Math.round(times.draw(random))));
}
