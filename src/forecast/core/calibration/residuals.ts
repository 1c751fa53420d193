import type { Stores } from '../memory/arena.ts';

/**
 * A sliding window of matured residuals and its empirical quantiles: how many there are of each size, so that one comes and
 * one goes at the cost of two counts, and a question never changes what the next answer is. Eight bits each, because a
 * forecaster has two dozen of these windows: what is kept of a residual is in which quarter of an octave it is, and those in
 * one lie evenly in it.
 *
 * A class, as whatever a forecaster has dozens of: an object of closures with getters would have a hidden class of its
 * own, which is a kilobyte each, and every access to it would be looked up anew.
 */
export class Residuals {
  /** How many there are. */
  count = 0;
  readonly #capacity: number;
  readonly #codes: Stores['codes'];
  readonly #counts: Stores['counts'];
  // Where those by age begin, and how many there are of each code.
  readonly #byAge: number;
  readonly #byCode: number;
  #next = 0;
  // No code beyond these has any.
  #lowest = codeCount;
  #highest = -1;

  /** `capacity`: how many are kept, the newest. */
  constructor(capacity: number, stores: Pick<Stores, 'codes' | 'counts'>) {
    this.#capacity = capacity;
    this.#codes = stores.codes;
    this.#counts = stores.counts;
    this.#byAge = stores.codes.reserve(capacity);
    this.#byCode = stores.counts.reserve(codeCount);
  }

  add(residual: number): void {
    const codes = this.#codes.values;
    const counts = this.#counts.values;
    const code = codeOf(residual);
    const newest = this.#byAge + this.#next;
    if (this.count === this.#capacity) {
      const gone = this.#byCode + (codes[newest] ?? 0);
      counts[gone] = (counts[gone] ?? 0) - 1;
    } else this.count++;
    codes[newest] = code;
    counts[this.#byCode + code] = (counts[this.#byCode + code] ?? 0) + 1;
    this.#next = this.#next + 1 === this.#capacity ? 0 : this.#next + 1;
    if (code < this.#lowest) this.#lowest = code;
    if (code > this.#highest) this.#highest = code;
  }

  /**
   * The residual at level τ, by the finite-sample rank ⌈(n + 1)τ⌉ of split conformal prediction (Vovk et al. 2005),
   * interpolated; 0 while there are none. Above the level that the largest stands for, n ÷ (n + 1), the upper tail is
   * continued as an exponential one: fewer residuals are no reason for a lower bound.
   */
  quantile(level: number): number {
    const { count } = this;
    if (count === 0) return 0;
    const rank = (count + 1) * level - 1;
    if (rank <= count - 1) return this.#ranked(Math.max(0, rank));
    // The mean excess over the upper tenth is the scale of an exponential tail.
    const tenth = Math.floor(0.9 * (count - 1));
    const largest = this.#ranked(count - 1);
    const scale = (largest - this.#ranked(tenth)) / Math.log(Math.max(2, count - tenth));
    return largest + scale * Math.log(1 / ((count + 1) * (1 - level)));
  }

  /** The residual of a rank, between those of neighbouring ranks, the smallest being 0. */
  #ranked(rank: number): number {
    const counts = this.#counts.values;
    const start = this.#byCode;
    const wanted = Math.floor(rank);
    // From the nearer end to the code of the whole rank: as many as `first` are below it.
    let code: number;
    let first: number;
    let here: number;
    if (2 * wanted < this.count) {
      for (code = this.#lowest, first = 0; ; first += here, code++) {
        here = counts[start + code] ?? 0;
        if (first + here > wanted) break;
      }
    } else {
      for (code = this.#highest, first = this.count; ; code--) {
        here = counts[start + code] ?? 0;
        first -= here;
        if (first <= wanted) break;
      }
    }
    const last = first + here - 1;
    if (rank <= last) return residualAt(code, (rank - first + 0.5) / here);
    let above = code + 1;
    while (counts[start + above] === 0) above++;
    const low = residualAt(code, 1 - 0.5 / here);
    return low + (rank - last) * (residualAt(above, 0.5 / (counts[start + above] ?? 1)) - low);
  }
}

const asFloat = new Float32Array(1);
const asBits = new Uint32Array(asFloat.buffer);

/** Nearer to zero than 2⁻¹³ a residual is nothing; from there on sizes are quarters of an octave, the last of them open. */
const nothing = 128;
const largestSize = 127;
const codeCount = 256;
/** The upper bits of a number, its exponent and its quarter, tell its size. */
const otherBits = 21;
const smallest = (127 - 13) << 2;

/** Rises with the residual. */
function codeOf(residual: number): number {
  asFloat[0] = Math.abs(residual);
  const size = Math.min(largestSize, Math.max(0, ((asBits[0] ?? 0) >>> otherBits) - smallest + 1));
  return residual < 0 ? nothing - size : nothing + size;
}

/** The least residual of each size, and one more: where the last ends. */
const leastOfSize = Float64Array.from({ length: largestSize + 2 }, (_, size) => {
  asBits[0] = (smallest + size - 1) << otherBits;
  return asFloat[0] ?? 0;
});

/** The residual that this share of those with the same code is below. */
function residualAt(code: number, share: number): number {
  if (code === nothing) return 0;
  const size = Math.abs(code - nothing);
  const near = leastOfSize[size] ?? 0;
  const width = (leastOfSize[size + 1] ?? 0) - near;
  return code > nothing ? near + share * width : (share - 1) * width - near;
}
