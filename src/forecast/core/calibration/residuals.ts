import type { Arena } from '../memory/arena.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import { TailMemory } from './tail-memory.ts';

/** From the first of these levels on, quantiles lean on what came before the window; from the second on they rest on it. */
const tailFrom = 0.9;
const tailWhole = 0.99;

/** Number of residuals from which quantiles can be estimated. */
export const enoughResiduals = 96;

/**
 * A sliding window of the residuals of matured forecasts (truth less prediction, in square-root space) and its empirical
 * quantiles. It counts the residuals of each size: adding one changes two counts, and a question changes nothing. A size is
 * a quarter of an octave in eight bits, because a forecaster has two dozen of these windows; residuals of one size are
 * taken to lie evenly in it.
 *
 * A class, because a forecaster has dozens of them: an object of closures with getters has a hidden class of its own, a
 * kilobyte, and every access to it is looked up anew.
 */
export class Residuals {
  /** Number of residuals in the window. */
  count = 0;
  readonly #capacity: number;
  readonly #codes: Arena['codes'];
  readonly #counts: Arena['counts'];
  // Where the codes by age begin, a ring, and where the counts by code begin.
  readonly #byAge: number;
  readonly #byCode: number;
  #next = 0;
  /** The highest code that has a residual. */
  #highest = -1;
  /** The lowest code that has a residual. */
  #lowest = codeCount;
  /** The code at which the newest walk to a middle rank ended, where the next one begins, and the number of residuals with a lower code. */
  #middle = zeroCode;
  #belowMiddle = 0;
  readonly #before: TailMemory | undefined;

  /** `capacity`: number of residuals that are kept, the newest. `remembersTail`: large ones are remembered for longer. */
  constructor(
    capacity: number,
    { codes, counts }: Pick<Arena, 'codes' | 'counts'>,
    { remembersTail = false }: { readonly remembersTail?: boolean } = {},
  ) {
    this.#capacity = capacity;
    this.#codes = codes;
    this.#counts = counts;
    this.#byAge = codes.reserve(capacity);
    this.#byCode = counts.reserve(codeCount);
    this.#before = remembersTail ? new TailMemory(codeCount - zeroCode, { counts }) : undefined;
  }

