/** How many residuals are kept: three and a half days of five-minute steps; older ones describe another week. */
const usualCapacity = 1008;

/** A sliding window of matured residuals and its empirical quantiles. */
export interface Residuals {
  readonly count: number;
  add(residual: number): void;
  /**
   * The residual at level τ, by the finite-sample rank ⌈(n + 1)τ⌉ of split conformal prediction (Vovk et al. 2005),
   * interpolated; 0 while there are none. Above the level that the largest stands for, n ÷ (n + 1), the upper tail is
   * continued as an exponential one: fewer residuals are no reason for a lower bound.
   */
  quantile(level: number): number;
}

/**
 * Kept in order of age and in order of size at once: one binary search and one short move of memory a residual, a
 * tenth of the cost of sorting anew every hour, and a question never changes what the next answer is. Sixteen bits each,
 * because a forecaster has two dozen of these windows and a residual is no better known than to half a percent.
 */
export function createResiduals(capacity: number = usualCapacity): Residuals {
  const byAge = new Uint16Array(capacity);
  const bySize = new Uint16Array(capacity);
  let count = 0;
  let next = 0;

  /** The first place in [0, count) whose code is not smaller. */
  function placeOf(code: number): number {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((bySize[middle] ?? 0) < code) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function forgetOldest(): void {
    const place = placeOf(byAge[next] ?? 0);
    bySize.copyWithin(place, place + 1, count);
    count--;
  }

  /** Between the residuals of neighbouring ranks, the smallest being 0. */
  function ranked(rank: number): number {
    const below = Math.floor(rank);
    const low = residualOf(bySize[below] ?? 0);
    if (rank === below) return low;
    const high = residualOf(bySize[below + 1] ?? 0);
    return low + (rank - below) * (high - low);
  }

  return {
    get count() {
      return count;
    },
    add(residual) {
      if (count === capacity) forgetOldest();
      const code = codeOf(residual);
      byAge[next] = code;
      next = next + 1 === capacity ? 0 : next + 1;
      const place = placeOf(code);
      bySize.copyWithin(place + 1, place, count);
      bySize[place] = code;
      count++;
    },
    quantile(level) {
      if (count === 0) return 0;
      const rank = (count + 1) * level - 1;
      if (rank <= count - 1) return ranked(Math.max(0, rank));
      // The mean excess over the upper tenth is the scale of an exponential tail.
      const tenth = Math.floor(0.9 * (count - 1));
      const scale = (ranked(count - 1) - ranked(tenth)) / Math.log(Math.max(2, count - tenth));
      return ranked(count - 1) + scale * Math.log(1 / ((count + 1) * (1 - level)));
    },
  };
}

const asFloat = new Float32Array(1);
const asBits = new Uint32Array(asFloat.buffer);

/** The upper half of a 32-bit float (bfloat16), rounded, made to rise with the number: two codes compare as their numbers do. */
function codeOf(residual: number): number {
  asFloat[0] = residual;
  const rounded = Math.min(0xffff_0000, ((asBits[0] ?? 0) + 0x8000) >>> 0) >>> 16;
  return rounded & 0x8000 ? 0xffff - rounded : rounded | 0x8000;
}

function residualOf(code: number): number {
  const upper = code & 0x8000 ? code & 0x7fff : 0xffff - code;
  asBits[0] = upper << 16;
  return asFloat[0] ?? 0;
}
