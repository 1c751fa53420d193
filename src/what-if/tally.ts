import { tickSeconds } from './demand.ts';

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

/** Adds up ticks. */
export interface Tally {
  add(state: TickState): void;
  outcome(): Outcome;
}

export function createTally(): Tally {
  const days = createDayTally();
  let [ticks, short, stretch, longest, changes] = [0, 0, 0, 0, 0];
  let [demanded, unserved, shortage, excess, existing, oracle] = [0, 0, 0, 0, 0, 0];

  return {
    add(state) {
      if (state.hasChanged) changes++;
      const { demand, capacity, needed, ready } = state;
      if (Number.isNaN(demand)) {
        stretch = 0;
        return;
      }
      const isShort = demand > capacity;
      ticks++;
      days.add(isShort);
      stretch = isShort ? stretch + 1 : 0;
      if (isShort) {
        short++;
        unserved += demand - capacity;
        if (stretch > longest) longest = stretch;
      }
      demanded += demand;
      existing += state.existing;
      oracle += state.oracle;
      if (ready < needed) shortage += (needed - ready) / needed;
      else if (ready > needed) excess += (ready - needed) / Math.max(1, needed);
    },
    outcome: () => ({
      shortTimeShare: short / ticks,
      unservedShare: demanded === 0 ? 0 : unserved / demanded,
      shortageShare: shortage / ticks,
      excessShare: excess / ticks,
      replicaHours: existing * hoursPerTick,
      oracleReplicaHours: oracle * hoursPerTick,
      changes,
      goodputPerReplica: existing === 0 ? 0 : (demanded - unserved) / existing,
      worstDayShortShare: days.worst(),
      longestShortSeconds: longest * tickSeconds,
      hours: ticks * hoursPerTick,
    }),
  };
}

/** The day with the largest share of short time. */
function createDayTally() {
  let [ticks, short, worst] = [0, 0, 0];
  const close = () => {
    if (ticks >= dayTicks / 2) worst = Math.max(worst, short / ticks);
    ticks = 0;
    short = 0;
  };
  return {
    add(isShort: boolean): void {
      ticks++;
      if (isShort) short++;
      if (ticks === dayTicks) close();
    },
    worst(): number {
      return ticks >= dayTicks / 2 ? Math.max(worst, short / ticks) : worst;
    },
  };
}