  /** Codes are in the arena, and of the counts those between the lowest and the highest code are copied: the others are 0. */
  copyState(copier: StateCopier): void {
    this.count = copier.number(this.count);
    this.#next = copier.number(this.#next);
    this.#highest = copier.number(this.#highest);
    this.#lowest = copier.number(this.#lowest);
    const counts = this.#counts.values;
    // What is saved does not depend on what was asked.
    this.#walk(zeroCode);
    this.#belowMiddle = copier.number(this.#belowMiddle);
    const first = this.#byCode;
    const end = first + codeCount;
    const lowest = Math.max(first, Math.min(end, first + this.#lowest));
    const above = Math.max(lowest, Math.min(end, first + this.#highest + 1));
    counts.fill(0, first, lowest);
    counts.fill(0, above, end);
    copier.counts(counts, lowest, above);
    this.#before?.copyState(copier);
  }

  /** Adds a residual; in a full window it takes the place of the oldest. */
  add(residual: number): void {
    const codes = this.#codes.values;
    const counts = this.#counts.values;
    const code = codeOf(residual);
    const newest = this.#byAge + this.#next;
    if (this.count === this.#capacity) {
      const oldest = codes[newest]!;
      counts[this.#byCode + oldest]! -= 1;
      if (oldest < this.#middle) this.#belowMiddle--;
      this.#before?.add(oldest - zeroCode);
    } else this.count++;
    if (code < this.#middle) this.#belowMiddle++;
    codes[newest] = code;
    counts[this.#byCode + code]! += 1;
    this.#next = this.#next + 1 === this.#capacity ? 0 : this.#next + 1;
    if (code > this.#highest) this.#highest = code;
    while (counts[this.#byCode + this.#highest] === 0) this.#highest--;
    if (code < this.#lowest) this.#lowest = code;
    while (counts[this.#byCode + this.#lowest] === 0) this.#lowest++;
  }

  /** Forgets those of the newest `count` residuals that are above `limit`, to the accuracy of a code. */
  forgetAbove(limit: number, count: number): void {
    const codes = this.#codes.values;
    const counts = this.#counts.values;
    const highest = codeOf(limit);
    const among = Math.min(count, this.count);
    let kept = (this.#next - among + this.#capacity) % this.#capacity;
    for (let i = 0, from = kept; i < among; i++, from = (from + 1) % this.#capacity) {
      const code = codes[this.#byAge + from]!;
      if (code > highest) {
        counts[this.#byCode + code]! -= 1;
        if (code < this.#middle) this.#belowMiddle--;
        this.count--;
      } else {
        codes[this.#byAge + kept] = code;
        kept = (kept + 1) % this.#capacity;
      }
    }
    this.#next = kept;
    while (this.#highest >= 0 && counts[this.#byCode + this.#highest] === 0) this.#highest--;
    while (this.#lowest < codeCount && counts[this.#byCode + this.#lowest] === 0) this.#lowest++;
  }

  /**
   * The residual at level τ, by the finite-sample rank ⌈(n + 1)τ⌉ of split conformal prediction (Vovk et al. 2005),
   * interpolated; 0 while the window is empty. Above n ÷ (n + 1), the level that the largest residual stands for, the upper
   * tail is continued as an exponential one: fewer residuals are no reason for a lower bound.
   */
  quantile(level: number): number {
    const recent = this.#recentQuantile(level);
    if (this.#before === undefined || level <= tailFrom || this.#before.count === 0) return recent;
    const share = Math.min(1, (level - tailFrom) / (tailWhole - tailFrom));
    return (1 - share) * recent + share * this.#longQuantile(this.#before, level, recent);
  }

  /** The residual at a level among those of the window and those before it; `recent` where it is not above zero. */
  #longQuantile(before: TailMemory, level: number, recent: number): number {
    const counts = this.#counts.values;
    /** How many residuals are to lie above, less than half of the largest at least. */
    const above = Math.max(0.5, (this.count + before.count + 1) * (1 - level) - 0.5);
    let passed = 0;
    for (let size = Math.max(this.#highest - zeroCode, before.highest); size >= 0; size--) {
      const here = counts[this.#byCode + zeroCode + size]! + before.of(size);
      if (passed + here >= above) return residualAt(zeroCode + size, 1 - (above - passed) / here);
      passed += here;
    }
    return recent;
  }

  /** Moves the middle to a code. */
  #walk(code: number): void {
    const counts = this.#counts.values;
    const start = this.#byCode;
    for (; this.#middle > code; this.#belowMiddle -= counts[start + this.#middle]!) this.#middle--;
    for (; this.#middle < code; this.#middle++) this.#belowMiddle += counts[start + this.#middle]!;
  }

  #recentQuantile(level: number): number {
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

  /** The residual of a rank, 0 = smallest, interpolated between whole ranks. */
  #ranked(rank: number): number {
    const counts = this.#counts.values;
    const start = this.#byCode;
    const wanted = Math.floor(rank);
    // Walks to the code that holds the whole rank: from the highest code for ranks of the upper quarter, from the lowest for those of the
    // lowest one, else from where the newest such walk ended. `first` residuals have a lower code.
    const isMiddle = 4 * wanted >= this.count && 4 * wanted < 3 * this.count;
    let code = this.#lowest;
    let first = 0;
    if (isMiddle) {
      code = this.#middle;
      first = this.#belowMiddle;
    } else if (2 * wanted >= this.count) {
      code = this.#highest;
      first = this.count - counts[start + code]!;
    }
    while (first > wanted) first -= counts[start + --code]!;
    let here = counts[start + code]!;
    for (; first + here <= wanted; here = counts[start + code]!) {
      first += here;
      code++;
    }
    if (isMiddle) {
      this.#middle = code;
      this.#belowMiddle = first;
    }
    const last = first + here - 1;
    if (rank <= last) return residualAt(code, (rank - first + 0.5) / here);
    let above = code + 1;
    while (counts[start + above] === 0) above++;
    const low = residualAt(code, 1 - 0.5 / here);
    return low + (rank - last) * (residualAt(above, 0.5 / counts[start + above]!) - low);
  }
}

/** The code of residuals nearer to zero than 2⁻¹³. Codes above and below it are sizes in quarters of an octave. */
const zeroCode = 128;
/** The largest size, which is open. */
const largestSize = 127;
const codeCount = 256;
/** The upper bits of a single-precision number, its exponent and its quarter of an octave, are its size. */
const otherBits = 21;
const exponentBias = 127;
const smallest = (exponentBias - 13) << 2;

/** One number, and its bits in single precision. */
const asFloat = new Float32Array(1);
const asBits = new Uint32Array(asFloat.buffer);

/** The code of a residual; codes rise with residuals. */
function codeOf(residual: number): number {
  asFloat[0] = Math.abs(residual);
  const size = Math.min(largestSize, Math.max(0, (asBits[0]! >>> otherBits) - smallest + 1));
  return residual < 0 ? zeroCode - size : zeroCode + size;
}

/** The smallest residual of each size, and of one size more: where the last one ends. */
const leastOfSize = Float64Array.from({ length: largestSize + 2 }, (_, size) => {
  const upperBits = smallest + size - 1;
  return 2 ** ((upperBits >> 2) - exponentBias) * (1 + (upperBits & 3) / 4);
});

/** The residual that `share` of the residuals with this code lie below. */
function residualAt(code: number, share: number): number {
  if (code === zeroCode) return 0;
  const size = Math.abs(code - zeroCode);
  const near = leastOfSize[size]!;
  const width = leastOfSize[size + 1]! - near;
  return code > zeroCode ? near + share * width : (share - 1) * width - near;
}
