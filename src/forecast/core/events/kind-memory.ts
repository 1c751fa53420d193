import type { StateCopier } from '../memory/state-copier.ts';
import { type Occurrence, parts } from './occurrence.ts';

/** How much a holiday is taken to be like a Sunday before the first of them. */
const firstShare = 0.85;
/** Occurrences of a kind that are remembered, the newest. */
const mostRemembered = 24;
/** Variance of how much a kind is like the other day, of how far a part differs from the whole, and one event from its kind. */
const shareVariance = 0.03;
const partVariance = 0.03;
const eventVariance = 0.5;
/** Variance of how much events of one name differ. */
const nameVariance = 0.05;
/** Variance of how many times demand differs, as a root: of a kind, and of a part of it from the whole. */
/** What an event itself shows counts this many times. */
const ownEvidence = 3;
const timesVariance = 0.1;
const timesPartVariance = 0.02;
const leastShare = 0;
const mostShare = 1.3;
const leastTimes = 0.35;
const mostTimes = 3;
/** A bound is lowered by no fewer past events than this, in each of which demand was lower. */
const fewestToLower = 2;
/** A part that would be lowered by less than this share is not lowered. */
const noLowering = 0.98;

/** An event whose effect is asked for. */
interface AskedEvent {
  readonly name: string;
  /** What it has shown so far, where it takes place. */
  readonly own: Occurrence | undefined;
  /** Variance, by part, of how many times ordinary days differ from what is usual. */
  readonly noise: ArrayLike<number>;
}

/** What a kind of event does to demand, learned from its past. Times and shares are of square roots. */
export class KindMemory {
  /** Whether events of the kind are like another day of the week; otherwise they are so many times the ordinary day. */
  readonly #isLikeOther: boolean;
  readonly #occurrences: Occurrence[] = [];
  readonly #shares = new Float64Array(parts);
  readonly #sharesOfName = new Map<string, Float64Array>();
  readonly #times = new Float64Array(parts).fill(1);
  readonly #worst = new Float64Array(parts).fill(Number.NaN);
  readonly #noise = new Float64Array(parts);

  constructor(isLikeOther: boolean) {
    this.#isLikeOther = isLikeOther;
    if (isLikeOther)
      for (let part = 0; part < parts; part++) this.#shares[part] = firstShare * ofWhole[part]!;
  }

