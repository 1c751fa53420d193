import type { StateCopier } from '../memory/state-copier.ts';
import {
  type EventExpert,
  ordinaryDay,
  otherDay,
  shareOfKind,
  shareOfName,
  timesOfKind,
  timesOfName,
} from './event-experts.ts';
import { type EventPrediction, type Occurrence, parts } from './occurrence.ts';

/** Occurrences of a kind that are remembered, the newest. */
const mostRemembered = 24;
/** What a kind does is believed as far as n events have shown it: n ÷ (n + this). */
const doubt = 0.7;
/** Before it has a record, an expert counts as if it had predicted half an event, with so many times the error of an ordinary day. */
const firstError = { other: 1, learned: 0.5 };
const firstCount = 0.5;
/** What an event itself shows counts this many times. */
const ownEvidence = 6;
/** Bounds cover what an expert says whose weight is at least this share of the best one's. */
const coveredShare = 0.25;
/** A bound is lowered by no fewer past events than this, in each of which demand was lower. */
const fewestToLower = 2;
/** A part that would be lowered by less than this share is not lowered. */
const noLowering = 0.98;
/** An effect is at least this many times ordinary demand, as a root. */
const leastTimes = 0.1;

/** How many times the demand of an ordinary day an event has, as roots. */
export interface LearnedTimes {
  readonly expected: number;
  /** As far as bounds may follow. */
  readonly held: number;
}

/** An event whose effect is asked for. */
interface AskedEvent {
  readonly name: string;
  /** What it has shown so far, where it takes place. */
  readonly own: Occurrence | undefined;
  /** How far the other day is from an ordinary one at that moment, in times of its root. */
  readonly away: number;
}

/** A step of an event that is asked for, with what the experts say of it: undefined where one says nothing. */
interface AskedStep extends Omit<AskedEvent, 'name'> {
  readonly part: number;
  readonly said: readonly (EventPrediction | undefined)[];
}

/** Sum of squared errors of an expert over past events, each of which it predicted from the others. */
interface ExpertRecord {
  readonly error: number;
  readonly count: number;
}

/**
 * What a kind of event does to demand, learned from its past alone. Several experts say it, that it does nothing among them. Each is
 * weighed by how well it predicts past events from the others, and by how well it explains what the event has shown so far. The fewer
 * events there are, the less of it is believed: of the first event, which nothing is known of, nothing. Times are of square roots.
 */
export class KindMemory {
  readonly #experts: readonly { readonly say: EventExpert; readonly firstError: number }[];
  readonly #occurrences: Occurrence[] = [];
  readonly #noise = new Float64Array(parts);
  readonly #worst = new Float64Array(parts).fill(Number.NaN);
  readonly #saidOf = new Map<string, AskedStep['said']>();
  #records: readonly ExpertRecord[] = [];

