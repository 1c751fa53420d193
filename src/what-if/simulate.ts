import type { Demand } from './demand.ts';
import { createKnowledge, type Sight } from './knowledge.ts';
import { blockTicks, type Contest, createLane } from './lane.ts';
import { type Standard, standardOf } from './oracle.ts';
import type { Outcome } from './outcome/tally.ts';
import type { Timeline } from './outcome/timeline.ts';
import type { Scenario } from './scenario.ts';

/** A part of the replay, as shares of its length. */
interface Part {
  readonly from: number;
  readonly to: number;
}

export interface SimulationOptions {
  readonly demand: Demand;
  readonly sight: Sight;
  readonly contests: readonly Contest[];
  /** Share of the replay from which policies scale; before that they only learn. */
  readonly startsAt: number;
  /** Parts that do not overlap. */
  readonly parts: readonly Part[];
  /** Whether the replicas at every tick are kept. */
  readonly hasTimelines: boolean;
}

/** What one setting of one policy did. */
export interface Played {
  /** By part. */
  readonly outcomes: readonly Outcome[];
  readonly timeline: Timeline | undefined;
}

/** A replay on its way. */
export interface Simulation {
  /** Plays up to `ticks` more ticks; false when there are none left. */
  advance(ticks: number): boolean;
  /** The tick that is played next. */
  readonly nextTick: number;
  /** Lets the settings of a contest stop, all but those at some places; what the others did so far stays. */
  keep(contest: number, places: readonly number[]): void;
  /** Share of the ticks that have been played, 0–1. */
  readonly doneShare: number;
  /** What was done so far: `results()[contest][setting]`. */
  results(): readonly (readonly Played[])[];
}

/** Plays all policies on the same demand beside each other to the end; see {@link createSimulation}. */
export function simulate(options: SimulationOptions): readonly (readonly Played[])[] {
  const simulation = createSimulation(options);
  while (simulation.advance(Number.POSITIVE_INFINITY));
  return simulation.results();
}

/** Plays all policies on the same demand beside each other, tick by tick, each with what was known then. */
export function createSimulation(options: SimulationOptions): Simulation {
  const { demand, contests, startsAt, parts } = options;
  const length = demand.ticks.length;
  const firstTick = Math.floor(startsAt * length);
  const spans = parts.map(({ from, to }) => [Math.floor(from * length), Math.floor(to * length)] as const);
  const known = createKnowledge(demand, options.sight);
  const laneOptions = { firstTick, parts: parts.length, hasTimelines: options.hasTimelines };
  // Contests of one scenario share its standard, which has two numbers for each tick.
  const scenarios = new Set(contests.map(({ scenario }) => scenario));
  const standards = new Map(
    [...scenarios].map((one): [Scenario, Standard] => [one, standardOf(demand, one)]),
  );
  const lanes = contests.map((contest) =>
    createLane(contest, demand, known, standards.get(contest.scenario)!, laneOptions),
  );
  const borders = [...spans.flat(), length].sort((a, b) => a - b);
  let next = firstTick;

  /** Plays the ticks from the next on to `end`, which are at most a block and all of one part. */
  function playBlock(end: number): void {
    const part = spans.findIndex(([from, to]) => next >= from && next < to);
    for (; next < end; next++) {
      known.moveTo(next);
      for (const lane of lanes) lane.ask(next);
    }
    for (const lane of lanes) lane.play(part < 0 ? undefined : part);
  }

  return {
    advance(ticks) {
      const end = Math.min(length, next + ticks);
      while (next < end) {
        const border = borders.find((tick) => tick > next) ?? length;
        playBlock(Math.min(end, next + blockTicks, border));
      }
      return next < length;
    },
    get nextTick() {
      return next;
    },
    keep: (contest, places) => lanes[contest]?.keep(places),
    get doneShare() {
      return (next - firstTick) / Math.max(1, length - firstTick);
    },
    results: () =>
      lanes.map(({ players }) =>
        players.map((player) => ({
          outcomes: parts.map((_, part) => player.outcome(part)),
          timeline: player.timeline,
        })),
      ),
  };
}
