import { tickSeconds } from '../demand.ts';

/** What a policy did in a part of a replay. Time in which demand is missing counts nowhere. */
export interface Outcome {
  /** Share of time in which demand was above what the ready replicas carry (τU), 0–1. */
  readonly shortTimeShare: number;
  /** Demand above what the ready replicas carry ÷ all demand, 0–1. */
  readonly unservedShare: number;
  /** Mean of the replicas that were missing ÷ those that demand needed (θU). */
  readonly shortageShare: number;
  /** Mean of the ready replicas that were too many ÷ those that demand needed (θO). */
  readonly excessShare: number;
  /** Hours of replicas that existed, starting ones too. */
  readonly replicaHours: number;
  /** Replica-hours of the oracle that knows all demand and the start-up. */
  readonly oracleReplicaHours: number;
  /** Number of times the replica count was changed. */
  readonly changes: number;
  /** Mean demand that was served ÷ mean number of replicas that existed. */
  readonly goodputPerReplica: number;
  /** Share of short time on the worst day (24 hours from the start of the part; days with less than half of their data aside). */
  readonly worstDayShortShare: number;
  readonly longestShortSeconds: number;
  /** Time that counted. */
  readonly hours: number;
}

/** What one tick looked like. */
export interface TickState {
  /** Demand, and the replicas that it needs and that the oracle has. */
  demand: number;
  needed: number;
  oracle: number;
  /** Replicas that serve, and that exist. */
  ready: number;
  existing: number;
  /** What the ready replicas carry. */
  capacity: number;
  hasChanged: boolean;
}

const dayTicks = 86_400 / tickSeconds;
const hoursPerTick = tickSeconds / 3600;

/** Adds up ticks. A class, because the engine keeps its numbers in place, where a closure would make a new one for every sum. */
export class Tally {
  readonly #days = new DayTally();
  #ticks = 0;
  #short = 0;
  #stretch = 0;
  #longest = 0;
  #changes = 0;
  #demanded = 0;
  #unserved = 0;
  #shortage = 0;
  #excess = 0;
  #existing = 0;
  #oracle = 0;

  add(state: TickState): void {
    if (state.hasChanged) this.#changes++;
    const { demand, capacity, needed, ready } = state;
    if (Number.isNaN(demand)) {
      this.#stretch = 0;
      return;
    }
    const isShort = demand > capacity;
    this.#ticks++;
    this.#days.add(isShort);
    this.#stretch = isShort ? this.#stretch + 1 : 0;
    if (isShort) {
      this.#short++;
      this.#unserved += demand - capacity;
      this.#longest = Math.max(this.#longest, this.#stretch);
    }
    this.#demanded += demand;
    this.#existing += state.existing;
    this.#oracle += state.oracle;
    if (ready < needed) this.#shortage += (needed - ready) / needed;
    else if (ready > needed) this.#excess += (ready - needed) / Math.max(1, needed);
  }

  outcome(): Outcome {
    const ticks = this.#ticks;
    return {
      shortTimeShare: this.#short / ticks,
      unservedShare: this.#demanded === 0 ? 0 : this.#unserved / this.#demanded,
      shortageShare: this.#shortage / ticks,
      excessShare: this.#excess / ticks,
      replicaHours: this.#existing * hoursPerTick,
      oracleReplicaHours: this.#oracle * hoursPerTick,
      changes: this.#changes,
      goodputPerReplica: this.#existing === 0 ? 0 : (this.#demanded - this.#unserved) / this.#existing,
      worstDayShortShare: this.#days.worst(),
      longestShortSeconds: this.#longest * tickSeconds,
      hours: ticks * hoursPerTick,
    };
  }
}

/** The day with the largest share of short time. */
class DayTally {
  #ticks = 0;
  #short = 0;
  #worst = 0;

  add(isShort: boolean): void {
    this.#ticks++;
    if (isShort) this.#short++;
    if (this.#ticks < dayTicks) return;
    this.#worst = this.worst();
    this.#ticks = 0;
    this.#short = 0;
  }

  worst(): number {
    return this.#ticks >= dayTicks / 2 ? Math.max(this.#worst, this.#short / this.#ticks) : this.#worst;
  }
}
