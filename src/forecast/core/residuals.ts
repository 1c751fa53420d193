import { createStores, type Stores } from './store.ts';

/** How many residuals are kept: three and a half days of five-minute steps; older ones describe another week. */
const usualCapacity = 1008;

/**
 * A sliding window of matured residuals and its empirical quantiles. Kept in order of age and in order of size at once:
 * one binary search and one short move of memory a residual, a tenth of the cost of sorting anew every hour, and a
 * question never changes what the next answer is. Eight bits each, because a forecaster has two dozen of these windows:
 * what is kept of a residual is in which quarter of an octave it is, and those in one lie evenly in it.
 *
 * A class, as whatever a forecaster has dozens of: an object of closures with getters would have a hidden class of its
 * own, which is a kilobyte each, and every access to it would be looked up anew.
 */
export class Residuals {
  /** How many there are. */
  count = 0;
  readonly #capacity: number;
  readonly #codes: Stores['codes'];
  // In the codes: where those by age begin, and those by size.
  readonly #byAge: number;
  readonly #bySize: number;
  #next = 0;

  constructor(capacity: number = usualCapacity, { codes }: Pick<Stores, 'codes'> = createStores()) {
    this.#capacity = capacity;
    this.#codes = codes;
    this.#byAge = codes.reserve(capacity);
    this.#bySize = codes.reserve(capacity);
  }

  add(residual: number): void {
    const codes = this.#codes.values;
    const code = codeOf(residual);
    const newest = this.#byAge + this.#next;
    if (this.count === this.#capacity) {
      const place = this.#bySize + this.#countBelow(codes[newest] ?? 0);
      codes.copyWithin(place, place + 1, this.#bySize + this.count);
      this.count--;
    }
    codes[newest] = code;
    this.#next = this.#next + 1 === this.#capacity ? 0 : this.#next + 1;
    const place = this.#bySize + this.#countBelow(code);
    codes.copyWithin(place + 1, place, this.#bySize + this.count);
    codes[place] = code;
    this.count++;
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
    if (rank <= count - 1) return this.#between(Math.max(0, rank));
    // The mean excess over the upper tenth is the scale of an exponential tail.
    const tenth = Math.floor(0.9 * (count - 1));
    const scale = (this.#ranked(count - 1) - this.#ranked(tenth)) / Math.log(Math.max(2, count - tenth));
    return this.#ranked(count - 1) + scale * Math.log(1 / ((count + 1) * (1 - level)));
  }

  /** How many codes are smaller. */
  #countBelow(code: number): number {
    const codes = this.#codes.values;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((codes[this.#bySize + middle] ?? 0) < code) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Between the residuals of neighbouring ranks, the smallest being 0. */
  #between(rank: number): number {
    const below = Math.floor(rank);
    const low = this.#ranked(below);
    return rank === below ? low : low + (rank - below) * (this.#ranked(below + 1) - low);
  }

  /** The residual of a whole rank: its place among those of one code is its place in what the code stands for. */
  #ranked(rank: number): number {
    const codes = this.#codes.values;
    const at = this.#bySize + rank;
    const code = codes[at] ?? nothing;
    if (code === nothing) return 0;
    let first = at;
    while (first > this.#bySize && codes[first - 1] === code) first--;
    let end = at + 1;
    while (end < this.#bySize + this.count && codes[end] === code) end++;
    return residualAt(code, (at - first + 0.5) / (end - first));
  }
}

const asFloat = new Float32Array(1);
const asBits = new Uint32Array(asFloat.buffer);

/** Nearer to zero than 2⁻¹³ a residual is nothing; from there on sizes are quarters of an octave, the last of them open. */
const nothing = 128;
const largestSize = 127;
/** The upper bits of a number, its exponent and its quarter, tell its size. */
const otherBits = 21;
const smallest = (127 - 13) << 2;

/** Rises with the residual. */
function codeOf(residual: number): number {
  asFloat[0] = Math.abs(residual);
  const size = Math.min(largestSize, Math.max(0, ((asBits[0] ?? 0) >>> otherBits) - smallest + 1));
  return residual < 0 ? nothing - size : nothing + size;
}

/** The residual that this share of those with the same code is below. */
function residualAt(code: number, share: number): number {
  const size = Math.abs(code - nothing);
  const near = leastOf(size);
  const far = leastOf(size + 1);
  return code > nothing ? near + share * (far - near) : share * (far - near) - far;
}

function leastOf(size: number): number {
  asBits[0] = (smallest + size - 1) << otherBits;
  return asFloat[0] ?? 0;
}
