import { type EventPrediction, type Occurrence, parts } from './occurrence.ts';

/** Variance of how much a kind is like the other day, and of how far a part of it is from the whole. */
const shareVariance = 0.25;
const partVariance = 0.03;
/** Variance of how much one event is from its kind, and one event from another of its name. */
const eventVariance = 0.15;
const nameVariance = 0.05;
/** The same of how many times demand differs, as a root: of a kind, of a part from the whole, and of one event from its kind. */
const timesVariance = 0.1;
const timesPartVariance = 0.02;
const timesEventVariance = 0.01;
const leastShare = 0;
const mostShare = 1.3;
const leastTimes = 0.35;
const mostTimes = 3;

/** The night before a free day is hardly like one of the other day. */
const nightParts: readonly number[] = [0, 1];
const dayParts: readonly number[] = [2, 3, 4, 5, 6, 7];
const everyPart: readonly number[] = [...nightParts, ...dayParts];

/** What is known of a kind of event: those that are over, and the variance, by part, of how many times ordinary days differ. */
interface KnownEvents {
  readonly occurrences: readonly Occurrence[];
  readonly noise: ArrayLike<number>;
}

/** One way to say what an event of some name does; undefined where there is nothing to say it from. */
export type EventExpert = (name: string, known: KnownEvents) => EventPrediction | undefined;

const still = (): EventPrediction => ({
  shares: new Float64Array(parts),
  times: new Float64Array(parts).fill(1),
});

/** What every day has. */
export const ordinaryDay: EventPrediction = still();

/** The other day, as it is. */
export const otherDay: EventPrediction = {
  ...still(),
  shares: Float64Array.from([0.2, 0.2, 1, 1, 1, 1, 1, 1]),
};

/** As much like the other day as the events of the kind were. */
export const shareOfKind: EventExpert = (_name, known) => {
  if (known.occurrences.length === 0) return undefined;
  const whole = { mean: 1, variance: shareVariance, apart: eventVariance };
  const share = posteriorShare(whole, known, dayParts);
  const prediction = still();
  for (const part of everyPart) {
    const prior = { mean: share * otherDay.shares[part]!, variance: partVariance, apart: eventVariance };
    prediction.shares[part] = bounded(posteriorShare(prior, known, [part]), leastShare, mostShare);
  }
  return prediction;
};

/** As much like the other day as the events of the name were. */
export const shareOfName: EventExpert = (name, known) => {
  const same = named(name, known);
  const kind = same && shareOfKind(name, known);
  if (same === undefined || kind === undefined) return undefined;
  const prediction = still();
  for (const part of everyPart) {
    const prior = { mean: kind.shares[part]!, variance: eventVariance, apart: nameVariance };
    const alike = nightParts.includes(part) ? nightParts : dayParts;
    prediction.shares[part] = bounded(posteriorShare(prior, same, alike), leastShare, mostShare);
  }
  return prediction;
};

/** As many times the ordinary day as the events of the kind had. */
export const timesOfKind: EventExpert = (_name, known) =>
  known.occurrences.length === 0 ? undefined : timesFrom(known, 1, timesVariance);

/** As many times the ordinary day as the events of the name had. */
export const timesOfName: EventExpert = (name, known) => {
  const same = named(name, known);
  return same && timesFrom(same, 1, timesVariance);
};

function named(name: string, { occurrences, noise }: KnownEvents): KnownEvents | undefined {
  const same = occurrences.filter((occurrence) => occurrence.name === name);
  return same.length === 0 ? undefined : { occurrences: same, noise };
}

function timesFrom(known: KnownEvents, prior: number, variance: number): EventPrediction {
  const whole = posteriorTimes({ mean: prior, variance }, known, everyPart);
  const prediction = still();
  for (const part of everyPart) {
    const times = posteriorTimes({ mean: whole, variance: timesPartVariance }, known, [part]);
    prediction.times[part] = bounded(times, leastTimes, mostTimes);
  }
  return prediction;
}

const bounded = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/** Mean over events of how many times demand was that of an ordinary day, a root, shrunk towards a prior. */
function posteriorTimes(
  { mean, variance }: { readonly mean: number; readonly variance: number },
  { occurrences, noise }: KnownEvents,
  which: readonly number[],
): number {
  let precision = 1 / variance;
  let sum = mean / variance;
  for (const occurrence of occurrences) {
    const seen = which.filter((part) => Number.isFinite(occurrence.timesOf(part)));
    if (seen.length === 0) continue;
    const times = seen.reduce((total, part) => total + occurrence.timesOf(part), 0) / seen.length;
    const variances = seen.reduce((total, part) => total + noise[part]!, 0) / seen.length;
    const weight = 1 / (timesEventVariance + variances / seen.length);
    precision += weight;
    sum += weight * times;
  }
  return sum / precision;
}

/**
 * The mean share of some events, shrunk towards `mean` of a variance. The share of an event is the one that explains what came best:
 * the regression of what came less the ordinary day on how far the other day is from it. The steps of one part count as one
 * observation, because they err alike; `apart` is the variance of one event's share from the mean.
 */
function posteriorShare(
  { mean, variance, apart }: Readonly<Record<'mean' | 'variance' | 'apart', number>>,
  { occurrences, noise }: KnownEvents,
  which: readonly number[],
): number {
  let precision = 1 / variance;
  let sum = mean / variance;
  for (const occurrence of occurrences) {
    const { base, baseAway, away, awayCame } = occurrence;
    let square = 0;
    let product = 0;
    for (const part of which) {
      if (!(base[part]! > 0)) continue;
      const weight = occurrence.completeness(part) / (base[part]! * noise[part]!);
      square += weight * away[part]!;
      product += weight * (awayCame[part]! - baseAway[part]!);
    }
    if (!(square > 0)) continue;
    const weight = 1 / (apart + 1 / square);
    precision += weight;
    sum += (weight * product) / square;
  }
  return sum / precision;
}