  /** `isLikeOther`: whether events of the kind may be like another day of the week. */
  constructor(isLikeOther: boolean) {
    const others = [
      { say: () => otherDay, firstError: firstError.other },
      learned(shareOfKind),
      learned(shareOfName),
    ];
    this.#experts = [
      { say: () => ordinaryDay, firstError: 1 },
      ...(isLikeOther ? others : []),
      learned(timesOfKind),
      learned(timesOfName),
    ];
  }

  /** Number of occurrences that are remembered. */
  get count(): number {
    return this.#occurrences.length;
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

  /** How many times demand is that of an ordinary day at a moment in a part of an event. */
  timesOf(part: number, { name, own, away }: AskedEvent): LearnedTimes {
    const { expected, highest } = this.#mixed({ part, own, away, said: this.#sayOf(name) });
    const worst = this.#worst[part]!;
    const held = Number.isNaN(worst) ? highest : Math.min(highest, expected * worst);
    return { expected, held: Math.max(expected, held) };
  }

  #sayOf(name: string): AskedStep['said'] {
    const known = this.#saidOf.get(name);
    if (known !== undefined) return known;
    const said = this.#experts.map(({ say }) =>
      say(name, { occurrences: this.#occurrences, noise: this.#noise }),
    );
    this.#saidOf.set(name, said);
    return said;
  }

  /** The mean of what experts say, by their inverse squared errors, and the most that is to be reckoned with, at least 1. */
  #mixed({ part, own, away, said }: AskedStep): Readonly<Record<'expected' | 'highest', number>> {
    const shown = own === undefined ? 0 : ownEvidence * own.observedShare;
    const errorOf = (prediction: EventPrediction) =>
      shown > 0 ? shown * (own?.errorOf(prediction) ?? 0) : 0;
    const count = this.#occurrences.length + shown;
    const ordinary = ((this.#records[0]?.error ?? 0) + errorOf(ordinaryDay)) / Math.max(1, count);
    const noise = this.#noise.reduce((sum, variance) => sum + variance, leastNoise) / parts;
    const answers = this.#experts.flatMap((expert, k) => {
      const prediction = said[k];
      if (prediction === undefined) return [];
      const { error, count: predicted } = this.#records[k] ?? noRecord;
      const all = error + errorOf(prediction) + firstCount * expert.firstError * ordinary;
      const weight = 1 / (all / (predicted + shown + firstCount) + noise);
      return [{ weight, times: prediction.times[part]! * (1 + prediction.shares[part]! * away) }];
    });
    const weights = answers.reduce((sum, { weight }) => sum + weight, 0);
    const mean = answers.reduce((sum, { weight, times }) => sum + weight * times, 0) / weights;
    const most = Math.max(...answers.map(({ weight }) => weight));
    const covered = answers.filter(({ weight }) => weight >= coveredShare * most).map(({ times }) => times);
    return {
      expected: Math.max(leastTimes, 1 + (count / (count + doubt)) * (mean - 1)),
      highest: Math.max(1, ...covered),
    };
  }

  #learnAll(): void {
    this.#saidOf.clear();
    const predictions = this.#occurrences.map((one) => {
      const others = { occurrences: this.#occurrences.filter((other) => other !== one), noise: this.#noise };
      return { one, said: this.#experts.map(({ say }) => say(one.name, others)) };
    });
    this.#records = this.#experts.map((_, k) =>
      predictions.reduce<ExpertRecord>(({ error, count }, { one, said }) => {
        const prediction = said[k];
        return prediction === undefined
          ? { error, count }
          : { error: error + one.errorOf(prediction), count: count + 1 };
      }, noRecord),
    );
    this.#worst.fill(Number.NaN);
    for (let part = 0; part < parts; part++) this.#worst[part] = this.#worstOf(part, predictions);
  }

  /**
   * How many times a prediction for the part may have to be raised so that no past event of the kind, predicted from the others, would
   * have been above it; NaN where the past does not show that demand is lower.
   */
  #worstOf(
    part: number,
    predictions: readonly { readonly one: Occurrence; readonly said: AskedStep['said'] }[],
  ): number {
    let lowered = 0;
    let worst = 1;
    for (const { one, said } of predictions) {
      if (!(one.base[part]! > 0)) continue;
      const away = one.baseAway[part]! / one.base[part]!;
      const { expected } = this.#mixed({ part, own: undefined, away, said });
      if (expected > noLowering) continue;
      const came = one.timesOf(part);
      if (came >= 1 - Math.sqrt(this.#noise[part]!)) return Number.NaN;
      lowered++;
      worst = Math.max(worst, came / expected);
    }
    return lowered >= fewestToLower ? worst : Number.NaN;
  }
}

const noRecord: ExpertRecord = { error: 0, count: 0 };
/** Keeps weights finite before ordinary days have shown how much they vary. */
const leastNoise = 1e-4;

const learned = (say: EventExpert) => ({ say, firstError: firstError.learned });
