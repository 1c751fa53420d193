import type { ExpertContext, ExpertFactory } from './expert.ts';

/**
 * The running mean of the same moment of earlier weeks (or days), in square-root space: exact for the first 1 / `rate` of
 * them, exponentially weighted from then on. Available once every moment of the season has been observed.
 */
export function slotMean(seasonOf: (context: ExpertContext) => number, rate: number): ExpertFactory {
  return (context) => {
    const { sqrt } = context;
    const season = seasonOf(context);
    const slots = new Float32Array(season);
    const counts = new Uint8Array(season);
    const enough = Math.ceil(1 / rate);
    let newest = 0;
    let filled = 0;
    return {
      copyState(copier) {
        copier.numbers(slots);
        copier.numbers(counts);
        newest = copier.number(newest);
        filled = copier.number(filled);
      },
      learn(step, isObserved) {
        if (season === 0) return;
        newest = step % season;
        if (!isObserved) return;
        const value = sqrt.values[sqrt.end - 1]!;
        const count = counts[newest]!;
        if (count === 0) filled++;
        counts[newest] = Math.min(enough, count + 1);
        const mean = count === 0 ? value : slots[newest]!;
        slots[newest] = mean + Math.max(rate, 1 / (count + 1)) * (value - mean);
      },
      predict(into, { farthest }) {
        if (season === 0 || filled < season) return false;
        for (let h = 0; h < farthest; h++) into[h] = slots[(newest + 1 + h) % season]! ** 2;
        return true;
      },
    };
  };
}
