import type { ExpertContext, ExpertFactory } from './expert.ts';

/**
 * The running mean of the same moment of earlier weeks (or days), in square-root space: exact while there are fewer than
 * 1 / rate of them, from then on an exponentially weighted one. Speaks when every moment has been seen.
 */
export function slotMean(seasonOf: (context: ExpertContext) => number, rate: number): ExpertFactory {
  return (context) => {
    const season = seasonOf(context);
    const slots = new Float32Array(season).fill(Number.NaN);
    const counts = new Uint8Array(season);
    const enough = Math.ceil(1 / rate);
    let newest = 0;
    let filled = 0;
    return {
      learn(step, isObserved) {
        if (season === 0) return;
        newest = step % season;
        if (!isObserved) return;
        const value = context.sqrt.values[context.sqrt.end - 1] ?? 0;
        const count = counts[newest] ?? 0;
        if (count === 0) filled++;
        counts[newest] = Math.min(enough, count + 1);
        const mean = count === 0 ? value : (slots[newest] ?? 0);
        slots[newest] = mean + Math.max(rate, 1 / (count + 1)) * (value - mean);
      },
      predict(into, steps) {
        if (season === 0 || filled < season) return false;
        for (let h = 0; h < steps; h++) into[h] = (slots[(newest + 1 + h) % season] ?? 0) ** 2;
        return true;
      },
    };
  };
}
