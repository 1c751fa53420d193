import { type Demand, tickSeconds } from './demand.ts';
import { createKnowledge, type Sight } from './knowledge.ts';
import { neededReplicas, oracleReplicas } from './oracle.ts';
import { createPlayer, type Player } from './player.ts';
import type { Policy } from './policies/contract.ts';
import type { Scenario } from './scenario.ts';
import { meanStartUp } from './start-up.ts';
import type { Outcome } from './tally.ts';
import type { Timeline } from './timeline.ts';

/** A policy in a scenario, with the settings of its knob that are played beside each other. */
interface Contest {
  readonly policy: Policy;
  readonly scenario: Scenario;
  readonly settings: readonly number[];
}

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
  const lanes = contests.map((contest) => createLane(contest, options, firstTick));
  let next = firstTick;
  return {
    advance(ticks) {
      const end = Math.min(length, next + ticks);
      for (; next < end; next++) {
        known.moveTo(next);
        const part = spans.findIndex(([from, to]) => next >= from && next < to);
        for (const lane of lanes) lane.play(next, known, part < 0 ? undefined : part);
      }
      return next < length;
    },
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

/** One contest on its way: the policy is asked once a tick for all of its settings. */
function createLane(
  { policy, scenario, settings }: Contest,
  { demand, parts, hasTimelines }: SimulationOptions,
  firstTick: number,
) {
  const run = policy.create({ scenario, settings, truth: demand });
  const needed = neededReplicas(demand, scenario);
  const oracle = oracleReplicas(needed, meanStartUp(scenario.startUp));
  const first = needed[firstTick] ?? Number.NaN;
  const initialReplicas = Number.isNaN(first) ? Math.max(1, scenario.minReplicas) : first;
  const one = { scenario, policy, initialReplicas, parts: parts.length, hasTimeline: hasTimelines };
  const players: readonly Player[] = settings.map(() => createPlayer(one));
  const signals = new Float64Array(settings.length);
  const world = { tick: 0, nowSeconds: 0, demand: 0, needed: 0, oracle: 0, isSeen: false };
  const { activationThreshold } = scenario.keda;
  return {
    players,
    play(tick: number, known: ReturnType<typeof createKnowledge>, part: number | undefined): void {
      world.tick = tick;
      world.nowSeconds = demand.firstSeconds + tick * tickSeconds;
      world.demand = demand.ticks[tick]!;
      world.needed = needed[tick]!;
      world.oracle = oracle[tick]!;
      world.isSeen = !Number.isNaN(known.observed);
      run.signals(known, signals);
      const isAboveThreshold = known.observed > activationThreshold;
      for (let i = 0; i < players.length; i++) {
        const isActive = run.isActive?.(i) ?? isAboveThreshold;
        players[i]!.play(world, signals[i]!, isActive, part);
      }
    },
  };
}