  /** `occurrenceOf` makes the occurrence of the event of a number, which has learned nothing. */
  copyState(copier: StateCopier, occurrenceOf: (event: number) => Occurrence): void {
    const events = this.#occurrences.map(({ event }) => event);
    copier.list(events);
    const occurrences = events.map((event, i) => this.#occurrences[i] ?? occurrenceOf(event));
    for (const occurrence of occurrences) occurrence.copyState(copier);
    copier.numbers(this.#noise);
    if (events.length === 0 || this.#occurrences.length > 0) return;
    this.#occurrences.push(...occurrences);
    this.#learnAll();
  }

  /** Learns an event that is over. `noise`: variance, by part, of how many times ordinary days differ from what is usual. */
  learn(occurrence: Occurrence, noise: ArrayLike<number>): void {
    this.#occurrences.push(occurrence);
    if (this.#occurrences.length > mostRemembered) this.#occurrences.shift();
    this.#noise.set(noise);
    this.#learnAll();
  }

  #learnAll(): void {
    if (this.#isLikeOther) this.#learnShares();
    else this.#learnTimes();
    this.#learnWorst();
  }

  /** How much a part is like the other day, given what the event itself has shown so far. */
  shareOf(part: number, { name, own, noise }: AskedEvent): number {
    const share = this.#sharesOfName.get(name)?.[part] ?? this.#shares[part]!;
    if (!this.#isLikeOther || own === undefined) return share;
    const alike = nightParts.includes(part) ? nightParts : dayParts;
    return bounded(
      posterior({ mean: share, variance: eventVariance, apart: 0 }, [own], noise, alike, ownEvidence),
    );
  }

  /** How many times demand is that of a day moved by the share, as a root. */
  timesOf(part: number): number {
    return this.#times[part]!;
  }

  /**
   * How many times a prediction for the part may have to be raised so that no past event of the kind would have been above it; NaN
   * where the past does not show that demand is lower.
   */
  worstOf(part: number): number {
    return this.#worst[part]!;
  }

  #learnShares(): void {
    const whole = { mean: firstShare, variance: shareVariance, apart: eventVariance };
    const share = posterior(whole, this.#occurrences, this.#noise, dayParts);
    for (let part = 0; part < parts; part++) {
      const ofPart = { mean: share * ofWhole[part]!, variance: partVariance, apart: eventVariance };
      this.#shares[part] = bounded(posterior(ofPart, this.#occurrences, this.#noise, [part]));
    }
    this.#sharesOfName.clear();
    for (const { name } of this.#occurrences) this.#sharesOfName.set(name, this.#learnName(name));
  }

  /** Events of one name are more alike than those of one kind. */
  #learnName(name: string): Float64Array {
    const same = this.#occurrences.filter((occurrence) => occurrence.name === name);
    return this.#shares.map((mean, part) => {
      const alike = nightParts.includes(part) ? nightParts : dayParts;
      const prior = { mean, variance: eventVariance, apart: nameVariance };
      return bounded(posterior(prior, same, this.#noise, alike));
    });
  }

  #learnTimes(): void {
    const whole = this.#meanTimes(wholeEvent, 1, timesVariance);
    for (let part = 0; part < parts; part++) {
      const times = this.#meanTimes([part], whole, timesPartVariance);
      this.#times[part] = Math.min(mostTimes, Math.max(leastTimes, times));
    }
  }

  /** Mean over past events of how many times demand was that of the moved day, shrunk towards `prior`. */
  #meanTimes(which: readonly number[], prior: number, variance: number): number {
    let precision = 1 / variance;
    let sum = prior / variance;
    for (const occurrence of this.#occurrences) {
      let count = 0;
      let times = 0;
      let noise = 0;
      for (const part of which) {
        const ofPart = occurrence.timesMoved(part, this.#shares[part]!);
        if (!(occurrence.base[part]! > 0) || !Number.isFinite(ofPart)) continue;
        times += ofPart;
        noise += this.#noise[part]!;
        count++;
      }
      if (count === 0) continue;
      const weight = count / noise;
      precision += weight;
      sum += (weight * times) / count;
    }
    return sum / precision;
  }

  #learnWorst(): void {
    for (let part = 0; part < parts; part++) {
      let lowered = 0;
      let worst = 0;
      for (const occurrence of this.#occurrences) {
        if (!(occurrence.base[part]! > 0)) continue;
        const moved = occurrence.movedTimes(part, this.#shares[part]!) * this.#times[part]!;
        if (moved > noLowering) continue;
        const came = occurrence.baseCame[part]! / occurrence.base[part]!;
        const isLower = came < 1 - Math.sqrt(this.#noise[part]!);
        lowered += isLower ? 1 : Number.NEGATIVE_INFINITY;
        worst = Math.max(worst, came / moved, 1);
      }
      this.#worst[part] = lowered >= fewestToLower ? worst : Number.NaN;
    }
  }
}

/** The night before a free day is hardly like one of the other day, until such events have shown something else. */
const nightParts: readonly number[] = [0, 1];
const dayParts: readonly number[] = [2, 3, 4, 5, 6, 7];
const ofWhole: readonly number[] = [0.2, 0.2, 1, 1, 1, 1, 1, 1];
const wholeEvent: readonly number[] = Array.from({ length: parts }, (_, part) => part);

const bounded = (share: number) => Math.min(mostShare, Math.max(leastShare, share));

/**
 * The mean share of some events, shrunk towards `prior` of a variance. The share of an event is the one that explains what came best:
 * the regression of what came less the ordinary day on how far the other day is from it. The steps of one part count as one
 * observation, because they err alike; `apart` is the variance of one event's share from the mean.
 */
function posterior(
  prior: { readonly mean: number; readonly variance: number; readonly apart: number },
  occurrences: readonly Occurrence[],
  noise: ArrayLike<number>,
  which: readonly number[],
  evidence = 1,
): number {
  let precision = 1 / prior.variance;
  let sum = prior.mean / prior.variance;
  for (const occurrence of occurrences) {
    const { base, baseAway, away, awayCame } = occurrence;
    let square = 0;
    let product = 0;
    for (const part of which) {
      if (!(base[part]! > 0)) continue;
      const weight = (evidence * occurrence.completeness(part)) / (base[part]! * noise[part]!);
      square += weight * away[part]!;
      product += weight * (awayCame[part]! - baseAway[part]!);
    }
    if (!(square > 0)) continue;
    const weight = 1 / (prior.apart + 1 / square);
    precision += weight;
    sum += (weight * product) / square;
  }
  return sum / precision;
}
