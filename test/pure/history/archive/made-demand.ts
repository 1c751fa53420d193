import type { RollUp } from '../../../../src/history/archive/roll-ups/roll-up.ts';

/** Chance that is the same in every run, 0–1. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Roll-ups of five minutes of a workload with days, weeks and noise of 5 %. */
export function madeRollUps(count: number, startSeconds: number, seed = 7): RollUp[] {
  const chance = seeded(seed);
  return Array.from({ length: count }, (_, index) => {
    const atSeconds = startSeconds + index * 300;
    const day = 1 + 0.6 * Math.sin((2 * Math.PI * atSeconds) / 86_400);
    const week = (atSeconds / 86_400) % 7 < 5 ? 1 : 0.6;
    const noise = 1 + 0.05 * (chance() + chance() + chance() - 1.5) * 2;
    const mean = 120 * day * week * noise;
    return { atSeconds, mean, peak: mean * (1 + 0.3 * chance() ** 2), rows: 5, isCensored: false };
  });
}
